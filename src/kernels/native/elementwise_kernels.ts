/** Activations, losses and updates behind the kernels' interface. */
import type { SampleLoss } from "../elementwise.ts";
import { type Kernels, PANEL, roundUp } from "../kernels.ts";
import { ACTIVATIONS, DERIVATIVES } from "./activations.ts";
import type { Level } from "./cpu.ts";
import { type Constants, type Elementwise, overFloats } from "./lanes.ts";
import type { Library } from "./library.ts";
import {
  crossEntropy,
  MOST_VECTORS,
  softmax,
  SOFTMAX_ARGUMENTS,
} from "./softmax.ts";
import {
  correct,
  LOSS_ARGUMENTS,
  penalties,
  PENALTY_ARGUMENTS,
  ROW_LOSSES,
} from "./losses.ts";
import { DIFFERENCE, REGULARIZE, SCALE, UPDATES } from "./updates.ts";
import { splitRows, VECTOR_BYTES } from "./vectors.ts";

/** Outputs up to which the code of a loss has each vector of rows one behind the other. */
const MOST_OUTPUTS = 64;

/** Rows up to which the code of the penalties has. */
const MOST_PENALTY_ROWS = 512;

/** A function that calls a loop over floats with its buffers, and the scalars behind. */
type Loop = (
  buffers: readonly number[],
  count: number,
  scalars?: readonly number[],
) => void;

function loops(library: Library, level: Level) {
  const { words, floats } = library;
  return <C extends Constants>(name: string, kernel: Elementwise<C>): Loop => {
    const { buffers } = kernel;
    let code: Deno.PointerObject | undefined;
    return (offsets, count, scalars = []) => {
      if (count === 0) return;
      code ??= library.get(name, () => overFloats(kernel, level));
      for (let n = 0; n < buffers; n++) words[n] = offsets[n];
      words[buffers] = count;
      for (let n = 0; n < scalars.length; n++) {
        floats[buffers + 1 + n] = scalars[n];
      }
      library.call(code);
    };
  };
}

/** What has machine code of the kernels that treat elements or samples one by one; `others` does what has none. */
export function elementwiseKernels(
  library: Library,
  level: Level,
  others: Kernels,
): Partial<Kernels> {
  const loop = loops(library, level);
  const activation = (name: keyof typeof ACTIVATIONS) => {
    const run = loop(name, ACTIVATIONS[name] as Elementwise<Constants>);
    return (z: number, a: number, count: number) => run([z, a], count);
  };
  const derivative = (name: keyof typeof DERIVATIVES) => {
    const run = loop(name, DERIVATIVES[name] as Elementwise<Constants>);
    return (delta: number, _: number, a: number, count: number) =>
      run([delta, a], count);
  };
  const update = (name: keyof typeof UPDATES) =>
    loop(name, UPDATES[name] as Elementwise<Constants>);
  const [article, adam, sgd, nesterov] = [
    ...(["article", "adam", "sgd", "nesterov"] as const).map(update),
  ];
  const regularize = loop("regularize", REGULARIZE);
  const difference = loop("difference", DIFFERENCE);
  const scale = loop("scale", SCALE);
  return {
    sigmoid: activation("sigmoid"),
    tanh: activation("tanh"),
    relu: activation("relu"),
    sigmoidDerivative: derivative("sigmoidDerivative"),
    tanhDerivative: derivative("tanhDerivative"),
    reluDerivative: derivative("reluDerivative"),
    articleUpdate: (w, grad, first, _, count, ...scalars) =>
      article([w, grad, first], count, scalars),
    adamUpdate(w, grad, first, second, count, ...scalars) {
      const [size, beta1, beta2, epsilon, correction, decay] = scalars;
      adam([w, grad, first, second], count, [
        ...[size, beta1, 1 - beta1, beta2, 1 - beta2],
        ...[epsilon, correction, decay],
      ]);
    },
    sgdUpdate(w, grad, first, _, count, rate, momentum, ahead) {
      (ahead === 0 ? sgd : nesterov)(
        [w, grad, first],
        count,
        [rate, momentum],
      );
    },
    regularize: (grad, w, count, l1, l2) =>
      regularize([grad, w], count, [l1, l2]),
    difference: (a, y, result, count) => difference([a, y, result], count),
    scale: (values, count, factor) => scale([values], count, [factor]),
    ...lossKernels(library, level, others),
    penalties: penaltyKernel(library, others),
  };
}

