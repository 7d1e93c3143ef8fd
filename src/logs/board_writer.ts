import { join } from "../runtime/paths.ts";
import type { EpochEvent } from "../history/events.ts";
import { fieldsOf } from "./fields.ts";
import { grayPng } from "./gray_png.ts";
import { append } from "./log_writer.ts";
import { type Field, joined } from "./protobuf.ts";
import { record } from "./records.ts";
import {
  histogram,
  image,
  scalar,
  startEvent,
  summaryEvent,
  text,
  versionEvent,
} from "./summaries.ts";
import { weightImages } from "./weight_images.ts";

/** The facts about a network for TensorBoard. */
export interface BoardNetwork {
  readonly weights: readonly Float32Array[];
  summary(): string;
}

/** What the name of every file of events has, so that TensorBoard finds it. */
export const EVENTS = "events.out.tfevents.";

/** Now, in seconds since 1970. */
const now = () => Date.now() / 1000;

/** Writes a file of events that TensorBoard shows: numbers, histograms of the weights, and what the network is. */
export class BoardWriter {
  readonly #path: string;
  readonly #size: readonly [width: number, height: number] | undefined;
  readonly #first: number;
  #isBegun = false;

  /**
   * @param folder Where the file goes, which is there.
   * @param first The first epoch of the training.
   * @param size Width and height of the inputs, if they are images: then the weights of the first layer are shown.
   */
  constructor(
    folder: string,
    first: number,
    size?: readonly [width: number, height: number],
  ) {
    const name = `${EVENTS}${
      Math.floor(now())
    }.lockstep.${crypto.randomUUID()}`;
    this.#path = join(folder, name);
    this.#first = first;
    this.#size = size;
  }

  /** Writes what is known after an epoch, by one write of whole records. */
  async epoch(event: EpochEvent, network: BoardNetwork): Promise<void> {
    const time = now();
    const { epoch } = event;
    const weights = network.weights;
    const values: Field[] = [];
    for (const [name, value] of fieldsOf(event)) {
      if (typeof value !== "number" || name === "epoch") continue;
      values.push(scalar(name.replaceAll(".", "/"), value));
    }
    for (const [layer, own] of weights.entries()) {
      values.push(histogram(`weights/layer ${layer + 1}`, own));
    }
    // Few, as each takes more room than all the rest: of epochs 1, 2, 4, 8 and so on.
    if (this.#size !== undefined && Number.isInteger(Math.log2(epoch))) {
      const { width, height, pixels } = weightImages(weights[0], ...this.#size);
      const png = await grayPng(pixels, width, height);
      values.push(image("weights/first layer", { width, height, png }));
    }
    const records: Uint8Array[] = [];
    if (!this.#isBegun) {
      const summary = network.summary().replaceAll(/^/gm, "    ");
      records.push(
        versionEvent(time),
        startEvent(time, this.#first),
        summaryEvent(time, this.#first, [text("network", summary)]),
      );
    }
    records.push(summaryEvent(time, epoch, values));
    this.#isBegun = true;
    await append(this.#path, joined(records.map(record)));
  }
}
