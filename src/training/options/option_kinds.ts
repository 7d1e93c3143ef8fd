/** Kinds of options of a training: how a value is checked, and how it is typed on a command line. */
import type { Samples, SparseSamples } from "../../data/dataset.ts";
import { requireSamples } from "../../data/require_samples.ts";
import { WrongTypeError, WrongValueError } from "../../checks/errors.ts";
import {
  type Condition,
  FRACTION,
  requireBoolean,
  requireChoice,
  requireNumber,
  wholeFrom,
  wrong,
} from "../../checks/validate.ts";

/**
 * How values are typed: a number, one or several, a word, a word or numbers, or nothing, as the name says it all; or
 * several of true and false.
 */
export type Form = "number" | "numbers" | "word" | "switch" | "switches";

/** A kind of values of type T: of all of T, and of nothing else, as `in out` has the compiler check. */
export interface Kind<in out T> {
  readonly form?: Form;
  /** What stands for a value in the help. */
  readonly label?: string;
  /** The words that are possible. */
  readonly words?: readonly string[];
  /** Refuses what is not of the kind, before the samples are known. */
  readonly check: (action: string, name: string, value: unknown) => T;
}

export function whole(least: number): Kind<number> {
  return { ...number(wholeFrom(least)), label: "N" };
}

/** A power of two, from 1. */
export const POWER_OF_TWO: Kind<number> = {
  form: "number",
  label: "N",
  check(action, name, value) {
    const count = requireNumber(action, name, value, wholeFrom(1));
    if (Number.isInteger(Math.log2(count))) return count;
    throw new WrongValueError(
      wrong(action, name, "a power of two, such as 8", value),
    );
  },
};

export function number(condition: Condition): Kind<number> {
  return {
    form: "number",
    label: "X",
    check: (action, name, value) =>
      requireNumber(action, name, value, condition),
  };
}

/** A part of each hidden layer, or one for all. */
export const FRACTIONS: Kind<number | readonly number[]> = {
  form: "numbers",
  label: "X,…",
  check(action, name, value) {
    const fraction = (name: string, value: unknown) =>
      requireNumber(action, name, value, FRACTION);
    return Array.isArray(value)
      ? value.map((one, at) => fraction(`${name}[${at}]`, one))
      : fraction(name, value);
  },
};

export function choice<const T extends readonly string[]>(
  words: T,
): Kind<T[number]> {
  return {
    form: "word",
    label: "NAME",
    words,
    check: (action, name, value) => requireChoice(action, name, value, words),
  };
}

export const SWITCH: Kind<boolean> = { form: "switch", check: requireBoolean };

/** True or false, for each layer of weights. */
export const SWITCHES: Kind<readonly boolean[]> = {
  form: "switches",
  label: "true|false,…",
  check(action, name, value) {
    if (!Array.isArray(value)) {
      const wanted = "an array of true and false";
      throw new WrongTypeError(wrong(action, name, wanted, value));
    }
    return value.map((one, at) =>
      requireBoolean(action, `${name}[${at}]`, one)
    );
  },
};

/** An object of a kind; what it holds is checked where it is used. */
export function instance<T>(
  wanted: string,
  is: (value: unknown) => boolean,
): Kind<T> {
  return {
    check(action, name, value) {
      if (is(value)) return value as T;
      throw new WrongTypeError(wrong(action, name, wanted, value));
    },
  };
}

/** Samples; whether they fit the network is checked where they are used. */
export const SAMPLES: Kind<Samples | SparseSamples> = {
  check(action, name, value) {
    requireSamples(action, name, value);
    return value;
  },
};

export function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether a value is an array, or like one. */
export function isList(value: unknown): boolean {
  return isObject(value) && "length" in value &&
    typeof value.length === "number";
}
