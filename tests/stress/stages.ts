/** The stages that the workers walk, each a function of seed and number, so that one thread can compute the same. */

/** Cells of each of the two halves, a power of two, and one more for what the last of a stage does. */
const CELLS = 512;
const LAST = 2 * CELLS;

/** Length of the array that the stages work on. */
export const LENGTH = LAST + 1;

/** Rounds of a unit in a long stage: some 10 µs, in which others go to sleep. */
const LONG = 5_000;

/** One stage. */
export interface Stage {
  number: number;
  units: number;
  /** How many units a worker claims at a time. */
  least: number;
  most: number;
  /** The cell of unit 0, and how far off the other cell is that a unit reads. */
  first: number;
  apart: number;
  /** How often a unit is computed over again: in a few stages so often that workers wait for the last. */
  rounds: number;
}

export function newStage(): Stage {
  return {
    number: 0,
    units: 0,
    least: 0,
    most: 0,
    first: 0,
    apart: 0,
    rounds: 0,
  };
}

/** The finalizer of MurmurHash3. */
function hash(z: number): number {
  z = Math.imul(z ^ (z >>> 16), 0x85eb_ca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2_ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** Draws a stage in place, as millions are drawn. */
export function drawStage(seed: number, number: number, stage: Stage): void {
  const size = hash(Math.imul(seed, 0x9e37_79b9) + number);
  const rest = hash(size + seed);
  stage.number = number;
  // Most stages are short, so that the steps between them are what takes the time.
  const most = [3, 13, 37, 13, 3, 37, 61, 307][size & 7];
  stage.units = 1 + (size >>> 3) % most;
  stage.least = 1 + (rest & 7);
  stage.most = stage.least + ((rest >>> 3) & 31);
  stage.first = (rest >>> 8) & (CELLS - 1);
  stage.apart = 1 + (rest >>> 17) % (CELLS - 1);
  stage.rounds = rest >>> 25 === 0 ? LONG : 1;
}

/**
 * Does units `[from, to)`: each reads three cells of the half that the stage before wrote, and changes one of the other
 * half, all without Atomics. The result is another one if a unit is left out or done twice, if it reads what isn't
 * written yet, or if what it reads is overwritten already.
 */
export function doUnits(
  cells: Int32Array,
  stage: Stage,
  from: number,
  to: number,
): void {
  const { number, first, apart, rounds } = stage;
  const [read, write] = number % 2 === 0 ? [0, CELLS] : [CELLS, 0];
  for (let unit = from; unit < to; unit++) {
    const at = (first + unit) & (CELLS - 1);
    const next = (at + 1) & (CELLS - 1);
    const other = (at + apart) & (CELLS - 1);
    const sum = number + cells[read + at] ^
      Math.imul(cells[read + next], 0x85eb_ca6b) ^ cells[read + other];
    for (let round = 0; round < rounds; round++) {
      const mixed = cells[write + at] + sum;
      cells[write + at] = Math.imul(mixed, 0x9e37_79b1) ^ (mixed >>> 15);
    }
  }
}

/** What is done once a stage, when all of its units are. */
export function finishStage(cells: Int32Array, stage: Stage): void {
  const { number, units, first } = stage;
  const write = number % 2 === 0 ? CELLS : 0;
  let sum = cells[LAST] + number;
  for (const unit of [0, units >> 1, units - 1]) {
    sum = Math.imul(
      sum ^ cells[write + ((first + unit) & (CELLS - 1))],
      0x9e37_79b1,
    );
  }
  cells[LAST] = sum;
}

/** The first long stage from there on. */
export function nextLong(seed: number, from: number): number {
  const stage = newStage();
  do drawStage(seed, from++, stage); while (stage.rounds !== LONG);
  return stage.number;
}

/** The stages `[from, to)` by one thread: what the workers must come to. */
export function walkAlone(
  cells: Int32Array,
  seed: number,
  from: number,
  to: number,
): void {
  const stage = newStage();
  for (let number = from; number < to; number++) {
    drawStage(seed, number, stage);
    doUnits(cells, stage, 0, stage.units);
    finishStage(cells, stage);
  }
}

/** One number for all cells. */
export function checksum(cells: Int32Array): string {
  let sum = 0;
  for (const cell of cells) sum = hash(Math.imul(sum, 31) + cell);
  return sum.toString(16).padStart(8, "0");
}
