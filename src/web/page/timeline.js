// @ts-check
/// <reference lib="dom" />
/** What each worker did last: a lane for each, and how long each layer took. */
import { color, element, onTheme, onWidth, sharp } from "./paint.js";

/**
 * @typedef {{ part: string, name: string, layer: number }} Op
 * @typedef {{ ops: Op[], workers: number[][] }} Spans
 */

/** Numbers of a span: op, begin, end, step. */
const FIELDS = 4;

const [LANE, GAP, AXIS, LEFT] = [26, 6, 22, 26];

/** Batches that are shown first. */
const SHOWN_STEPS = 3;

/** Ops that are named below the lanes: those that took longest. */
const MOST_NAMED = 10;

/**
 * Colors of the style sheet, of what is no op.
 * @type {Record<string, string>}
 */
const TONES = { barrier: "wait", other: "rest" };

/** Pixels of a bar that may have room for a name. */
const LABELED = 30;

const PARTS = ["forward", "backward", "update", "cost", "error", "gather"];

/**
 * What people call an op.
 * @param {Op} op
 */
export function nameOf({ part, name, layer }) {
  if (part === "barrier") return "wait for others";
  if (part === "other") return "between ops";
  const of = layer > 0 ? ` of layer ${layer}` : "";
  return `${part}: ${name}${of}`;
}

/**
 * Its color: a hue for each layer, and for each part a lightness.
 * @param {Op} op
 */
export function colorOf({ part, layer }) {
  if (part in TONES) return color(TONES[part]);
  // The golden angle: neighbors differ.
  const hue = (80 + 137.5 * layer) % 360;
  const light = { forward: 62, backward: 46, update: 74 }[part] ?? 55;
  return `hsl(${hue} ${part === "gather" ? 15 : 58}% ${light}%)`;
}

/**
 * Writes the name of an op on its bar, if there is room.
 * @param {CanvasRenderingContext2D} context It has the bar's color.
 * @param {Op} op
 * @param {{ x: number, y: number, wide: number }} bar
 */
function label(context, { part, name, layer }, { x, y, wide }) {
  if (wide < LABELED || part in TONES) return;
  const text = layer > 0 ? `${name} ${layer}` : name;
  if (context.measureText(text).width > wide - 8) return;
  const rgb = Number.parseInt(String(context.fillStyle).slice(1), 16);
  // As bright as eyes find it: green more than red, and that more than blue.
  const light = 0.3 * (rgb >> 16) + 0.59 * (rgb >> 8 & 255) +
    0.11 * (rgb & 255);
  context.fillStyle = light > 130 ? "#10131a" : "#ffffff";
  context.fillText(text, x + 4, y);
}

