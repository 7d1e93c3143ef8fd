/** The machine code that a network needs, made before it is called. */
import { leadingDimension, TILE_INPUTS } from "../kernels.ts";
import type { Products } from "../products.ts";
import {
  type ActivationName,
  ACTIVATIONS,
  isComputed,
} from "../../units/activations.ts";
import { LOSSES, type LossName } from "../../units/losses.ts";
import { type OutputName, OUTPUTS } from "../../units/outputs.ts";
import type { Code } from "./assembler.ts";
import type { Level } from "./cpu.ts";
import { type NativeKernels, nativeKernels } from "./kernels.ts";
import { type Installed, Library } from "./library.ts";
import { installAll, type Machine } from "./memory.ts";

/** What has to be known of a network; all kernels there are for its layers are made without activations and loss. */
export interface KernelNeeds {
  readonly layers: readonly number[];
  readonly activations?: readonly ActivationName[];
  readonly output?: OutputName;
  readonly loss?: LossName;
}

/** A machine that calls nothing: only what is installed counts. */
function idle(install: Machine["install"]): Machine {
  const words = new Uint32Array(32);
  const floats = new Float32Array(words.buffer);
  return { words, floats, install, call: () => {} };
}

/** Asks for what a training of a network may call, by any optimizer, from inputs of any sort. */
function callAll(
  kernels: NativeKernels,
  products: Products,
  needs: KernelNeeds,
): void {
  const { layers, activations, output, loss } = needs;
  for (let n = 1; n < layers.length; n++) {
    const [inputs, outputs] = [layers[n - 1], layers[n]];
    const [lda, ld] = [inputs, outputs].map(leadingDimension);
    const w = { w: 0, ldw: ld, packed: 0, outputs, inputs };
    const a = { a: 0, aStep: 0, lda };
    products.forward({ ...w, ...a, z: 0, ldz: ld }, 0, 0, 1);
    const back = { delta: 0, ldd: ld, result: 0, ldr: lda };
    if (n > 1) products.delta({ ...w, ...back }, 0, 1);
    const gradient = { delta: 0, ldd: ld, outputs, ...a, grad: 0, ldg: ld };
    for (const to of [TILE_INPUTS, inputs]) {
      products.gradient(gradient, { start: 0, size: 1e4 }, 0, to, 0);
    }
    kernels.biasGradient(0, ld, outputs, 1, 0);
    kernels.packTransposed(0, ld, outputs, inputs, 0, 0, 1);
    kernels.clearPadding(0, ld, outputs, 0, 1);
    kernels.penalties(0, ld, 0, 0, 0, 1);
    kernels.columnSquares(0, ld, 0, 0, 1);
  }
  const [inputs, first] = layers;
  const ld = leadingDimension(first);
  const input = { w: 0, ldw: ld, outputs: first, inputs, z: 0, ldz: ld };
  products.forwardSkipping?.(input, new Float32Array(), inputs, 0, 0);
  kernels.forwardSparse(0, ld, first, 0, 1, 0, 0, 0, 0, 0, ld, 0, 1);
  kernels.gradientSparse(0, ld, first, 1, 0, 0, 0, 0, 0, ld, 0, 1, 1);
  kernels.weightedSum(0, ld, first, 1, 0, 0);
  kernels.addOuter(0, 0, 0, ld, 0, 1);
  const last = output === undefined ? undefined : OUTPUTS[output].activation;
  const used = activations === undefined
    ? Object.keys(ACTIVATIONS) as ActivationName[]
    : new Set([...activations, last]);
  for (const name of used) {
    if (name === undefined || name === "softmax" || !isComputed(name)) continue;
    kernels[name]?.(0, 0, 4);
    kernels[`${name}Derivative`]?.(0, 0, 0, 4);
  }
  const outputs = layers.at(-1)!;
  const sample = [0, 0, leadingDimension(outputs), outputs] as const;
  if (last === undefined || last === "softmax") {
    kernels.softmax(...sample, 0, 1);
  }
  for (
    const name of [
      ...(loss === undefined ? Object.keys(LOSSES) as LossName[] : [loss]),
      ...["absoluteError", "correct", "correctLabels"] as const,
    ]
  ) kernels[name]?.(...sample, 0, 0, 1);
  kernels.difference?.(0, 0, 0, 4);
  kernels.clampedDifference?.(0, 0, 0, 4);
  kernels.dropout(0, 0, ld, 0, 1, 0, 0, 0, 1);
  kernels.gather(0, 0, 0, ld, 0, 1);
  kernels.fillColumns(0, 0, ld, 0, 1);
  kernels.scaleColumns(0, ld, 4, 1, 0, 1);
  kernels.weighResults(0, 0, 0, 1);
  kernels.regularize(0, 0, 4, 0, 0);
  kernels.scale(0, 4, 1);
  kernels.add(0, 0, 4);
  for (const updates of [kernels, kernels.streaming ?? {}]) {
    for (const ahead of [0, 1]) updates.sgdUpdate?.(0, 0, 0, 0, 4, 0, 0, ahead);
    updates.articleUpdate?.(0, 0, 0, 0, 4);
    updates.adamUpdate?.(0, 0, 0, 0, 4);
    updates.nadamUpdate?.(0, 0, 0, 0, 4);
    updates.rmspropUpdate?.(0, 0, 0, 0, 4);
  }
}

/** The code of a network's kernels by their names, but those that are installed already. */
export function codeOf(
  level: Level,
  needs: KernelNeeds,
  installed: Installed = new Map(),
): ReadonlyMap<string, Code> {
  const codes = new Map<string, Code>();
  const nowhere = {} as Deno.PointerObject;
  const machine = idle((code, name) => {
    codes.set(name, code);
    return nowhere;
  });
  const { kernels, products } = nativeKernels(
    new Library(machine, new Map(installed)),
    level,
  );
  callAll(kernels, products, needs);
  return codes;
}

/** What this process has installed, which stays as long as it lives. */
const installedHere = new Map<Level, Installed>();

/** What was returned last time, and for what. */
let returned: {
  readonly key: string;
  readonly addresses: ReadonlyMap<string, bigint>;
} | undefined;

/**
 * Installs the kernels of a network where that wasn't done yet, and returns the addresses of all that are there: any thread may
 * call them, with any memory.
 */
export function installFor(
  level: Level,
  needs: KernelNeeds,
): ReadonlyMap<string, bigint> {
  const { layers, activations, output, loss } = needs;
  const key = JSON.stringify([level, layers, activations, output, loss]);
  if (returned?.key === key) return returned.addresses;
  let installed = installedHere.get(level);
  if (installed === undefined) installedHere.set(level, installed = new Map());
  const codes = codeOf(level, needs, installed);
  const names = [...codes.keys()];
  const bytes = [...codes.values()].map(({ bytes }) => bytes);
  for (const [n, place] of installAll(bytes).entries()) {
    installed.set(names[n], place);
  }
  const addresses = new Map(
    [...installed].map((
      [name, code],
    ) => [name, Deno.UnsafePointer.value(code)]),
  );
  returned = { key, addresses };
  return addresses;
}
