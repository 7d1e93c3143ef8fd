/** The progress line of a training. */
import { bar, columnsOf, duration, sparkline, type Style } from "./draw.ts";

/** How far a training is. */
export interface TrainingState {
  /** Epochs that are done, and all there may be. */
  readonly epoch: number;
  readonly epochs: number;
  /** How much of the next one is done, from 0 to 1. */
  readonly within: number;
  /** Of the epochs so far. */
  readonly losses: readonly number[];
  /** Seconds until it is done, if they can be estimated. */
  readonly left?: number;
  /** Whether it may stop early. */
  readonly mayStop: boolean;
}

/** Columns that bar and curve may have, each. */
const LEAST = 5;
const MOST = 40;

/** How much is done, the course of the loss, and the time that is left, in so many columns. */
export function trainingLine(
  { epoch, epochs, within, losses, left, mayStop }: TrainingState,
  width: number,
  style: Style,
): string {
  const count = `${epoch}/${epochs}`;
  const time = left === undefined
    ? ""
    : `${mayStop && width >= 60 ? "at most " : ""}${duration(left)} left`;
  const loss = losses.length > 0 && width >= 60
    ? `loss ${losses.at(-1)!.toPrecision(4)}`
    : "";
  const texts = [count, loss, time].filter((text) => text !== "");
  const taken = texts.reduce((sum, text) => sum + columnsOf(text) + 2, 0);
  // The bar has what is left, the curve half of it.
  const room = width - taken;
  const curved = style.hasUnicode && losses.length > 1 && room >= 2 * LEAST + 2;
  const half = Math.min(MOST, curved ? Math.floor((room - 2) / 2) : room);
  return [
    count,
    ...half < LEAST
      ? []
      : [bar(epochs === 0 ? 1 : (epoch + within) / epochs, half, style)],
    ...curved ? [sparkline(losses, half, style)] : [],
    ...loss === "" ? [] : [loss],
    ...time === "" ? [] : [time],
  ].join("  ");
}
