import { type ActivationName, ACTIVATIONS } from "../units/activations.ts";
import type { OptimizerName, OptimizerSettings } from "../units/optimizers.ts";
import { LOSSES, type LossName } from "../units/losses.ts";
import { type OutputName, OUTPUTS } from "../units/outputs.ts";
import type { Task } from "../units/tasks.ts";

/** The properties of a network that a plan needs. */
export interface Network {
  /** Nodes of each layer, from the input to the output. */
  readonly layers: readonly number[];
  /** Of each hidden layer. */
  readonly activations: readonly ActivationName[];
  readonly task: Task;
  readonly output: OutputName;
  readonly loss: LossName;
}

/** What computes A from Z in a layer from 1 on. */
export function activationOf(
  { layers, activations, output }: Network,
  layer: number,
): ActivationName | "softmax" {
  if (layer < layers.length - 1) return activations[layer - 1];
  return OUTPUTS[output].activation;
}

/** Whether Z of a layer is needed once A was computed, so that A can't take its place. */
export function needsLogits(network: Network, layer: number): boolean {
  const { layers, activations, loss } = network;
  return layer === layers.length - 1
    ? LOSSES[loss].of === "logits"
    : ACTIVATIONS[activations[layer - 1]].derivativeOf === "z";
}

/** The settings of a training that don't change from epoch to epoch. */
export interface Training extends OptimizerSettings {
  readonly optimizer: OptimizerName;
  readonly l1: number;
  readonly l2: number;
  /** Whether gradients are summed over a batch or averaged. */
  readonly reduction: "sum" | "mean";
  /** Fraction of the nodes that is dropped, for each hidden layer. */
  readonly dropout: readonly number[];
  /** Largest norm of all gradients together; 0 for none. */
  readonly clipNorm: number;
  /** Parts of a batch whose gradients are computed apart, a power of two. */
  readonly shards: number;
  /** Whether each process has samples of its own. */
  readonly partitioned: boolean;
  /** Whether ops are timed: ranks then wait for each other first, so that it shows apart from what is sent. */
  readonly timings: boolean;
  /** Whether each layer of weights learns; one does at least. */
  readonly trainable: readonly boolean[];
}
