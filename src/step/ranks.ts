/** Which part of the weights each rank of a distributed training updates. */
import type { MatrixLayout } from "../memory/matrix.ts";
import { columnsOf } from "./op.ts";
import {
  forEachWeightRange,
  type Pieces,
  type Range,
  weightUnits,
} from "./split.ts";

/** The processes that train one network together. */
export interface Ranks {
  /** This one's number, from 0. */
  readonly rank: number;
  readonly size: number;
  /** Byte offset of the block through which workers ask for what all ranks do together; 0 for one rank. */
  readonly control: number;
}

/** One process for itself. */
export const ONE_RANK: Ranks = { rank: 0, size: 1, control: 0 };

/** Slices of the weights of some layers, one for each rank: units of inputs, layer after layer, about as many floats each. */
export class Slices {
  readonly #layers: readonly number[];
  readonly #pieces: Pieces;
  readonly #matrices: readonly MatrixLayout[];
  /** All units that are split. */
  readonly units: Range;
  /** For each rank its first unit, and the end of the last. */
  readonly #bounds: readonly number[];

  constructor(
    layers: readonly number[],
    pieces: Pieces,
    matrices: readonly MatrixLayout[],
    ranks: number,
    [from, to]: Range,
  ) {
    this.#layers = layers;
    this.#pieces = pieces;
    this.#matrices = matrices;
    let unit = weightUnits(layers.slice(0, from + 1), pieces);
    const end = weightUnits(layers.slice(0, to + 1), pieces);
    this.units = [unit, end];
    const start = this.#placeOf(unit);
    const all = this.#placeOf(end) - start;
    this.#bounds = Array.from({ length: ranks + 1 }, (_, rank) => {
      const place = start + all * rank / ranks;
      while (unit < end && this.#placeOf(unit) < place) unit++;
      return rank === ranks ? end : unit;
    });
  }

  /** The units of a rank: none, if there are more ranks than units. */
  unitsOf(rank: number): Range {
    return [this.#bounds[rank], this.#bounds[rank + 1]];
  }

  /** For each rank where its slice starts, in floats from the first weight of the first layer; then the end. */
  get places(): Int32Array<ArrayBuffer> {
    return Int32Array.from(this.#bounds, (unit) => this.#placeOf(unit));
  }

  /** The same in columns of all layers together. */
  get columns(): Int32Array<ArrayBuffer> {
    return Int32Array.from(this.#bounds, (unit) => this.#columnOf(unit).index);
  }

  /** The column in which a unit begins. */
  #columnOf(unit: number): { layer: number; column: number; index: number } {
    let found: { layer: number; column: number } | undefined;
    forEachWeightRange(
      ...[this.#layers, this.#pieces, unit, unit + 1] as const,
      (layer, from, to) => found = { layer, column: columnsOf(from, to)[0] },
    );
    const { layer, column } = found ??
      { layer: this.#layers.length - 2, column: this.#layers.at(-2)! + 1 };
    const before = this.#layers.slice(0, layer);
    const index = before.reduce((sum, inputs) => sum + inputs + 1, column);
    return { layer, column, index };
  }

  #placeOf(unit: number): number {
    const { layer, column } = this.#columnOf(unit);
    return floatsBefore(this.#matrices, layer) +
      this.#matrices[layer].ld * column;
  }
}

/** Floats from the first matrix to another one. */
export function floatsBefore(
  matrices: readonly MatrixLayout[],
  layer: number,
): number {
  return (matrices[layer].offset - matrices[0].offset) / 4;
}
