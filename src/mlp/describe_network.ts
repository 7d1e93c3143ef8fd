/** What a network is, as files keep it. */
import type { Kept } from "../calibration/kept.ts";
import type { ModelDescription } from "../models/model.ts";

/** The fields of a network that a description is made of. */
type Described =
  & Pick<
    ModelDescription,
    | "layers"
    | "activations"
    | "task"
    | "output"
    | "loss"
    | "seed"
    | "classNames"
    | "targetNames"
    | "preprocessing"
    | "targets"
    | "training"
  >
  & Kept
  & {
    readonly preset: NonNullable<ModelDescription["preset"]>;
    readonly members: number;
  };

/** Describes a network; what is as it is by default is left out. */
export function descriptionOf(network: Described): ModelDescription {
  const { layers, activations, task, output, loss, seed } = network;
  const { preset, classNames, targetNames, training } = network;
  const { preprocessing, targets } = network;
  const { calibration, thresholds, interval, members } = network;
  return {
    ...{ layers, activations, task, output, loss, seed },
    ...(preset === "standard" ? {} : { preset }),
    ...(classNames === undefined ? {} : { classNames }),
    ...(targetNames === undefined ? {} : { targetNames }),
    ...(preprocessing === undefined ? {} : { preprocessing }),
    ...(targets === undefined ? {} : { targets }),
    ...(members === 1 ? {} : { members }),
    ...(calibration === undefined ? {} : { calibration }),
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(interval === undefined ? {} : { interval }),
    ...(training === undefined ? {} : { training }),
  };
}
