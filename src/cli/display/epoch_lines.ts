/** The lines that stay of epochs. */
import type { EpochEvent } from "../../history/events.ts";
import { duration } from "./draw.ts";
import type { Screen } from "./screen.ts";

/** On a terminal, of quick epochs some are left out: this many stay whatever their time, and one each so many milliseconds. */
const STEPS = 40;
const PERIOD = 100;

/** A number of an epoch: the last in rank are left out of a narrow terminal. */
interface Column {
  /** In a line of its own. */
  readonly name: string;
  /** Above a column, if it is another one. */
  readonly title?: string;
  readonly cell: string;
  readonly width: number;
  readonly rank: number;
}

/** What is known of an epoch: means over it, none of its last batch alone. */
function columnsOf(event: EpochEvent, epochs: number): Column[] {
  const { epoch, loss, accuracy, validation, learningRate, seconds } = event;
  const of = `${epoch}/${epochs}`;
  const columns: (Column | undefined)[] = [
    { name: "epoch", cell: of, width: 2 * `${epochs}`.length + 1, rank: 0 },
    { name: "loss", cell: precise(loss), width: 7, rank: 1 },
    accuracy === undefined
      ? undefined
      : { name: "accuracy", cell: fixed(accuracy), width: 8, rank: 4 },
    ...validation === undefined ? [] : [
      {
        ...{ name: "validation loss", title: "val loss" },
        ...{ cell: precise(validation.loss), width: 8, rank: 2 },
      },
      validation.accuracy === undefined
        ? {
          ...{ name: "validation R²", title: "val R2" },
          ...{ cell: fixed(validation.r2!), width: 7, rank: 3 },
        }
        : {
          ...{ name: "validation accuracy", title: "val acc" },
          ...{ cell: fixed(validation.accuracy), width: 7, rank: 3 },
        },
    ],
    {
      name: "rate",
      cell: `${Number(learningRate.toPrecision(3))}`,
      ...{ width: 8, rank: 6 },
    },
    { name: "time", cell: duration(seconds), width: 8, rank: 5 },
  ];
  return columns.filter((column) => column !== undefined);
}

const fixed = (value: number) => value.toFixed(4);
const precise = (value: number) => value.toPrecision(4);

/** An epoch in one line with all of its names: `epoch 1/35  loss 0.8123  …`. */
function plainLine(event: EpochEvent, epochs: number): string {
  return columnsOf(event, epochs)
    .map(({ name, cell }) => `${name} ${cell}`).join("  ");
}

/** The columns of an epoch that fit, with what stands above them. */
function tableLine(
  event: EpochEvent,
  epochs: number,
  width: number,
  isBest = false,
): { readonly head: string; readonly row: string } {
  const all = columnsOf(event, epochs);
  if (event.validation !== undefined) {
    all.push({ name: "best", cell: isBest ? "*" : "", width: 4, rank: 7 });
  }
  const widthOf = ({ name, title = name, width }: Column) =>
    Math.max(title.length, width);
  let room = width + 2;
  const chosen = new Set<Column>();
  for (const column of all.toSorted((one, other) => one.rank - other.rank)) {
    room -= widthOf(column) + 2;
    if (room < 0) break;
    chosen.add(column);
  }
  const shown = all.filter((column) => chosen.has(column));
  const line = (text: (column: Column) => string) =>
    shown.map((column) => text(column).padStart(widthOf(column))).join("  ");
  return {
    head: line(({ name, title = name }) => title),
    row: line(({ cell }) => cell).trimEnd(),
  };
}

/** Chooses the lines that stay. The best epoch and the last are always among them; elsewhere than on a terminal all are. */
export class EpochLines {
  readonly #epochs: number;
  readonly #screen: Screen;
  #head = "";
  #shownAt = -Infinity;
  /** The last epoch, if it isn't shown yet. */
  #waiting: EpochEvent | undefined;
  /** The best one, if it isn't shown yet. */
  #best: EpochEvent | undefined;

  constructor(epochs: number, screen: Screen) {
    this.#epochs = epochs;
    this.#screen = screen;
  }

  /**
   * The lines to print after an epoch.
   *
   * @param isBest Whether it is the best one so far.
   */
  after(event: EpochEvent, isBest: boolean, now: number): string[] {
    if (!this.#screen.isTerminal) return [plainLine(event, this.#epochs)];
    this.#waiting = event;
    if (isBest) this.#best = event;
    const isStep = event.epoch % Math.ceil(this.#epochs / STEPS) === 0;
    return isStep || now - this.#shownAt >= PERIOD ? this.rest(now) : [];
  }

  /** The lines that are left to print when the training is over. */
  rest(now = Infinity): string[] {
    const [best, last] = [this.#best, this.#waiting];
    if (last === undefined) return [];
    this.#best = this.#waiting = undefined;
    this.#shownAt = now;
    const events = best === undefined || best === last ? [last] : [best, last];
    return events.flatMap((event) => {
      const width = this.#screen.width();
      const isBest = event === best;
      const { head, row } = tableLine(event, this.#epochs, width, isBest);
      const isNew = head !== this.#head;
      this.#head = head;
      return isNew ? [head, row] : [row];
    });
  }
}
