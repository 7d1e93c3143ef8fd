// @ts-check
/// <reference lib="dom" />
/** A pad to draw on, by a pointer or by keys, and the pixels that a network gets of it. */
import { element, sharp } from "./paint.js";

/** Pixels of the pad, and what a key moves the pen by. */
const [SIDE, MOVE] = [224, 8];

/** In MNIST, digits fill 20 of 28 pixels, and their lines are about 2.4 wide. */
const [FILLED, LINE] = [20 / 28, 2.4 / 28];

/** @typedef {[number, number][]} Stroke */

export class Pad {
  /**
   * @param {{ width: number, height: number }} size
   * @param {(pixels: number[] | undefined) => void} changed Gets nothing where nothing is drawn.
   */
  constructor(size, changed) {
    this.size = size;
    this.changed = changed;
    /** @type {Stroke[]} */
    this.strokes = [];
    /** @type {[number, number]} */
    this.pen = [SIDE / 2, SIDE / 4];
    this.down = false;
    this.canvas = element("canvas", {
      class: "pad",
      tabindex: "0",
      role: "application",
      "aria-label":
        "Draw here. Keys: arrows move the pen, space puts it down and up, Delete clears",
    });
    this.seen = element("canvas", {
      role: "img",
      "aria-label": "What the network gets",
    });
    const clear = element("button", { type: "button" }, "Clear");
    clear.addEventListener("click", () => this.clear());
    this.element = element(
      "div",
      { class: "drawing" },
      this.canvas,
      element("div", { class: "seen" }, clear, this.seen),
      element(
        "p",
        { class: "note" },
        "Draw with the mouse or a finger, or with arrows and space",
      ),
    );
    this.listen();
    this.paint();
    this.pixels();
  }

  listen() {
    const { canvas } = this;
    const place = (/** @type {PointerEvent} */ event) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      return /** @type {[number, number]} */ ([
        (event.clientX - left) * SIDE / width,
        (event.clientY - top) * SIDE / height,
      ]);
    };
    let drawing = false;
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      this.strokes.push([place(event)]);
      this.draw();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      for (const one of event.getCoalescedEvents?.() ?? [event]) {
        this.strokes.at(-1)?.push(place(one));
      }
      this.draw();
    });
    const end = () => drawing = false;
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("keydown", (event) => this.onKey(event));
    canvas.addEventListener("focus", () => this.paint());
    canvas.addEventListener("blur", () => this.paint());
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowLeft: [-MOVE, 0],
      ArrowRight: [MOVE, 0],
      ArrowUp: [0, -MOVE],
      ArrowDown: [0, MOVE],
    };
    const move = moves[event.key];
    if (move) {
      const within = (/** @type {number} */ at) =>
        Math.min(SIDE - 8, Math.max(8, at));
      this.pen = [within(this.pen[0] + move[0]), within(this.pen[1] + move[1])];
      if (this.down) this.strokes.at(-1)?.push(this.pen);
    } else if (event.key === " ") {
      this.down = !this.down;
      if (this.down) this.strokes.push([this.pen]);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.clear();
    } else return;
    event.preventDefault();
    this.draw();
  }

  clear() {
    this.strokes = [];
    this.down = false;
    this.draw();
  }

  draw() {
    this.paint();
    this.changed(this.pixels());
  }

  paint() {
    const context = sharp(this.canvas, SIDE, SIDE);
    context.fillStyle = "#000";
    context.fillRect(0, 0, SIDE, SIDE);
    paintStrokes(context, this.strokes, 18);
    if (this.canvas.matches(":focus-visible")) {
      context.strokeStyle = this.down ? "#ff9d94" : "#8ab0ff";
      context.lineWidth = 2;
      context.beginPath();
      context.arc(this.pen[0], this.pen[1], 8, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  /** From 0 to 1, row after row: as large as in MNIST, and its center of mass in the middle. */
  pixels() {
    const { width, height } = this.size;
    this.seen.width = width;
    this.seen.height = height;
    const context = this.seen.getContext("2d", { willReadFrequently: true });
    const points = this.strokes.flat();
    if (!context) return undefined;
    context.fillRect(0, 0, width, height);
    if (points.length === 0) return undefined;
    const least = [0, 1].map((axis) =>
      Math.min(...points.map((point) => point[axis]))
    );
    const most = [0, 1].map((axis) =>
      Math.max(...points.map((point) => point[axis]))
    );
    const side = Math.min(width, height);
    // A dot stays one.
    const extent = Math.max(most[0] - least[0], most[1] - least[1], SIDE / 6);
    // The line has half its width beyond the points.
    const scale = side * (FILLED - LINE) / extent;
    const middle = [0, 1].map((axis) => (least[axis] + most[axis]) / 2);
    let [x, y] = [width / 2, height / 2];
    for (const isLast of [false, true]) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = "#000";
      context.fillRect(0, 0, width, height);
      context.setTransform(
        ...[scale, 0, 0, scale], /** @satisfies {number[]} */
        x - scale * middle[0],
        y - scale * middle[1],
      );
      paintStrokes(context, this.strokes, side * LINE / scale);
      const { data } = context.getImageData(0, 0, width, height);
      const found = Array.from(
        { length: width * height },
        (_, at) => data[4 * at] / 255,
      );
      if (isLast) return found;
      const mass = found.reduce((sum, value) => sum + value, 0) || 1;
      const center = [0, 0];
      for (const [at, value] of found.entries()) {
        center[0] += value * (at % width + 0.5) / mass;
        center[1] += value * (Math.floor(at / width) + 0.5) / mass;
      }
      x += width / 2 - center[0];
      y += height / 2 - center[1];
    }
    return undefined;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke[]} strokes
 * @param {number} width
 */
function paintStrokes(context, strokes, width) {
  context.strokeStyle = "#fff";
  context.lineWidth = width;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) {
    context.beginPath();
    context.moveTo(...stroke[0]);
    for (const point of stroke) context.lineTo(...point);
    context.stroke();
  }
}
