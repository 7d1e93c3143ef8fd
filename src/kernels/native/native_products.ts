/** The dense products behind their interface. They read W itself, and of the packed copies only the transposed one. */
import {
  type Kernels,
  leadingDimension,
  packedOutputs,
  PANEL,
  roundUp,
  TILE_SAMPLES,
} from "../kernels.ts";
import type { Products } from "../products.ts";
import {
  CLEAR_ARGUMENTS,
  clearRows,
  SUM_ARGUMENTS,
  sumColumns,
  transpose,
  TRANSPOSE_ARGUMENTS,
} from "./columns.ts";
import type { Level } from "./cpu.ts";
import { DENSE_ARGUMENTS, denseTiles, type Tile } from "./dense.ts";
import type { Library } from "./library.ts";
import { skippingProduct } from "./skipping_product.ts";
import { splitRows, VECTOR_BYTES } from "./vectors.ts";

/** Vectors of rows in a tile at most: with 6 columns, nearly all registers. */
const MOST_ROWS: Readonly<Record<Level, number>> = { avx2: 2, avx512: 4 };

/** The same for columns of many floats: with AVX-512 few rows and twice the columns, so that less of W is read for each sum. */
const MOST_ROWS_WIDE: Readonly<Record<Level, number>> = { avx2: 2, avx512: 2 };

/** Floats from which on a column is wide. */
const WIDE = 256;

/** Columns of a tile with as many rows; with few rows there are twice as many. */
const COLUMNS = 6;

/** Rows with which a tile of twice the columns fits into the registers. */
const FEW_ROWS: Readonly<Record<Level, number>> = { avx2: 1, avx512: 2 };

/** Samples of the gradient whose columns of delta stay in the cache while all inputs pass by. */
const SAMPLE_BLOCK = 512;

/** Vectors of a sum of columns at most. */
const MOST_SUMS = 12;

/** A float that changes no sum, and one that only changes -0: see {@linkcode denseTiles}. */
const [NOTHING, PADDING] = [-0, 0];

interface Part {
  readonly offset: number;
  /** How many columns each kernel computes at a time, those with most first. */
  readonly tiles: readonly {
    readonly size: number;
    readonly kernel: Deno.PointerObject;
  }[];
}

/** Makes a function that knows the kernels for some rows, and some columns less than a whole tile. */
function tilesFor(
  library: Library,
  level: Level,
  x: Tile["x"],
  start: Tile["start"],
): (floats: number, rest: number) => readonly Part[] {
  const known = new Map<number, readonly Part[]>();
  const make = (floats: number, rest: number): readonly Part[] => {
    const narrow = floats < WIDE;
    const fetches = narrow && x === "columns" && start === "given";
    return splitRows(
      floats,
      VECTOR_BYTES[level],
      (narrow ? MOST_ROWS : MOST_ROWS_WIDE)[level],
    ).map(
      ({ offset, widths }) => {
        const sizes = [
          ...(widths.length <= FEW_ROWS[level] ? [2 * COLUMNS] : []),
          ...[COLUMNS, rest].filter((columns) => columns > 0),
        ];
        return {
          offset,
          tiles: sizes.map((columns) => ({
            size: columns,
            kernel: library.get(
              `tile of ${
                widths.join("+")
              } by ${columns}, x by ${x}, from ${start}${
                fetches ? " fetched" : ""
              }`,
              () => denseTiles({ widths, columns, x, start, fetches }, level),
            ),
          })),
        };
      },
    );
  };
  return (floats, rest) => {
    const key = COLUMNS * floats + rest;
    let parts = known.get(key);
    if (parts === undefined) known.set(key, parts = make(floats, rest));
    return parts;
  };
}