/** The lanes of the workers. */
export class Timeline {
  /** @param {HTMLElement} place */
  constructor(place) {
    /** @type {Spans | undefined} */
    this.spans = undefined;
    this.held = false;
    /** @type {[number, number]} */
    this.view = [0, 1];
    this.width = 0;
    this.canvas = element("canvas", { tabindex: "0", role: "img" });
    this.canvas.setAttribute("aria-label", "Nothing yet");
    this.tip = element("div", { class: "tip", hidden: "" });
    this.legend = element("ul", { class: "legend" });
    const lanes = element("div", { class: "lanes" }, this.canvas, this.tip);
    /** @type {(text: string, act: () => void, label?: string) => HTMLButtonElement} */
    const button = (text, act, label = text) => {
      const made = element("button", {
        type: "button",
        class: "small",
        "aria-label": label,
      }, text);
      made.addEventListener("click", act);
      return made;
    };
    this.hold = button("Hold", () => this.setHeld(!this.held));
    this.hold.setAttribute("aria-pressed", "false");
    const tools = element(
      "div",
      { class: "tools" },
      this.hold,
      button("+", () => this.zoom(0.5), "Zoom in"),
      button("−", () => this.zoom(2), "Zoom out"),
      button("←", () => this.move(-0.5), "Earlier"),
      button("→", () => this.move(0.5), "Later"),
    );
    this.note = element("p", { class: "note" });
    place.append(tools, lanes, this.legend, this.note);
    onWidth(lanes, (width) => {
      this.width = width;
      this.paint();
    });
    onTheme(() => this.paint());
    this.listen();
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("keydown", (event) => {
      /** @type {Record<string, () => void>} */
      const keys = {
        "+": () => this.zoom(0.5),
        "=": () => this.zoom(0.5),
        "-": () => this.zoom(2),
        ArrowLeft: () => this.move(-0.25),
        ArrowRight: () => this.move(0.25),
      };
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.shiftKey) return;
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.timeAt(event.offsetX));
    }, { passive: false });
    /** @type {number | undefined} */
    let from;
    canvas.addEventListener(
      "pointerdown",
      ({ offsetX, offsetY, pointerId }) => {
        from = offsetX;
        canvas.setPointerCapture(pointerId);
        // A finger has no other way to point.
        this.point({ offsetX, offsetY });
      },
    );
    canvas.addEventListener("pointerup", () => from = undefined);
    canvas.addEventListener("pointermove", (event) => {
      if (from === undefined) return this.point(event);
      this.move((from - event.offsetX) / (this.width - LEFT));
      from = event.offsetX;
    });
    canvas.addEventListener("pointerleave", () => this.tip.hidden = true);
  }

  /** @param {Spans} spans */
  show(spans) {
    if (this.held) return;
    this.spans = spans;
    const ends = spans.workers.map((worker) => worker.at(-2) ?? 0);
    const end = Math.max(...ends);
    const [lane] = spans.workers;
    const last = lane.at(-1) ?? 0;
    let begin = lane[1];
    for (let at = lane.length - FIELDS; at >= 0; at -= FIELDS) {
      if (lane[at + 3] <= last - SHOWN_STEPS) break;
      begin = lane[at + 1];
    }
    this.view = [begin, Math.max(end, begin + 1)];
    this.paint();
  }

  /** @param {boolean} held */
  setHeld(held) {
    this.held = held;
    this.hold.setAttribute("aria-pressed", String(held));
    this.hold.textContent = held ? "Go on" : "Hold";
    this.hold.setAttribute("aria-label", held ? "Go on" : "Hold");
  }

  /** @param {number} x */
  timeAt(x) {
    const [from, to] = this.view;
    return from + (to - from) * (x - LEFT) / (this.width - LEFT);
  }

  /**
   * @param {number} factor
   * @param {number} [around]
   */
  zoom(factor, around) {
    this.setHeld(true);
    const [from, to] = this.view;
    const center = around ?? (from + to) / 2;
    this.view = [
      center - (center - from) * factor,
      center + (to - center) * factor,
    ];
    this.paint();
  }

  /** @param {number} fraction */
  move(fraction) {
    this.setHeld(true);
    const [from, to] = this.view;
    const by = fraction * (to - from);
    this.view = [from + by, to + by];
    this.paint();
  }

  /** @param {{ offsetX: number, offsetY: number }} event */
  point({ offsetX, offsetY }) {
    const lane = this.spans?.workers[Math.floor(offsetY / (LANE + GAP))];
    const time = this.timeAt(offsetX);
    this.tip.hidden = true;
    if (lane === undefined) return;
    for (let at = 0; at < lane.length; at += FIELDS) {
      if (lane[at + 1] > time || lane[at + 2] < time) continue;
      const op = /** @type {Spans} */ (this.spans).ops[lane[at]];
      const milliseconds = (lane[at + 2] - lane[at + 1]) / 1000;
      this.tip.textContent = `${nameOf(op)}, ${milliseconds} ms, batch ${
        lane[at + 3]
      }`;
      this.tip.hidden = false;
      const right = this.width - this.tip.offsetWidth;
      this.tip.style.left = `${Math.max(0, Math.min(offsetX + 8, right))}px`;
      this.tip.style.top = `${offsetY + 14}px`;
      return;
    }
  }

  paint() {
    const { spans, width, view: [from, to] } = this;
    if (spans === undefined || width === 0) return;
    const height = spans.workers.length * (LANE + GAP) + AXIS;
    this.canvas.style.height = `${height}px`;
    const context = sharp(this.canvas, width, height);
    const scale = (width - LEFT) / (to - from);
    const colors = spans.ops.map(colorOf);
    const times = spans.ops.map(() => 0);
    context.font = "11px system-ui, sans-serif";
    for (const [worker, lane] of spans.workers.entries()) {
      const top = worker * (LANE + GAP);
      context.fillStyle = color("soft");
      context.fillText(String(worker), 4, top + LANE / 2 + 4);
      context.save();
      context.beginPath();
      context.rect(LEFT, top, width - LEFT, LANE);
      context.clip();
      for (let at = 0; at < lane.length; at += FIELDS) {
        const [op, begin, end] = [lane[at], lane[at + 1], lane[at + 2]];
        if (end < from || begin > to) continue;
        times[op] += Math.min(end, to) - Math.max(begin, from);
        const x = LEFT + (begin - from) * scale;
        const wide = Math.max((end - begin) * scale, 0.5);
        const waits = spans.ops[op].part === "barrier";
        context.fillStyle = colors[op];
        const inset = waits ? LANE / 3 : 0;
        context.fillRect(x, top + inset, wide, LANE - 2 * inset);
        label(context, spans.ops[op], { x, y: top + LANE / 2 + 4, wide });
      }
      context.restore();
    }
    this.paintAxis(context, height, scale);
    this.tell(times, colors);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} height
   * @param {number} scale Pixels of a microsecond.
   */
  paintAxis(context, height, scale) {
    const [from, to] = this.view;
    const rough = 90 / scale;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * power)
      .find((n) => n >= rough) ?? rough;
    context.fillStyle = color("soft");
    context.strokeStyle = color("grid");
    for (let at = 0; at <= to - from; at += step) {
      const x = LEFT + at * scale;
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, height - AXIS + 4);
      context.stroke();
      if (x < this.width - 50) {
        const text = `${Number((at / 1000).toPrecision(6))} ms`;
        context.fillText(text, x + 2, height - 6);
      }
    }
  }

  /**
   * @param {number[]} times
   * @param {string[]} colors
   */
  tell(times, colors) {
    const { spans } = this;
    if (spans === undefined) return;
    const all = times.reduce((sum, time) => sum + time, 0) || 1;
    const order = [...times.keys()].filter((op) => times[op] > 0)
      .sort((one, other) => times[other] - times[one]);
    const more = order.splice(MOST_NAMED);
    const others = more.reduce((sum, op) => sum + times[op], 0);
    this.legend.replaceChildren(...order.map((op) => {
      const swatch = element("span", { class: "swatch" });
      swatch.style.background = colors[op];
      const percent = (100 * times[op] / all).toFixed(1);
      return element(
        "li",
        {},
        swatch,
        `${nameOf(spans.ops[op])} ${percent} %`,
      );
    }));
    if (more.length > 0) {
      const percent = (100 * others / all).toFixed(1);
      this.legend.append(
        element("li", {}, `${more.length} others ${percent} %`),
      );
    }
    const waits = spans.ops.findIndex(({ part }) => part === "barrier");
    const percent = waits < 0 ? 0 : 100 * times[waits] / all;
    const count = spans.workers.length;
    const text = count === 1
      ? "1 worker, which waits for no other"
      : `${count} workers, which wait for each other ${
        percent.toFixed(1)
      } % of the time shown`;
    this.note.textContent = text;
    const first = order[0];
    this.canvas.setAttribute(
      "aria-label",
      `${text}; longest: ${
        first === undefined ? "nothing" : nameOf(spans.ops[first])
      }`,
    );
  }
}

