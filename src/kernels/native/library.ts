/** The kernels that were assembled and installed. */
import type { Code } from "./assembler.ts";
import type { Machine } from "./memory.ts";
import { splitRows } from "./vectors.ts";

/** A kernel for some rows of a column. */
export interface Part {
  /** Bytes of the rows before them. */
  readonly offset: number;
  /** Bytes of the rows. */
  readonly bytes: number;
  readonly kernel: Deno.PointerObject;
}

/** Kernels by their names, which say all that each was made for. */
export type Installed = Map<string, Deno.PointerObject>;

/** Makes kernels when they are first called, and calls them. */
export class Library {
  readonly #machine: Machine;
  readonly #installed: Installed;
  /** The arguments of the next call. */
  readonly words: Uint32Array;
  /** The same as floats. */
  readonly floats: Float32Array;

  /** @param installed Those that are there already; others are added. */
  constructor(machine: Machine, installed: Installed = new Map()) {
    this.#machine = machine;
    this.#installed = installed;
    [this.words, this.floats] = [machine.words, machine.floats];
  }

  /** The kernel of a name. */
  get(name: string, make: () => Code): Deno.PointerObject {
    let kernel = this.#installed.get(name);
    if (kernel === undefined) {
      kernel = this.#machine.install(make(), name);
      this.#installed.set(name, kernel);
    }
    return kernel;
  }

  /**
   * The kernels that together compute columns of `floats` rows, a multiple of 8, at most `most` vectors each: a function that
   * knows them once it was asked.
   */
  byRows(
    name: string,
    vectorBytes: number,
    most: number,
    make: (widths: readonly number[]) => Code,
  ): (floats: number) => readonly Part[] {
    const known = new Map<number, readonly Part[]>();
    return (floats) => {
      let parts = known.get(floats);
      if (parts === undefined) {
        parts = splitRows(floats, vectorBytes, most).map((
          { offset, widths },
        ) => ({
          offset,
          bytes: widths.reduce((sum, width) => sum + width),
          kernel: this.get(`${name} ${widths.join("+")}`, () => make(widths)),
        }));
        known.set(floats, parts);
      }
      return parts;
    };
  }

  /** The kernel for columns of some rows, and a leading dimension: a function that knows it once it was asked. */
  byShape(
    name: string,
    make: (rows: number, ld: number) => Code,
  ): (rows: number, ld: number) => Deno.PointerObject {
    const known = new Map<number, Deno.PointerObject>();
    return (rows, ld) => {
      const key = ld * 2 ** 20 + rows;
      let kernel = known.get(key);
      if (kernel === undefined) {
        kernel = this.get(`${name} of ${rows} in ${ld}`, () => make(rows, ld));
        known.set(key, kernel);
      }
      return kernel;
    };
  }

  /** Calls a kernel with the arguments that were written to {@linkcode Library.words} or {@linkcode Library.floats}. */
  call(kernel: Deno.PointerObject): void {
    this.#machine.call(kernel);
  }
}
