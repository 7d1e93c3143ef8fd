/** The sparse products in machine code: run by native_test.ts in a process that may call it. */
import fc from "fast-check";
import {
  PANEL,
  roundUp,
  SPARSE_INPUTS,
  sparseStrips,
  STRIP_BLOCKS,
  TILE_SAMPLES,
} from "../../../src/kernels/kernels.ts";
import {
  transposeUnit,
  transposeUnitBy,
} from "../../../src/step/transposed.ts";
import { Contents, noise } from "./same_bits.ts";

const layer = fc.record({
  outputs: fc.constantFrom(1, 8, 13, 30, 33, 40, 70, 71, 97, 130, 200),
  inputs: fc.constantFrom(1, 5, 24, 25, 70, 97, 192, 785),
  batch: fc.constantFrom(1, 2, 5, 12, 13, 300),
  density: fc.constantFrom(0, 0.05, 0.2, 0.7, 1),
  shift: fc.constantFrom(0, 1, 3, 8),
  wider: fc.constantFrom(0, 8),
  cut: fc.nat(),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
}).filter(({ outputs, inputs, batch }) =>
  outputs * inputs <= 60_000 && inputs * batch <= 60_000 &&
  outputs * batch <= 40_000
);

type Layer = typeof layer extends fc.Arbitrary<infer T> ? T : never;

/** Samples lie in the dataset in reverse order, behind one that isn't used. */
function createLayer(
  { outputs, inputs, batch, density, shift, wider, seed }: Layer,
) {
  const contents = new Contents();
  const ld = roundUp(outputs, PANEL) + wider;
  const values = noise(inputs * batch, seed);
  const present = noise(inputs * batch, seed + 1);
  const bits = new Float32Array(1);
  const word = new Int32Array(bits.buffer);
  const entries: number[] = [3, 99];
  const starts: number[] = [];
  const size = 2 ** shift;
  const blocks = sparseStrips(inputs) * STRIP_BLOCKS;
  for (let group = 0; group <= batch; group += size) {
    for (let block = 0; block < blocks; block += STRIP_BLOCKS) {
      for (let n = group; n < group + size; n++) {
        for (let b = block; b < block + STRIP_BLOCKS; b++) {
          starts.push(entries.length / 2);
          if (n === 0 || n > batch) continue;
          const end = Math.min((b + 1) * SPARSE_INPUTS, inputs);
          for (let i = b * SPARSE_INPUTS; i < end; i++) {
            const at = (batch - n) * inputs + i;
            if ((present[at] + 1) / 2 >= density) continue;
            bits[0] = values[at];
            entries.push(4 * ld * i, word[0]);
          }
        }
      }
    }
  }
  starts.push(entries.length / 2);
  return {
    ...{
      contents,
      ld,
      strips: sparseStrips(inputs),
      count: entries.length / 2,
    },
    starts: contents.integers(starts),
    entries: contents.integers(entries),
    indices: contents.integers(
      Array.from({ length: batch }, (_, n) => batch - n),
    ),
    w: contents.matrix(outputs, ld, inputs + 1, seed + 2),
    delta: contents.matrix(outputs, ld, batch, seed + 3),
    z: contents.place(new Float32Array(ld * roundUp(batch, TILE_SAMPLES))),
    grad: contents.place(new Float32Array(ld * (inputs + 1))),
  };
}

Deno.test("sparse forward product: the bits of WebAssembly, in any pieces", () => {
  fc.assert(
    fc.property(layer, (drawn) => {
      const { outputs, batch, shift, cut } = drawn;
      const { contents, ld, ...at } = createLayer(drawn);
      const middle = cut % (batch + 1);
      contents.assertSame((kernels) => {
        for (const [from, to] of [[middle, batch], [0, middle]]) {
          kernels.forwardSparse(
            ...[at.w, ld, outputs, at.w, at.strips, shift] as const,
            ...[at.starts, at.entries, at.indices] as const,
            ...[at.z, ld, from, to, batch] as const,
          );
        }
      });
    }),
    { seed: 20261127, numRuns: 60 },
  );
});

Deno.test("sparse gradient: the bits of WebAssembly, in any pieces", () => {
  fc.assert(
    fc.property(layer, (drawn) => {
      const { outputs, inputs, batch, shift, cut } = drawn;
      const { contents, ld, ...at } = createLayer(drawn);
      const blocks = Math.ceil(inputs / SPARSE_INPUTS);
      const middle = cut % blocks * SPARSE_INPUTS;
      contents.assertSame((kernels) => {
        for (const [from, to] of [[middle, inputs], [0, middle]]) {
          kernels.gradientSparse(
            ...[at.delta, ld, outputs, at.strips, shift] as const,
            ...[at.starts, at.entries, at.indices] as const,
            ...[at.grad, ld, from, to, batch] as const,
          );
        }
      });
    }),
    { seed: 20261128, numRuns: 60 },
  );
});

Deno.test("transposed entries: what TypeScript writes", () => {
  fc.assert(
    fc.property(layer, fc.constantFrom(1, 7, 100), (drawn, most) => {
      const { inputs, batch, shift, cut } = drawn;
      const { contents, ld, strips, count, ...at } = createLayer(drawn);
      const unit = cut % Math.ceil(inputs / SPARSE_INPUTS);
      const stripSamples = Math.min(most, batch);
      const layout = { strips: Math.ceil(batch / stripSamples), stripSamples };
      const room = 32 * STRIP_BLOCKS * layout.strips;
      const first = contents.integers(new Int32Array(room).fill(-1));
      const target = contents.place(new Float32Array(2 * count));
      const base = 1;
      contents.assertSame((_, native, { buffer }) => {
        const words = new Int32Array(buffer);
        const starts = new Int32Array(buffer, first, room);
        const sampleStarts = Array.from({ length: batch }, (_, n) => {
          const sample = words[at.indices / 4 + n];
          const group = sample >> shift;
          const strip = Math.floor(unit / STRIP_BLOCKS);
          const place = (group * (strips - 1) + strip << shift) + sample;
          return at.starts / 4 + STRIP_BLOCKS * place + unit % STRIP_BLOCKS;
        });
        const columnBytes = 4 * ld;
        if (native === undefined) {
          const ranges = Int32Array.from(
            sampleStarts.flatMap((n) => [words[n], words[n + 1]]),
          );
          const pairs = (offset: number) => ({
            columns: new Int32Array(buffer, offset, 2 * count),
            values: new Float32Array(buffer, offset, 2 * count),
          });
          const source = { columnBytes, ranges, ...pairs(at.entries) };
          const to = pairs(target);
          transposeUnit(
            ...[source, unit, layout, base, starts, to] as const,
          );
          return;
        }
        transposeUnitBy(
          (writes, cursors) =>
            native.kernels.transposeEntries!(
              writes,
              { ...at, strips, shift, size: batch },
              unit,
              {
                ...{ ...cursors, columnBytes, stripSamples, entries: target },
                firstColumn: columnBytes * SPARSE_INPUTS * unit,
              },
            ),
          ...[base, starts, first] as const,
        );
      });
    }),
    { seed: 20261131, numRuns: 60 },
  );
});