/**
 * Shows how long each layer took in a batch, as the mean of a worker.
 * @param {HTMLElement} place
 * @param {Spans} spans
 */
export function showTimes(place, spans) {
  /** @type {Map<number, Map<string, number>>} */
  const layers = new Map();
  const steps = new Set();
  for (const lane of spans.workers) {
    for (let at = 0; at < lane.length; at += FIELDS) {
      const op = spans.ops[lane[at]];
      steps.add(lane[at + 3]);
      const row = op.part === "barrier"
        ? -1
        : op.part === "other"
        ? -2
        : op.layer;
      const parts = layers.get(row) ?? new Map();
      layers.set(row, parts);
      const time = lane[at + 2] - lane[at + 1];
      parts.set(op.part, (parts.get(op.part) ?? 0) + time);
    }
  }
  const count = 1000 * Math.max(1, steps.size) * spans.workers.length;
  const rows = [...layers].sort(([one], [other]) =>
    (one < 0 ? 1e6 - one : one) - (other < 0 ? 1e6 - other : other)
  ).map(([layer, parts]) => ({
    layer,
    parts: [...parts].sort(([one], [other]) =>
      PARTS.indexOf(one) - PARTS.indexOf(other)
    ),
    sum: [...parts.values()].reduce((sum, time) => sum + time, 0) / count,
  }));
  const most = Math.max(...rows.map(({ sum }) => sum));
  const body = element("tbody");
  for (const { layer, parts, sum } of rows) {
    const bar = element("div", { class: "bar", "aria-hidden": "true" });
    for (const [part, time] of parts) {
      const piece = element("span", { title: part });
      piece.style.background = part in TONES
        ? `var(--${TONES[part]})`
        : colorOf({ part, layer, name: "" });
      piece.style.width = `${100 * time / count / most}%`;
      bar.append(piece);
    }
    const title = layer === -1
      ? "waits"
      : layer === -2
      ? "between ops"
      : layer === 0
      ? "batch"
      : `layer ${layer}`;
    body.append(element(
      "tr",
      {},
      element("th", { scope: "row" }, title),
      element("td", {}, bar),
      element("td", {}, `${sum.toFixed(3)} ms`),
    ));
  }
  const parts = [...new Set(spans.ops.map(({ part }) => part))]
    .filter((part) => PARTS.includes(part))
    .sort((one, other) => PARTS.indexOf(one) - PARTS.indexOf(other));
  const legend = element(
    "ul",
    { class: "legend" },
    ...parts.map((part) => {
      const swatch = element("span", { class: "swatch" });
      swatch.style.background = colorOf({ part, layer: 1, name: "" });
      return element("li", {}, swatch, part);
    }),
  );
  place.replaceChildren(
    element("table", { class: "bars" }, body),
    legend,
    element(
      "p",
      { class: "note" },
      "Milliseconds of a batch, the mean of the workers",
    ),
  );
}
