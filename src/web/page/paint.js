// @ts-check
/// <reference lib="dom" />
/** What all that is painted has in common: colors of the theme, and sharp pixels. */

/**
 * A color of the style sheet.
 * @param {string} name
 */
export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(
    `--${name}`,
  ).trim();
}

/**
 * Calls back when the theme changes.
 * @param {() => void} paint
 */
export function onTheme(paint) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

/**
 * Calls back with the width of an element, now and whenever it changes.
 * @param {Element} element
 * @param {(width: number) => void} paint
 */
export function onWidth(element, paint) {
  let before = 0;
  new ResizeObserver(([{ contentRect: { width } }]) => {
    if (width === before || width === 0) return;
    before = width;
    paint(width);
  }).observe(element);
}

/**
 * Makes a canvas as sharp as the screen, and returns what paints on it in its own pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function sharp(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d")
  );
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * An element with text and attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/**
 * The element of an id.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * A number, short.
 * @param {number | null | undefined} value
 */
export function short(value) {
  if (value === undefined || value === null) return "–";
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
}

/**
 * The number that a field has; nothing of what is none, which is for the server to refuse: an empty one is not 0.
 * @param {string} text
 */
export function numberOf(text) {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? null : value;
}
