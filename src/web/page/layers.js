// @ts-check
/// <reference lib="dom" />
/** How the values of each layer are spread, and what the first layer looks at. */
import { color, element, onTheme, onWidth, sharp, short } from "./paint.js";

/**
 * @typedef {{ least: number, greatest: number, counts: number[] }} Histogram
 * @typedef {Partial<Record<"weights" | "gradients" | "activations", Histogram>> & { dead?: number, saturated?: number }} Layer
 * @typedef {{ width: number, height: number, tile: number[], pixels: string }} Images
 */

/** @type {("weights" | "gradients" | "activations")[]} */
const KINDS = ["weights", "gradients", "activations"];

/** Histograms of all layers. */
export class LayerValues {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    /** @type {Layer[]} */
    this.layers = [];
    onTheme(() => this.paint());
    onWidth(place, () => this.paint());
  }

  /** @param {Layer[]} layers */
  show(layers) {
    this.layers = layers;
    if (this.place.querySelectorAll("h3").length !== layers.length) {
      this.place.replaceChildren(...layers.map((_, n) => this.makeLayer(n)));
    }
    this.paint();
  }

  /** @param {number} n */
  makeLayer(n) {
    const figures = KINDS.map((kind) =>
      element(
        "figure",
        { "data-kind": kind },
        element("canvas", { role: "img" }),
        element("figcaption"),
      )
    );
    return element(
      "div",
      {},
      element("h3", {}, `Layer ${n + 1} `, element("span", { class: "note" })),
      element("div", { class: "layer-values" }, ...figures),
    );
  }

  paint() {
    for (const [n, layer] of this.layers.entries()) {
      const row = this.place.children[n];
      const note = /** @type {HTMLElement} */ (row.querySelector("h3 span"));
      note.textContent = idleText(layer);
      for (const kind of KINDS) {
        const figure = /** @type {HTMLElement} */ (
          row.querySelector(`[data-kind=${kind}]`)
        );
        const found = layer[kind];
        figure.hidden = found === undefined;
        if (found !== undefined) paintHistogram(figure, kind, found);
      }
    }
  }
}

/** @param {Layer} layer */
function idleText({ dead, saturated }) {
  if (dead === undefined) return "";
  const percent = (/** @type {number} */ value) =>
    `${Number((100 * value).toFixed(1))} %`;
  const ends = saturated === undefined
    ? ""
    : `, saturated ${percent(saturated)}`;
  return `dead ${percent(dead)}${ends}`;
}

/**
 * @param {HTMLElement} figure
 * @param {string} kind
 * @param {Histogram} histogram
 */
function paintHistogram(figure, kind, { least, greatest, counts }) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    figure.querySelector("canvas")
  );
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0) return;
  const context = sharp(canvas, width, height);
  const most = Math.max(...counts);
  const step = width / counts.length;
  context.fillStyle = color(kind === "gradients" ? "second" : "first");
  for (const [at, count] of counts.entries()) {
    const high = count === 0 ? 0 : Math.max(1, (height - 2) * count / most);
    context.fillRect(
      at * step,
      height - 1 - high,
      Math.max(step - 1, 0.5),
      high,
    );
  }
  context.fillStyle = color("line");
  context.fillRect(0, height - 1, width, 1);
  const text = `${kind}: ${short(least)} to ${short(greatest)}`;
  canvas.setAttribute("aria-label", text);
  const caption =
    /** @type {HTMLElement} */ (figure.querySelector("figcaption"));
  caption.textContent = text;
}

/**
 * @param {HTMLElement} place
 * @param {Images} images
 */
export function showImages(place, { width, height, tile, pixels }) {
  const canvas = place.querySelector("canvas") ??
    element("canvas", { role: "img" });
  if (!canvas.isConnected) {
    place.append(
      canvas,
      element(
        "p",
        { class: "note" },
        "The weights of the first nodes: gray is 0, white is above it, black below",
      ),
    );
  }
  canvas.width = width;
  canvas.height = height;
  canvas.setAttribute(
    "aria-label",
    `Weights of the nodes of layer 1 as images of ${tile.join(" × ")} pixels`,
  );
  const gray = Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0));
  const all = new Uint8ClampedArray(4 * gray.length);
  for (const [at, value] of gray.entries()) {
    all.fill(value, 4 * at, 4 * at + 3);
    all[4 * at + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(new ImageData(all, width), 0, 0);
}
