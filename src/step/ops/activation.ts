/** Activations and their derivatives. */
import { TILE_SAMPLES } from "../../kernels/kernels.ts";
import {
  ACTIVATIONS,
  type ComputedActivation,
  isComputed,
} from "../../units/activations.ts";
import { activationOf } from "../network.ts";
import type { Batch, Buffers, OpContext } from "../op.ts";

/** `A[N] = act(Z[N])`; the softmax has an op of its own. */
export function activationOps(buffers: Buffers, layer: number) {
  const name = activationOf(buffers.network, layer);
  if (name === "softmax") return [softmaxOp(buffers, layer)];
  return isComputed(name) ? [activateOp(buffers, layer, name)] : [];
}

function activateOp(
  { batch, slots }: Buffers,
  layer: number,
  kernel: ComputedActivation,
) {
  const [z, a] = [batch.z[layer], batch.whole[layer]];
  return {
    code: "activate" as const,
    slot: slots.add("forward", "activation", layer),
    kernel,
    ...{ z: z.offset, a: a.offset, ld: a.ld, rows: a.rows },
    clearPadding: ACTIVATIONS[kernel].forward(0) !== 0 && a.rows < a.ld,
  };
}

/** Runs an {@linkcode activateOp}. */
export function activate(
  { kernels }: OpContext,
  { kernel, z, a, ld, rows, clearPadding }: ReturnType<typeof activateOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  const at = 4 * ld * from;
  const end = wholeTiles(to);
  kernels[kernel](z + at, a + at, ld * (end - from));
  if (clearPadding) kernels.clearPadding(a, ld, rows, from, end);
}

/** `A[E] = softmax(Z[E])` of each sample. */
function softmaxOp({ batch, slots }: Buffers, layer: number) {
  const [z, a] = [batch.z[layer], batch.whole[layer]];
  return {
    code: "softmax" as const,
    slot: slots.add("forward", "activation", layer),
    ...{ z: z.offset, a: a.offset, ld: a.ld, rows: a.rows },
  };
}

/** Runs a {@linkcode softmaxOp}. */
export function softmax(
  { kernels }: OpContext,
  { z, a, ld, rows }: ReturnType<typeof softmaxOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  kernels.softmax(z, a, ld, rows, from, wholeTiles(to));
}

/** The products fill whole tiles; so does the activation, so that no raw Z stays behind. */
function wholeTiles(to: number): number {
  return Math.ceil(to / TILE_SAMPLES) * TILE_SAMPLES;
}

/** `delta[N] ⊙= act'(Z[N], A[N])`; none where the derivative is 1. A softmax's cancels with its losses. */
export function derivativeOps(buffers: Buffers, layer: number) {
  const name = activationOf(buffers.network, layer);
  if (name === "softmax") return [];
  return isComputed(name) ? [derivativeOp(buffers, layer, name)] : [];
}

function derivativeOp(
  { batch, slots }: Buffers,
  layer: number,
  name: ComputedActivation,
) {
  return {
    code: "derivative" as const,
    slot: slots.add("backward", "derivative", layer),
    kernel: `${name}Derivative` as const,
    delta: batch.delta[layer].offset,
    z: batch.z[layer].offset,
    a: batch.whole[layer].offset,
    ld: batch.delta[layer].ld,
  };
}

/** Runs a {@linkcode derivativeOp}. */
export function derivative(
  { kernels }: OpContext,
  { kernel, delta, z, a, ld }: ReturnType<typeof derivativeOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  const at = 4 * ld * from;
  kernels[kernel](delta + at, z + at, a + at, ld * (to - from));
}
