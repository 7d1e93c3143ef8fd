import { parseJson } from "../io/parse_json.ts";
import { readBytes } from "../io/read_bytes.ts";
import { utf8 } from "../io/utf8.ts";
import { noOption } from "../checks/options.ts";
import { quotedName } from "../checks/visible.ts";
import {
  type FlagValues,
  hintsOf,
  type Options,
  UsageError,
} from "./arguments.ts";

/** Most bytes of a file with options: a thousand times what one with all of them has. */
const MOST_BYTES = 1 << 20;

/**
 * Adds the options of a JSON file: one object whose names are those of the command line without dashes in front. What the
 * command line says counts more.
 *
 * @throws {UsageError} If the file is no such object, or a name is unknown.
 * @throws {RangeError} If the file is no JSON, or has a name twice.
 * @throws {Deno.errors.NotFound} If there is no such file.
 */
export async function withConfig(
  flags: FlagValues,
  options: Options,
): Promise<FlagValues> {
  if (flags.config === undefined) return flags;
  const path = flags.config as string;
  const text = utf8(await readBytes(path, MOST_BYTES), path);
  const fields = withoutFindings(parseJson(text, path, "its text"));
  return { ...optionsFrom(fields, options, path), ...flags };
}

/**
 * The options of what a model keeps of its training, which is a config as well: beside them it has what was found about the
 * data and the epochs, objects `rows` and `curves`, and an `image` such as "28x28".
 */
function withoutFindings(fields: unknown): unknown {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return fields;
  }
  const { rows, curves, image, ...options } = fields as Record<string, unknown>;
  return {
    ...options,
    ...(rows === undefined || typeof rows === "object" ? {} : { rows }),
    ...(curves === undefined || typeof curves === "object" ? {} : { curves }),
    ...(image === undefined || /^\d+x\d+$/.test(`${image}`) ? {} : { image }),
  };
}

/**
 * Turns values of JSON into what would have been typed.
 *
 * @throws {UsageError} If a name is unknown, or a value can't be typed.
 */
export function optionsFrom(
  fields: unknown,
  options: Options,
  path: string,
): FlagValues {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new UsageError(`Cannot read '${path}' as it must hold one object`);
  }
  const flags: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined || !canBeGiven(name)) {
      const names = Object.keys(options).filter(canBeGiven);
      throw new UsageError(
        `Cannot read '${path}' as ${noOption(name, names, hintsOf(names))}`,
      );
    }
    // A file may be somebody else's: what is to be overwritten is for who types the command to say.
    if (option.file === "written") {
      throw new UsageError(
        `Cannot read '${path}' as ${
          quotedName(name)
        } must be typed: a file can't say what is written`,
      );
    }
    if (option.value === undefined) {
      if (typeof value !== "boolean") refuse(path, name, "true or false");
      if (value === true) flags[name] = true;
    } else flags[name] = typed(path, name, value, option.many ?? ",");
  }
  return flags;
}

/** Whether a file may have an option: not one that names a file of options, or asks for help. */
function canBeGiven(name: string): boolean {
  return name !== "config" && name !== "help";
}

function typed(
  path: string,
  name: string,
  value: unknown,
  between: string,
): string {
  const parts = Array.isArray(value) ? value : [value];
  if (
    parts.some((part) => typeof part !== "number" && typeof part !== "string")
  ) {
    refuse(path, name, "text, a number or an array of them");
  }
  return parts.join(between);
}

function refuse(path: string, name: string, wanted: string): never {
  throw new UsageError(
    `Cannot read '${path}' as ${quotedName(name)} must be ${wanted}`,
  );
}
