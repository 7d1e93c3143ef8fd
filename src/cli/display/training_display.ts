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
  readonly #lines: EpochLines | undefined;
  readonly #losses: number[] = [];
  #epoch = 0;
  #within = 0;
  /** Epochs that were done when it was first told of them, and when that was: to start takes its own time. */
  #first: { readonly done: number; readonly time: number } | undefined;

  /**
   * @param epochs All there may be.
   * @param options Where lines that stay go, if there are to be any, and whether the training may stop early.
   */
  constructor(
    epochs: number,
    { screen, mayStop }: {
      readonly screen?: Screen;
      readonly mayStop: boolean;
    },
  ) {
    this.#epochs = epochs;
    this.#mayStop = mayStop;
    this.#lines = screen && new EpochLines(epochs, screen);
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
    this.#move(event.epoch, 0);
    this.#losses.push(event.loss);
    this.#lines?.after(event, isBest, performance.now()).forEach(print);
    this.#draw();
  }

  /** Takes how much is done of an epoch under way, from 0 to 1. */
  within(epoch: number, fraction: number): void {
    this.#move(epoch - 1, fraction);
    this.#draw();
  }

  /** Prints the lines that are left, and leaves the terminal in order. */
  end(print: (line: string) => void): void {
    hideLive();
    this.#lines?.rest().forEach(print);
  }

  #move(epoch: number, within: number): void {
    this.#epoch = epoch;
    this.#within = within;
    this.#first ??= { done: epoch + within, time: performance.now() };
  }

  #draw(): void {
    const { done: before = 0, time = 0 } = this.#first ?? {};
    const done = this.#epoch + this.#within - before;
    const seconds = (performance.now() - time) / 1000;
    const toDo = this.#epochs - this.#epoch - this.#within;
    const state = {
      ...{ epoch: this.#epoch, epochs: this.#epochs, within: this.#within },
      ...{ losses: this.#losses, mayStop: this.#mayStop },
      ...(done > 0 && toDo > 0 ? { left: seconds / done * toDo } : {}),
    };
    showLive((width, screen) => trainingLine(state, width, screen));
  }
}
