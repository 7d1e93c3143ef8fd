/** What is fitted when a training has ended, to the samples that were held back from it. */
import {
  CALIBRATION_METHODS,
  type CalibrationMethod,
} from "../calibration/calibration.ts";
import type { FittedCalibration } from "../calibration/fit_calibration.ts";
import { type PredictionInterval, thresholdsOf } from "../calibration/kept.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import { visibleName } from "../checks/visible.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type {
  ThresholdAim,
  ThresholdChoice,
} from "../metrics/choose_threshold.ts";
import type { Mlp } from "../mlp/mlp.ts";
import {
  type FlagValues,
  numberOf,
  type Option,
  UsageError,
} from "./arguments.ts";

const ACTION = "read the command line";

/** Options that say what. */
export const FIT_OPTIONS = {
  calibrate: {
    value: "METHOD",
    help: `calibrate probabilities with the validation samples: ${
      CALIBRATION_METHODS.join(", ")
    }`,
  },
  threshold: {
    value: "AIM",
    help:
      "choose from which probability on a label applies, or the second of two classes, with the validation samples: f1, recall=0.9, precision=0.9, or cost=5:1 (a false positive costs 5, a false negative 1)",
  },
  interval: {
    value: "X",
    help:
      "of numbers: find how far predictions are off, so that a fraction X of the validation samples is within",
  },
} as const satisfies Record<string, Option>;

/** What is to be fitted. */
export interface FitCommand {
  readonly method: CalibrationMethod | undefined;
  readonly aim: ThresholdAim | undefined;
  readonly coverage: number | undefined;
}

/** What was fitted. */
export interface Fitted {
  /** With how many samples it was fitted to. */
  readonly calibration?: FittedCalibration & { readonly samples: number };
  /** Each with the name of its label, or of the second class. */
  readonly thresholds?:
    readonly (ThresholdChoice & { readonly name: string })[];
  readonly interval?: PredictionInterval;
}

/**
 * Turns options into what they mean.
 *
 * @throws {UsageError} If nothing is held back to fit to, a file can't hold it, or an aim can't be read.
 * @throws {RangeError} If there is no such method, or a number is out of its range.
 */
export function fitCommand(flags: FlagValues): FitCommand {
  for (const name of Object.keys(FIT_OPTIONS)) {
    const held = Number(flags["validation-split"] ?? 0);
    if (flags[name] === undefined || held > 0) continue;
    throw new UsageError(
      `Cannot ${ACTION} as '--${name}' is fitted to samples that are held back: write --validation-split 0.2 as well`,
    );
  }
  const method = flags.calibrate === undefined ? undefined : requireChoice(
    ACTION,
    "--calibrate",
    flags.calibrate,
    CALIBRATION_METHODS,
  );
  if (method === "isotonic" && `${flags.save}`.endsWith(".onnx")) {
    throw new UsageError(
      `Cannot ${ACTION} as ONNX has no nodes for '--calibrate isotonic': save as .safetensors or .json, or write --calibrate platt`,
    );
  }
  const coverage = numberOf(flags, FIT_OPTIONS, "interval");
  if (coverage !== undefined && !(coverage > 0 && coverage < 1)) {
    const wanted = "a number between 0 and 1";
    throw new UsageError(wrong(ACTION, "--interval", wanted, coverage));
  }
  const aim = flags.threshold === undefined
    ? undefined
    : aimOf(flags.threshold as string);
  return { method, aim, coverage };
}

function aimOf(text: string): ThresholdAim {
  if (text === "f1") return text;
  const [, name, first, , second] =
    /^(recall|precision|cost)=([\d.]+)(:([\d.]+))?$/.exec(text) ?? [];
  const [one, other] = [Number(first), Number(second)];
  if (name === "cost" && one > 0 && other > 0) return { cost: [one, other] };
  if (second === undefined && one >= 0 && one <= 1) {
    if (name === "recall") return { recall: one };
    if (name === "precision") return { precision: one };
  }
  throw new UsageError(
    wrong(
      ACTION,
      "--threshold",
      "f1, recall=0.9, precision=0.9 or cost=5:1",
      text,
    ),
  );
}

/**
 * Refuses what a network has no use for.
 *
 * @throws {UsageError} If there is such an option.
 */
export function requireFitting(
  { task, layers }: Mlp,
  { method, aim, coverage }: FitCommand,
): void {
  const refuse = (option: string, what: string) => {
    throw new UsageError(
      `Cannot train as '--${option}' is for ${what}, and the task is '${task}'${
        task === "classes" ? ` with ${layers.at(-1)} of them` : ""
      }: leave it out`,
    );
  };
  if (method !== undefined && task === "numbers") {
    refuse("calibrate", "probabilities");
  }
  if (aim !== undefined && thresholdsOf(task, layers.at(-1)!) === 0) {
    refuse("threshold", "labels or two classes");
  }
  if (coverage !== undefined && task !== "numbers") {
    refuse("interval", "numbers");
  }
}

/** Fits what is asked for: thresholds are for probabilities that are calibrated already. */
export async function fitAfter(
  mlp: Mlp,
  held: Samples | SparseSamples,
  { method, aim, coverage }: FitCommand,
): Promise<Fitted> {
  const names = mlp.classNames ?? [];
  const calibration = method && await mlp.calibrate(held, { method });
  const choices = aim && await mlp.chooseThresholds(held, { aim });
  const interval = coverage === undefined
    ? undefined
    : await mlp.fitInterval(held, { coverage });
  return {
    ...(calibration &&
      { calibration: { ...calibration, samples: held.count } }),
    ...(choices && {
      thresholds: choices.map((choice, at) => ({
        name: (mlp.task === "classes" ? names.at(-1) ?? "1" : names[at]) ??
          `${at}`,
        ...choice,
      })),
    }),
    ...(interval && { interval }),
  };
}

/** With fewer, curves follow chance: a class that the samples have not is taken for impossible. */
const ISOTONIC_SAMPLES = 1000;

/** What was fitted in words, one sentence a line. */
export function fittedLines(
  { calibration, thresholds = [], interval }: Fitted,
): string[] {
  const lines: string[] = [];
  if (calibration !== undefined) {
    const { calibration: { method }, before, after, samples } = calibration;
    const [loss, less] = [before.toFixed(4), after.toFixed(4)];
    lines.push(
      `calibrated by ${method}: validation log loss ${loss} → ${less}${
        after < before ? "" : ", nothing to change"
      }${
        method === "isotonic" && samples < ISOTONIC_SAMPLES
          ? `, of ${samples} samples: such curves need some thousand, temperature and platt fewer`
          : ""
      }`,
    );
  }
  for (const { name, threshold, precision, recall, f1 } of thresholds) {
    const [p, r, f] = [precision, recall, f1].map((one) => one.toFixed(4));
    lines.push(
      `threshold of ${visibleName(name)} ${
        threshold.toFixed(4)
      }: validation precision ${p}  recall ${r}  f1 ${f}`,
    );
  }
  if (interval !== undefined) {
    const { coverage, halfWidths } = interval;
    const widths = halfWidths.map((half) => `±${half.toPrecision(4)}`);
    lines.push(`interval of ${coverage}: ${widths.join(", ")}`);
  }
  return lines;
}
