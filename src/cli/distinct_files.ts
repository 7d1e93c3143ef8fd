/** Files that are written must not be those that are read, nor the same twice, however their paths are spelled. */
import { basename, dirname, join, resolve } from "node:path";
import { type FlagValues, type Options, UsageError } from "./arguments.ts";
import { filesOf } from "./data_hash.ts";

/** A file that an option names. */
interface Named {
  readonly option: string;
  readonly path: string;
  readonly written: boolean;
}

/** Stands for files that are named without an option. */
const FILES = "";

/** To go on into the checkpoint that a training came from is what most want. */
const MAY_BE_ONE = new Set(["checkpoint", "resume"]);

/**
 * Refuses to write over what is read, and to write two things to one place.
 *
 * @param files Others that are read.
 *
 * @throws {UsageError} If two options name the same file: by other spellings, links or hard links too.
 */
export async function requireDistinctFiles(
  flags: FlagValues,
  options: Options,
  files: readonly string[] = [],
): Promise<void> {
  const all = [
    ...await namedFiles(flags, options),
    ...files.map((path) => ({ option: FILES, path, written: false })),
  ];
  const known: (Named & { readonly places: readonly string[] })[] = [];
  // Nothing is asked of the system where nothing is written.
  if (!all.some(({ written }) => written)) return;
  for (const file of all) {
    const places = await placesOf(file.path);
    for (const other of known) {
      if (!file.written && !other.written) continue;
      if (MAY_BE_ONE.has(file.option) && MAY_BE_ONE.has(other.option)) continue;
      if (!places.some((place) => other.places.includes(place))) continue;
      const [lost, kept] = file.written ? [file, other] : [other, file];
      throw new UsageError(
        `Cannot write '${lost.path}' as '--${lost.option}' must be another file than ${
          kept.option === FILES ? "one that is read" : `'--${kept.option}'`
        }`,
      );
    }
    known.push({ ...file, places });
  }
}

async function namedFiles(
  flags: FlagValues,
  options: Options,
): Promise<Named[]> {
  const found: Named[] = [];
  for (const [option, { file, default: standard }] of Object.entries(options)) {
    const path = flags[option] ?? standard;
    if (file === undefined || typeof path !== "string") continue;
    const written = file === "written";
    for (const each of option === "dataset" ? await filesOf(path) : [path]) {
      found.push({ option, path: each, written });
    }
  }
  return found;
}

/** What a file is known by: its path without links, and its number on its disk, which its hard links share. */
async function placesOf(path: string): Promise<string[]> {
  try {
    const { dev, ino } = await Deno.stat(path);
    const place = await Deno.realPath(path);
    return ino === null ? [place] : [place, `${dev} ${ino}`];
  } catch {
    // It isn't there yet; or it can't be looked at, and whoever reads or writes it says why.
    try {
      return [join(await Deno.realPath(dirname(path)), basename(path))];
    } catch {
      return [resolve(path)];
    }
  }
}