function lossKernels(
  library: Library,
  level: Level,
  others: Kernels,
): Pick<
  Kernels,
  | "binaryCrossEntropy"
  | "absoluteError"
  | "correct"
  | "crossEntropy"
  | "softmax"
> {
  const { words } = library;
  const at = LOSS_ARGUMENTS;
  /** Calls what was made for so many outputs, or the other kernel where there is nothing. */
  const bySample = (
    other: SampleLoss,
    make: (outputs: number) => Deno.PointerObject | undefined,
  ): SampleLoss => {
    const known = new Map<number, Deno.PointerObject | undefined>();
    return (a, y, ld, outputs, result, from, to) => {
      if (from >= to) return;
      if (!known.has(outputs)) known.set(outputs, make(outputs));
      const kernel = known.get(outputs);
      if (kernel === undefined) {
        return other(a, y, ld, outputs, result, from, to);
      }
      const column = 4 * ld * from;
      words[at.a] = a + column;
      words[at.y] = y + column;
      words[at.stride] = 4 * ld;
      words[at.result] = result + 4 * from;
      words[at.count] = to - from;
      library.call(kernel);
    };
  };
  const widthsOf = (outputs: number) => {
    const rows = roundUp(outputs, PANEL);
    return splitRows(rows, VECTOR_BYTES[level], rows)[0].widths;
  };
  const mostOutputs = MOST_VECTORS * VECTOR_BYTES[level] / 4;
  const softmaxes = library.byShape(
    "softmax",
    (rows, ld) => softmax(level, widthsOf(rows), rows, ld),
  );
  const rowLoss = (name: keyof typeof ROW_LOSSES) =>
    bySample(others[name], (outputs) => {
      if (outputs > MOST_OUTPUTS) return undefined;
      const widths = widthsOf(outputs);
      return library.get(
        `${name} of ${outputs}`,
        () => ROW_LOSSES[name](level, widths, outputs),
      );
    });
  return {
    binaryCrossEntropy: rowLoss("binaryCrossEntropy"),
    absoluteError: rowLoss("absoluteError"),
    crossEntropy: bySample(others.crossEntropy, (outputs) => {
      if (outputs > mostOutputs) return undefined;
      return library.get(
        `crossEntropy of ${outputs}`,
        () => crossEntropy(level, widthsOf(outputs), outputs),
      );
    }),
    softmax(z, a, ld, rows, from, to) {
      if (from >= to) return;
      if (rows > mostOutputs) {
        return others.softmax(z, a, ld, rows, from, to);
      }
      const at = SOFTMAX_ARGUMENTS;
      words[at.z] = z + 4 * ld * from;
      words[at.a] = a + 4 * ld * from;
      words[at.stride] = 4 * ld;
      words[at.count] = to - from;
      library.call(softmaxes(rows, ld));
    },
    correct: bySample(others.correct, (outputs) => {
      const [bytes, ...more] = widthsOf(outputs);
      if (more.length > 0) return undefined;
      return library.get(
        `correct of ${outputs}`,
        () => correct(level, bytes, outputs),
      );
    }),
  };
}

function penaltyKernel(
  library: Library,
  others: Kernels,
): Kernels["penalties"] {
  const { words } = library;
  const kernels = library.byShape("penalties", penalties);
  const at = PENALTY_ARGUMENTS;
  return (w, ldw, squares, magnitudes, from, to) => {
    if (from >= to) return;
    if (ldw > MOST_PENALTY_ROWS) {
      return others.penalties(w, ldw, squares, magnitudes, from, to);
    }
    words[at.columns] = w + 4 * ldw * from;
    words[at.stride] = 4 * ldw;
    words[at.count] = to - from;
    words[at.squares] = squares + 4 * from;
    words[at.magnitudes] = magnitudes + 4 * from;
    library.call(kernels(ldw, ldw));
  };
}
