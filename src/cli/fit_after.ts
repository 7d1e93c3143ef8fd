/** What is fitted when a training has ended, to the samples that were held back from it. */
import {
  CALIBRATION_METHODS,
  type CalibrationMethod,
} from "../calibration/calibration.ts";
import type { FittedCalibration } from "../calibration/fit_calibration.ts";
import { requireChoice } from "../checks/validate.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { type FlagValues, type Option, UsageError } from "./arguments.ts";

/** Options that say what. */
export const FIT_OPTIONS = {
  calibrate: {
    value: "METHOD",
    help: `calibrate probabilities with the validation samples: ${
      CALIBRATION_METHODS.join(", ")
    }`,
  },
} as const satisfies Record<string, Option>;

/** What is to be fitted. */
export interface FitCommand {
  readonly method?: CalibrationMethod;
}

/** What was fitted. */
export interface Fitted {
  readonly calibration?: FittedCalibration;
}

/**
 * Turns options into what they mean.
 *
 * @throws {UsageError} If nothing is held back to fit to, or a file can't hold it.
 * @throws {RangeError} If there is no such method.
 */
export function fitCommand(flags: FlagValues): FitCommand {
  const action = "read the command line";
  for (const name of Object.keys(FIT_OPTIONS)) {
    const held = Number(flags["validation-split"] ?? 0);
    if (flags[name] === undefined || held > 0) continue;
    throw new UsageError(
      `Cannot ${action} as '--${name}' is fitted to samples that are held back: write --validation-split 0.2 as well`,
    );
  }
  if (flags.calibrate === undefined) return {};
  const method = requireChoice(
    action,
    "--calibrate",
    flags.calibrate,
    CALIBRATION_METHODS,
  );
  if (method === "isotonic" && `${flags.save}`.endsWith(".onnx")) {
    throw new UsageError(
      `Cannot ${action} as ONNX has no nodes for '--calibrate isotonic': save as .safetensors or .json, or write --calibrate platt`,
    );
  }
  return { method };
}

/**
 * Refuses what a network has no use for.
 *
 * @throws {UsageError} If there is such an option.
 */
export function requireFitting({ task }: Mlp, { method }: FitCommand): void {
  if (method === undefined || task !== "numbers") return;
  throw new UsageError(
    "Cannot train as '--calibrate' is for probabilities, and the task is 'numbers': leave it out",
  );
}

/** Fits what is asked for. */
export async function fitAfter(
  mlp: Mlp,
  held: Samples | SparseSamples,
  { method }: FitCommand,
): Promise<Fitted> {
  if (method === undefined) return {};
  return { calibration: await mlp.calibrate(held, { method }) };
}

/** What was fitted in words, one sentence a line. */
export function fittedLines({ calibration }: Fitted): string[] {
  if (calibration === undefined) return [];
  const { calibration: { method }, before, after } = calibration;
  return [
    `calibrated by ${method}: validation log loss ${before.toFixed(4)} → ${
      after.toFixed(4)
    }${after < before ? "" : ", nothing to change"}`,
  ];
}