/** The products in machine code. */
export function nativeProducts(library: Library, level: Level): Products {
  const { words, floats } = library;
  const at = DENSE_ARGUMENTS;
  const forwardTiles = tilesFor(library, level, "columns", "given");
  const deltaTiles = tilesFor(library, level, "columns", "zero");
  const firstTiles = tilesFor(library, level, "rows", "zero");
  const laterTiles = tilesFor(library, level, "rows", "given");

  /** Computes `columns` columns by each part: the places of x, out and start are those of the first column and row. */
  const run = (
    parts: readonly Part[],
    columns: number,
    xStep: number,
    panel: number,
    x: number,
    out: number,
    start: number,
  ) => {
    for (const { offset, tiles } of parts) {
      let done = 0;
      for (const { size, kernel } of tiles) {
        const count = Math.floor((columns - done) / size);
        if (count === 0) continue;
        words[at.panel] = panel + offset;
        words[at.x] = x + xStep * done;
        words[at.out] = out + offset + words[at.outStride] * done;
        words[at.start] = start + offset + words[at.startStride] * done;
        words[at.tiles] = count;
        library.call(kernel);
        done += count * size;
      }
    }
  };

  return {
    ...skippingProduct(library, level),
    forward(op, start, from, to) {
      if (from >= to) return;
      const { w, ldw, outputs, inputs, a, aStep, lda, z, ldz } = op;
      words[at.panelStride] = 4 * ldw;
      words[at.terms] = inputs;
      words[at.xStride] = 4 * lda;
      words[at.outStride] = 4 * ldz;
      words[at.startStride] = 0;
      floats[at.last] = inputs % 4 === 0 ? NOTHING : PADDING;
      run(
        forwardTiles(roundUp(outputs, PANEL), 0),
        roundUp(to - from, TILE_SAMPLES),
        4 * lda,
        w + 4 * ldw,
        a + aStep * start + 4 * lda * from,
        z + 4 * ldz * from,
        w,
      );
    },
    delta({ packed, outputs, inputs, delta, ldd, result, ldr }, from, to) {
      if (from >= to) return;
      words[at.panelStride] = 4 * leadingDimension(inputs);
      words[at.terms] = outputs;
      words[at.xStride] = 4 * ldd;
      words[at.outStride] = 4 * ldr;
      floats[at.last] = outputs % 4 === 0 ? NOTHING : PADDING;
      run(
        deltaTiles(roundUp(inputs, PANEL), 0),
        roundUp(to - from, TILE_SAMPLES),
        4 * ldd,
        packed,
        delta + 4 * ldd * from,
        result + 4 * ldr * from,
        0,
      );
    },
    gradient(op, { start, size }, from, to) {
      if (from >= to || size === 0) return;
      const { delta, ldd, outputs, a, aStep, lda, grad, ldg } = op;
      const columns = to - from;
      const out = grad + 4 * ldg * (from + 1);
      words[at.panelStride] = 4 * ldd;
      words[at.xStride] = 4 * lda;
      words[at.outStride] = words[at.startStride] = 4 * ldg;
      for (let first = 0; first < size; first += SAMPLE_BLOCK) {
        const end = Math.min(first + SAMPLE_BLOCK, size);
        words[at.terms] = end - first;
        floats[at.last] = end % 4 === 0 ? NOTHING : PADDING;
        const tiles = first === 0 ? firstTiles : laterTiles;
        run(
          tiles(roundUp(outputs, PANEL), columns % COLUMNS),
          columns,
          4,
          delta + 4 * ldd * first,
          a + aStep * start + 4 * (lda * first + from),
          out,
          out,
        );
      }
    },
  };
}

/** What goes with the products: the sum for the bias, and the copies of W. */
export function productKernels(
  library: Library,
  level: Level,
): Pick<
  Kernels,
  "biasGradient" | "clearPadding" | "packWeights" | "packTransposed"
> {
  const { words } = library;
  const sums = library.byRows(
    "sum of columns",
    VECTOR_BYTES[level],
    MOST_SUMS,
    sumColumns,
  );
  const clearing = library.byShape("zeros behind", clearRows);
  const transposed = library.get("transpose", transpose);
  return {
    biasGradient(delta, ldd, outputs, batch, grad) {
      const at = SUM_ARGUMENTS;
      words[at.stride] = 4 * ldd;
      words[at.count] = batch;
      for (const { offset, kernel } of sums(roundUp(outputs, PANEL))) {
        words[at.columns] = delta + offset;
        words[at.result] = grad + offset;
        library.call(kernel);
      }
    },
    clearPadding(a, ld, rows, from, to) {
      if (from >= to || rows >= ld) return;
      const at = CLEAR_ARGUMENTS;
      words[at.columns] = a + 4 * ld * from;
      words[at.stride] = 4 * ld;
      words[at.count] = to - from;
      library.call(clearing(rows, ld));
    },
    /** Nobody reads them. */
    packWeights() {},
    packTransposed(w, ldw, outputs, inputs, packed, from, to) {
      if (from >= to) return;
      const at = TRANSPOSE_ARGUMENTS;
      words[at.columns] = w + 4 * ldw * (from + 1);
      words[at.stride] = 4 * ldw;
      words[at.count] = to - from;
      words[at.groups] = packedOutputs(outputs) / 4;
      words[at.result] = packed + 4 * from;
      words[at.resultStride] = 4 * leadingDimension(inputs);
      library.call(transposed);
    },
  };
}
