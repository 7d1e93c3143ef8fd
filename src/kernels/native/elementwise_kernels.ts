/** Activations, updates and dropout behind the kernels' interface. */
import type { Kernels } from "../kernels.ts";
import type {
  ActivationKernel,
  ActivationKernels,
  DerivativeKernel,
  UpdateKernels,
} from "../elementwise.ts";
import { ACTIVATIONS, DERIVATIVES } from "./activations.ts";
import type { Level } from "./cpu.ts";
import { DROPOUT, dropoutKeys } from "./dropout.ts";
import { SMOOTH, SMOOTH_DERIVATIVES } from "./gelu_swish.ts";
import { type Constants, type Elementwise, overFloats } from "./lanes.ts";
import type { Library } from "./library.ts";
import { RECTIFIER_DERIVATIVES, RECTIFIERS } from "./rectifiers.ts";
import {
  ADD,
  CLAMPED_DIFFERENCE,
  DIFFERENCE,
  REGULARIZE,
  SCALE,
  UPDATES,
} from "./updates.ts";

/** A function that calls a loop over floats with its buffers, and the scalars behind. */
type Loop = (
  buffers: readonly number[],
  count: number,
  scalars?: readonly number[],
) => void;

function loops(library: Library, level: Level, streams = false) {
  const { words, floats } = library;
  return <C extends Constants>(name: string, kernel: Elementwise<C>): Loop => {
    const { buffers } = kernel;
    let code: Deno.PointerObject | undefined;
    return (offsets, count, scalars = []) => {
      if (count === 0) return;
      code ??= library.get(
        streams ? `${name} past the caches` : name,
        () => overFloats(kernel, level, streams),
      );
      for (let n = 0; n < buffers; n++) words[n] = offsets[n];
      words[buffers] = count;
      for (let n = 0; n < scalars.length; n++) {
        floats[buffers + 1 + n] = scalars[n];
      }
      library.call(code);
    };
  };
}

/** Each map of Z to A. */
const MAPS = { ...ACTIVATIONS, ...RECTIFIERS, ...SMOOTH };

/** Derivatives that need A, and those that need Z. */
const DERIVATIVES_OF_A = { ...DERIVATIVES, ...RECTIFIER_DERIVATIVES };
const DERIVATIVES_OF_Z = SMOOTH_DERIVATIVES;

/** Adds what is called for each name of some kernels. */
function forEach<K extends object, F>(
  kernels: K,
  run: (name: string, kernel: Elementwise<Constants>) => F,
): Record<keyof K, F> {
  return Object.fromEntries(
    Object.entries(kernels).map(([name, kernel]) => [
      name,
      run(name, kernel),
    ]),
  ) as Record<keyof K, F>;
}

/** The kernels that treat each float alike. */
export function elementwiseKernels(
  library: Library,
  level: Level,
):
  & Partial<ActivationKernels>
  & Partial<UpdateKernels>
  & { readonly streaming: Partial<UpdateKernels> }
  & Pick<
    Kernels,
    | "regularize"
    | "difference"
    | "clampedDifference"
    | "scale"
    | "add"
    | "dropout"
  > {
  const loop = loops(library, level);
  const derivativeOfA = (
    name: string,
    kernel: Elementwise<Constants>,
  ): DerivativeKernel => {
    const run = loop(name, kernel);
    return (delta, _, a, count) => run([delta, a], count);
  };
  const derivativeOfZ = (
    name: string,
    kernel: Elementwise<Constants>,
  ): DerivativeKernel => {
    const run = loop(name, kernel);
    return (delta, z, _, count) => run([delta, z], count);
  };
  const regularize = loop("regularize", REGULARIZE);
  const difference = loop("difference", DIFFERENCE);
  const clampedDifference = loop("clampedDifference", CLAMPED_DIFFERENCE);
  const scale = loop("scale", SCALE);
  const add = loop("add", ADD);
  return {
    ...forEach(MAPS, (name, kernel): ActivationKernel => {
      const run = loop(name, kernel);
      return (z, a, count) => run([z, a], count);
    }),
    ...forEach(DERIVATIVES_OF_A, derivativeOfA),
    ...forEach(DERIVATIVES_OF_Z, derivativeOfZ),
    ...updateKernels(loop),
    streaming: updateKernels(loops(library, "avx2", true)),
    regularize: (grad, w, count, l1, l2) =>
      regularize([grad, w], count, [l1, l2]),
    difference: (a, y, result, count) => difference([a, y, result], count),
    clampedDifference: (a, y, result, count) =>
      clampedDifference([a, y, result], count),
    scale: (values, count, factor) => scale([values], count, [factor]),
    add: (values, others, count) => add([values, others], count),
    dropout: dropoutKernel(library, level),
  };
}

/** The updates by loops of some sort. */
function updateKernels(
  loop: ReturnType<typeof loops>,
): Partial<UpdateKernels> {
  const updates = forEach(UPDATES, loop);
  return {
    articleUpdate: (w, grad, first, _, count, ...scalars) =>
      updates.article([w, grad, first], count, scalars),
    sgdUpdate(w, grad, first, _, count, rate, momentum, ahead) {
      (ahead === 0 ? updates.sgd : updates.nesterov)(
        [w, grad, first],
        count,
        [rate, momentum],
      );
    },
    rmspropUpdate: (w, grad, _, second, count, rate, rho, epsilon) =>
      updates.rmsprop([w, grad, second], count, [rate, rho, 1 - rho, epsilon]),
    adamUpdate(w, grad, first, second, count, ...scalars) {
      const [size, beta1, beta2, epsilon, correction, decay] = scalars;
      updates.adam([w, grad, first, second], count, [
        ...[size, beta1, 1 - beta1, beta2, 1 - beta2],
        ...[epsilon, correction, decay],
      ]);
    },
    nadamUpdate(w, grad, first, second, count, ...scalars) {
      const [gradStep, meanStep, beta1, beta2, epsilon, correction] = scalars;
      updates.nadam([w, grad, first, second], count, [
        ...[gradStep, meanStep, beta1, 1 - beta1, beta2, 1 - beta2],
        ...[epsilon, correction],
      ]);
    },
  };
}

function dropoutKernel(library: Library, level: Level): Kernels["dropout"] {
  const { words, floats } = library;
  let code: Deno.PointerObject | undefined;
  return (source, target, ld, from, to, keyLow, keyHigh, threshold, factor) => {
    if (from >= to) return;
    code ??= library.get("dropout", () => overFloats(DROPOUT, level));
    const [first, second] = dropoutKeys(keyLow, keyHigh);
    words[0] = source + 4 * ld * from;
    words[1] = target + 4 * ld * from;
    words[2] = ld * (to - from);
    floats[3] = factor;
    words[4] = ld * from + first;
    words[5] = second;
    words[6] = threshold;
    library.call(code);
  };
}
