/** What is fitted to a network by its predictions, and kept with it. */
import {
  CALIBRATION_METHODS,
  type CalibrationMethod,
} from "../calibration/calibration.ts";
import {
  fitCalibration,
  type FittedCalibration,
} from "../calibration/fit_calibration.ts";
import { type PredictionInterval, thresholdsOf } from "../calibration/kept.ts";
import { WrongValueError } from "../checks/errors.ts";
import { requireOptions } from "../checks/options.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import type { CsrMatrix, Samples, SparseSamples } from "../data/dataset.ts";
import { describe } from "../checks/visible.ts";
import { requireSamples } from "../data/require_samples.ts";
import {
  inferPrepared,
  type PredictingNetwork,
} from "../inference/predicting_network.ts";
import {
  chooseThreshold,
  type ThresholdAim,
  type ThresholdChoice,
} from "../metrics/choose_threshold.ts";
import { conformalHalfWidths } from "../metrics/conformal.ts";
import {
  prepareSamples,
  type SampleSpec,
} from "../samples/prepared_samples.ts";

/** A network that predicts. */
interface Predictor extends SampleSpec {
  predict(x: Float32Array | CsrMatrix): Promise<Float32Array>;
}

/** Targets of samples, which are checked first, and what is predicted for them. */
async function pairsOf(
  action: string,
  network: Predictor,
  samples: Samples | SparseSamples,
): Promise<{ readonly y: Float32Array; readonly found: Float32Array }> {
  await prepareSamples(action, network, samples);
  const y = Float32Array.from(samples.y);
  return { y, found: await network.predict(samples.x) };
}

/** See {@linkcode Mlp.calibrate}. */
export async function calibrationFor(
  predicting: PredictingNetwork,
  network: SampleSpec,
  samples: Samples | SparseSamples,
  options: { readonly method: CalibrationMethod },
): Promise<FittedCalibration> {
  const action = "calibrate";
  requireSamples(action, "samples", samples);
  requireOptions(action, options, ["method"]);
  const method = requireChoice(
    action,
    "method",
    options.method,
    CALIBRATION_METHODS,
  );
  if (network.task === "numbers") {
    const wanted = "'classes' or 'labels'";
    throw new WrongValueError(wrong(action, "task", wanted, network.task));
  }
  const prepared = await prepareSamples(action, network, samples);
  const logits = await inferPrepared(predicting, prepared, undefined, true);
  const z = Float64Array.from(logits);
  const width = network.layers.at(-1)!;
  return fitCalibration(method, predicting.output, {
    z,
    y: prepared.y,
    width,
  });
}

/** See {@linkcode Mlp.chooseThresholds}. */
export async function choicesFor(
  network: Predictor,
  samples: Samples | SparseSamples,
  options: { readonly aim?: ThresholdAim },
): Promise<ThresholdChoice[]> {
  const action = "choose thresholds";
  requireSamples(action, "samples", samples);
  requireOptions(action, options, ["aim"]);
  const width = network.layers.at(-1)!;
  const count = thresholdsOf(network.task, width);
  if (count === 0) {
    const wanted = "'labels', or 'classes' with two of them";
    const found = network.task === "classes"
      ? `'classes' with ${width} of them`
      : `'${network.task}'`;
    throw new WrongValueError(
      `Cannot ${action} as 'task' must be ${wanted}: current value is ${found}`,
    );
  }
  const { y, found } = await pairsOf(action, network, samples);
  const names = network.classNames ?? network.targetNames;
  return Array.from({ length: count }, (_, at) => {
    const output = count === 1 ? width - 1 : at;
    const isOf = (_: number, i: number) => i % width === output;
    requireBoth(action, y.filter(isOf), names?.[output] ?? `${output}`);
    return chooseThreshold(y.filter(isOf), found.filter(isOf), options.aim);
  });
}

/** Refuses samples all of which a label applies to, or none. */
function requireBoth(action: string, y: Float32Array, name: string): void {
  const { length } = y;
  const applies = y.filter((target) => target >= 0.5).length;
  if (applies > 0 && applies < length) return;
  const wanted = `some of ${describe(name)} and some others`;
  throw new WrongValueError(
    wrong(action, "samples", wanted, `${applies} of ${length}`),
  );
}

/** See {@linkcode Mlp.fitInterval}. */
export async function intervalFor(
  network: Predictor,
  samples: Samples | SparseSamples,
  options: { readonly coverage: number },
): Promise<PredictionInterval> {
  const action = "find an interval";
  requireSamples(action, "samples", samples);
  requireOptions(action, options, ["coverage"]);
  if (network.task !== "numbers") {
    throw new WrongValueError(wrong(action, "task", "'numbers'", network.task));
  }
  const { y, found } = await pairsOf(action, network, samples);
  const { coverage } = options;
  const width = network.layers.at(-1)!;
  return {
    coverage,
    halfWidths: conformalHalfWidths(y, found, width, coverage),
  };
}
