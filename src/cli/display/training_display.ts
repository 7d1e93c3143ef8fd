/** A training on the terminal: lines that stay, and below them one that shows how far it is. */
import type { EpochEvent } from "../../history/events.ts";
import { EpochLines } from "./epoch_lines.ts";
import { hideLive, showLive } from "./live_line.ts";
import type { Screen } from "./screen.ts";
import { trainingLine } from "./training_line.ts";

/** Shows the epochs of one training. */
export class TrainingDisplay {
  readonly #epochs: number;
  readonly #mayStop: boolean;
  readonly #lines: EpochLines;
  readonly #losses: number[] = [];
  readonly #began = performance.now();
  #epoch = 0;
  #within = 0;
  /** Epochs that were done before it began. */
  #before: number | undefined;

  /**
   * @param epochs All there may be.
   * @param options Where lines that stay go, and whether the training may stop early.
   */
  constructor(
    epochs: number,
    { screen, mayStop }: { readonly screen: Screen; readonly mayStop: boolean },
  ) {
    this.#epochs = epochs;
    this.#mayStop = mayStop;
    this.#lines = new EpochLines(epochs, screen);
    this.#draw();
  }

  /**
   * Takes what is known after an epoch.
   *
   * @param isBest Whether it is the best one so far.
   * @param print Prints lines that stay.
   */
  epoch(
    event: EpochEvent,
    isBest: boolean,
    print: (line: string) => void,
  ): void {
    this.#before ??= event.epoch - 1;
    this.#epoch = event.epoch;
    this.#within = 0;
    this.#losses.push(event.loss);
    this.#lines.after(event, isBest, performance.now()).forEach(print);
    this.#draw();
  }

  /** Takes how much is done of an epoch under way, from 0 to 1. */
  within(epoch: number, fraction: number): void {
    this.#before ??= epoch - 1;
    this.#epoch = epoch - 1;
    this.#within = fraction;
    this.#draw();
  }

  /** Prints the lines that are left, and leaves the terminal in order. */
  end(print: (line: string) => void): void {
    hideLive();
    this.#lines.rest().forEach(print);
  }

  #draw(): void {
    const done = this.#epoch + this.#within - (this.#before ?? 0);
    const seconds = (performance.now() - this.#began) / 1000;
    const toDo = this.#epochs - this.#epoch - this.#within;
    const state = {
      ...{ epoch: this.#epoch, epochs: this.#epochs, within: this.#within },
      ...{ losses: this.#losses, mayStop: this.#mayStop },
      ...(done > 0 && toDo > 0 ? { left: seconds / done * toDo } : {}),
    };
    showLive((width, screen) => trainingLine(state, width, screen));
  }
}
