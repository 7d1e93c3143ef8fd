// @ts-check
/// <reference lib="dom" />
/** Curves with zoom: by the mouse, or by the keys + - ← → 0 while a chart has the focus. */
// @ts-ignore: it comes from the server of the page.
import uPlot from "/uplot.js";
import { color, element, onTheme, onWidth, short } from "./paint.js";

const HEIGHT = 200;

/** Between marks of epochs and batches, which have no fractions. */
const STEPS = Array.from(
  { length: 9 },
  (_, power) => [1, 2, 5].map((n) => n * 10 ** power),
).flat();

/** A chart of some curves over one axis. */
export class Chart {
  /**
   * @param {HTMLElement} place
   * @param {{ x: string, curves: { label: string, color: string }[], what: string }} options
   */
  constructor(place, options) {
    this.place = place;
    this.options = options;
    /** @type {(number | null)[][]} */
    this.data = [[], ...options.curves.map(() => [])];
    /** @type {any} */
    this.plot = undefined;
    this.zoomed = false;
    this.width = 0;
    this.reset = element(
      "button",
      { type: "button", class: "small reset", hidden: "" },
      "Reset zoom",
    );
    this.reset.addEventListener("click", () => this.showAll());
    this.holder = element("div", {
      tabindex: "0",
      role: "group",
      "aria-label":
        `${options.what}. Keys: plus and minus zoom, arrows move, 0 shows all`,
    });
    place.append(this.reset, this.holder);
    this.holder.addEventListener("keydown", (event) => this.onKey(event));
    onTheme(() => this.make());
    onWidth(place, (width) => {
      this.width = width;
      if (this.plot) this.plot.setSize({ width, height: HEIGHT });
      else this.make();
    });
  }

  /** @param {(number | null)[][]} data The axis, then the curves. */
  show(data) {
    this.data = data;
    this.plot?.setData(data, !this.zoomed);
    this.describe();
  }

  /** Beside the names are the last values, unless the mouse shows others. */
  showLast() {
    const last = this.data[0].length - 1;
    if (last >= 0 && this.plot?.cursor.idx == null) {
      this.plot?.setLegend({ idx: last }, false);
    }
  }

  describe() {
    this.showLast();
    const { what, curves, x } = this.options;
    const last = this.data[0].length - 1;
    const text = last < 0 ? "nothing yet" : curves.map(({ label }, at) => {
      const value = this.data[at + 1][last];
      return `${label} ${short(value)}`;
    }).join(", ") + ` at ${x} ${this.data[0][last]}`;
    const canvas = this.holder.querySelector("canvas");
    canvas?.setAttribute("role", "img");
    canvas?.setAttribute("aria-label", `${what}: ${text}`);
  }

  make() {
    if (this.width === 0) return;
    this.plot?.destroy();
    const axis = {
      stroke: color("soft"),
      grid: { stroke: color("grid"), width: 1 },
      ticks: { stroke: color("grid"), width: 1 },
    };
    this.plot = new uPlot(
      {
        width: this.width,
        height: HEIGHT,
        scales: { x: { time: false } },
        cursor: { drag: { x: true, y: false } },
        axes: [
          { ...axis, size: 34, incrs: STEPS },
          {
            ...axis,
            size: 56,
            values: (/** @type {any} */ _, /** @type {number[]} */ all) =>
              all.map(short),
          },
        ],
        series: [
          { label: this.options.x },
          ...this.options.curves.map(({ label, color: name }) => ({
            label,
            stroke: color(name),
            width: 1.75,
            spanGaps: true,
            points: {
              show: this.data[0].length === 1 ? true : undefined,
              size: 5,
            },
            value: (/** @type {any} */ _, /** @type {number} */ value) =>
              short(value),
          })),
        ],
        hooks: {
          setSelect: [(/** @type {any} */ plot) => {
            if (plot.select.width > 0) this.setZoomed(true);
          }],
          ready: [(/** @type {any} */ plot) => {
            plot.over.addEventListener("dblclick", () => this.showAll());
            plot.over.addEventListener(
              "mouseleave",
              () => setTimeout(() => this.showLast()),
            );
          }],
        },
      },
      this.data,
      this.holder,
    );
    this.zoomed = false;
    this.reset.hidden = true;
    this.describe();
    // A new chart clears its legend in a microtask.
    queueMicrotask(() => this.showLast());
  }

  /** @param {boolean} zoomed */
  setZoomed(zoomed) {
    this.zoomed = zoomed;
    this.reset.hidden = !zoomed;
  }

  showAll() {
    this.setZoomed(false);
    this.plot?.setData(this.data, true);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const x = this.plot?.scales.x;
    if (!x || x.min == null || event.ctrlKey || event.metaKey) return;
    const [middle, half] = [(x.min + x.max) / 2, (x.max - x.min) / 2];
    /** @type {Record<string, () => [number, number]>} */
    const moves = {
      "+": () => [middle - half / 2, middle + half / 2],
      "=": () => [middle - half / 2, middle + half / 2],
      "-": () => [middle - half * 2, middle + half * 2],
      ArrowLeft: () => [x.min - half / 2, x.max - half / 2],
      ArrowRight: () => [x.min + half / 2, x.max + half / 2],
    };
    if (event.key === "0" || event.key === "Escape") this.showAll();
    else if (moves[event.key]) {
      const [min, max] = moves[event.key]();
      this.setZoomed(true);
      this.plot.setScale("x", { min, max });
    } else return;
    event.preventDefault();
  }
}
