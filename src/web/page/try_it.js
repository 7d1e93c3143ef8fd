// @ts-check
/// <reference lib="dom" />
/** What somebody draws or writes, and the network's answer beside it. */
import { Pad } from "./digit.js";
import { makeForm } from "./form.js";
import { element, short } from "./paint.js";

/** Classes that are shown: those that are most probable. */
const MOST_SHOWN = 12;

export class TryIt {
  /**
   * @param {HTMLElement} place
   * @param {any} asked
   * @param {(body: object) => Promise<any>} predict
   */
  constructor(place, asked, predict) {
    this.predict = predict;
    /** @type {object | undefined} */
    this.body = undefined;
    this.busy = false;
    this.again = false;
    this.output = element("output", { "aria-live": "polite" }, "–");
    this.bars = element("tbody");
    this.error = element("p", { class: "error", hidden: "" });
    const answer = element(
      "div",
      { class: "answer" },
      this.output,
      element("table", { class: "bars" }, this.bars),
      this.error,
    );
    this.element = element("div", { class: "two" });
    if (asked.kind === "image") {
      const pad = new Pad(asked.size, (pixels) => {
        this.ask(pixels === undefined ? undefined : { pixels });
      });
      this.element.append(pad.element, answer);
    } else if (asked.kind === "form") {
      this.element.classList.add("form");
      const form = makeForm(asked.fields, (row) => this.ask({ row }));
      this.element.append(form, answer);
    } else {
      this.element.append(element(
        "p",
        { class: "note" },
        `A form would be too long: the network has ${asked.inputs} inputs`,
      ));
    }
    place.querySelector(".two")?.remove();
    place.append(this.element);
  }

  /** Asks again, as the network has learned meanwhile. */
  refresh() {
    if (this.body !== undefined) this.ask(this.body);
  }

  /** @param {object | undefined} body */
  async ask(body) {
    this.body = body;
    if (body === undefined) {
      this.output.textContent = "–";
      this.bars.replaceChildren();
      return;
    }
    // One question at a time, and then the newest.
    this.again = this.busy;
    if (this.busy) return;
    this.busy = true;
    try {
      const found = await this.predict(body);
      this.error.hidden = true;
      if (this.body !== undefined) this.show(found);
    } catch (error) {
      this.error.hidden = false;
      this.error.textContent = /** @type {Error} */ (error).message;
      this.output.textContent = "–";
      this.bars.replaceChildren();
    } finally {
      this.busy = false;
      if (this.again) {
        this.again = false;
        this.ask(this.body);
      }
    }
  }

  /** @param {any} found */
  show(found) {
    if (found.task === "numbers") {
      const all = Object.entries(found.values);
      this.setOutput(
        all.map(([name, value]) =>
          all.length === 1 ? short(value) : `${name} ${short(value)}`
        ).join(", "),
      );
      this.bars.replaceChildren(...all.map(([name, value]) => {
        const [low, high] = found.intervals?.[name] ?? [];
        const range = low === undefined
          ? ""
          : `${short(low)} to ${short(high)}`;
        return element(
          "tr",
          {},
          element("th", { scope: "row" }, name),
          element("td", {}, range),
          element("td", {}, short(value)),
        );
      }));
      return;
    }
    this.setOutput(
      found.task === "classes"
        ? found.label
        : found.labels.join(", ") || "none",
    );
    const all = Object.entries(found.probabilities);
    const shown = all.length <= MOST_SHOWN ? all : all
      .sort(([, one], [, other]) => other - one).slice(0, MOST_SHOWN);
    this.bars.replaceChildren(...shown.map(([name, value]) => {
      const piece = element("span");
      piece.style.width = `${100 * value}%`;
      piece.style.background = "var(--accent)";
      return element(
        "tr",
        {},
        element("th", { scope: "row" }, name),
        element(
          "td",
          {},
          element("div", { class: "bar", "aria-hidden": "true" }, piece),
        ),
        element("td", {}, `${(100 * value).toFixed(1)} %`),
      );
    }));
  }

  /** @param {string} text */
  setOutput(text) {
    // What stays the same isn't read aloud again.
    if (this.output.textContent !== text) this.output.textContent = text;
  }
}
