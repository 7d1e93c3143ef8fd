/** Softmax and losses behind the kernels' interface. */
import type { SampleLoss } from "../elementwise.ts";
import type { Kernels } from "../kernels.ts";
import { correct } from "./correct.ts";
import type { Level } from "./cpu.ts";
import type { Library } from "./library.ts";
import { LOSS_ARGUMENTS, ROW_LOSSES } from "./losses.ts";
import { crossEntropy, softmax, SOFTMAX_ARGUMENTS } from "./softmax.ts";

/** What writes the code of each, for a number of outputs. */
const BY_SAMPLE = { ...ROW_LOSSES, crossEntropy, correct } as const;

type BySample = keyof typeof BY_SAMPLE;

/** The kernels whose result is a number for each sample, and the softmax. */
export function lossKernels(
  library: Library,
  level: Level,
): Pick<Kernels, BySample | "softmax"> {
  const { words } = library;
  const bySample = (name: BySample): SampleLoss => {
    const kernels = library.byShape(
      name,
      (outputs) => BY_SAMPLE[name](level, outputs),
    );
    const at = LOSS_ARGUMENTS;
    return (a, y, ld, outputs, result, from, to) => {
      if (from >= to) return;
      const column = 4 * ld * from;
      words[at.a] = a + column;
      words[at.y] = y + column;
      words[at.stride] = 4 * ld;
      words[at.result] = result + 4 * from;
      words[at.count] = to - from;
      library.call(kernels(outputs, ld));
    };
  };
  const softmaxes = library.byShape(
    "softmax",
    (rows, ld) => softmax(level, rows, ld),
  );
  return {
    ...Object.fromEntries(
      (Object.keys(BY_SAMPLE) as BySample[]).map((name) => [
        name,
        bySample(name),
      ]),
    ) as Record<BySample, SampleLoss>,
    softmax(z, a, ld, rows, from, to) {
      if (from >= to) return;
      const at = SOFTMAX_ARGUMENTS;
      words[at.z] = z + 4 * ld * from;
      words[at.a] = a + 4 * ld * from;
      words[at.stride] = 4 * ld;
      words[at.count] = to - from;
      library.call(softmaxes(rows, ld));
    },
  };
}
