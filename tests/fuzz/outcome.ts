/** The outcome of a reader for the bytes of a file that may be broken or malicious. */
import assert from "node:assert/strict";
import process from "node:process";
import { isMistake } from "../../src/checks/errors.ts";

/** Reads the bytes of a file; its name is for errors. */
type Read = (bytes: Uint8Array<ArrayBuffer>, name: string) => unknown;

/** A reader, and what it is tried with. */
export interface FuzzedReader {
  /** A name for the file, with the ending of its format. */
  readonly name: string;
  readonly read: Read;
  /** Small valid files. */
  readonly files: readonly Uint8Array<ArrayBuffer>[];
  /** Whether a result is valid. Default: all its numbers must be finite */
  readonly isRight?: (result: unknown) => boolean;
  /** How many of some hundred broken files must be read nevertheless, at least. Default: 1 */
  readonly minimumRead?: number;
}

/**
 * Seconds of processor time that a reader may take for a small file: some thousand times what most of them take, as other
 * tests in the same process, which run meanwhile, count as well.
 */
const MAXIMUM_SECONDS = 5;

/** Bytes by which the process may grow while a reader runs, and other tests with it. A file that is a bomb takes more. */
const MAXIMUM_BYTES = 1e9;

/** Whether all numbers in a value are finite, however deep: nothing in a file may silently become NaN. */
export function isFinite(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === "number") {
      if (!Number.isFinite(next)) return false;
    } else if (ArrayBuffer.isView(next)) {
      // Those of integers are finite anyway.
      if (
        (next instanceof Float32Array || next instanceof Float64Array) &&
        !next.every(Number.isFinite)
      ) return false;
    } else if (typeof next === "object" && next !== null) {
      for (const part of Object.values(next)) left.push(part);
    }
  }
  return true;
}

function seconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The most memory that the process ever had, in bytes. */
function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** Runs `use`, which may throw, and requires that it takes less than a second of processor time and than 200 MB. */
export async function requireFrugal<T>(
  use: () => T | Promise<T>,
  name = "it",
): Promise<T> {
  const { rss } = Deno.memoryUsage();
  const [start, highest] = [seconds(), peak()];
  try {
    return await use();
  } finally {
    const took = seconds() - start;
    assert.ok(took < MAXIMUM_SECONDS, `${name} took ${took} s`);
    const grown = peak() - rss;
    assert.ok(
      peak() === highest || grown < MAXIMUM_BYTES,
      `${name} took ${Math.round(grown / 1e6)} MB`,
    );
  }
}

/**
 * Runs a reader, and requires one of two outcomes: a result whose numbers are finite, or an error of one of our classes
 * that names the file; in less than a second of processor time, and with less than 200 MB of memory.
 *
 * @param isRight Whether the result is, where it may hold NaN.
 * @returns The result, or the error.
 */
export async function outcomeOf(
  read: Read,
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  isRight: (result: unknown) => boolean = isFinite,
): Promise<{ readonly result: unknown } | { readonly error: Error }> {
  let outcome: { readonly result: unknown } | { readonly error: Error };
  try {
    const result = await requireFrugal(() => read(bytes, name), name);
    outcome = { result };
  } catch (error) {
    // A bug in the program is rethrown with its stack.
    if (!isMistake(error)) throw error;
    outcome = { error };
  }
  if ("error" in outcome) {
    const { message } = outcome.error;
    assert.ok(message.includes(`'${name}'`), `no name of the file: ${message}`);
    assert.ok(message.length < 5000, `${message.length} letters of a message`);
  } else assert.ok(isRight(outcome.result), `${name} has a NaN or infinity`);
  return outcome;
}
