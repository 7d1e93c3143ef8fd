/** The formats of files with samples: what every command and the library reads is a row here. */
import { WrongValueError } from "../checks/errors.ts";
import { endingsWanted } from "../checks/nearest.ts";
import { CSV, TSV } from "./csv.ts";
import { decodeIdx, idxAnnounced } from "./idx.ts";
import { JSON_ARRAY, JSON_LINES } from "./json_table.ts";
import { decodeNpy, NPY_ANNOUNCED, type NpyArray } from "./npy.ts";
import { PARQUET } from "./parquet.ts";
import { decodePng } from "./png.ts";
import type { TableReader } from "./table_source.ts";
import { type Announced, type NamedBytes, unpacked } from "./unpack.ts";

/** What an array is for. */
export type Role = "inputs" | "targets";

/** Pixels of a row, and rows, that an image must have. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** A format of files. */
export interface DataFormat {
  /** How names of files end, without `.gz`. */
  readonly endings: readonly string[];
  /** What it is, for people. */
  readonly about: string;
  /** What the command line may say of such files: names of options without dashes. */
  readonly options: readonly string[];
  /** How numbers of it are scaled unless the command line says: pixels are from 0 to 1 already. */
  readonly scale: "standardize" | "none";
  /** Whether the numbers of a sample are an image, row after row. */
  readonly isImage?: boolean;
  /** What the start of a file says of its length, for an array in a role. */
  readonly announced?: (role: Role) => Announced;
  /** Reads files that are tables, whose cells are text. */
  readonly table?: TableReader;
  /**
   * Makes numbers of a file that is no table: the first dimension is that of the samples.
   *
   * @param size That images must have, if that is known.
   */
  readonly decode?: (
    file: NamedBytes,
    role: Role,
    size?: ImageSize,
  ) => NpyArray | Promise<NpyArray>;
}

/** Names of the formats, as on the command line. */
export type FormatName =
  | "csv"
  | "tsv"
  | "jsonl"
  | "json"
  | "parquet"
  | "npy"
  | "idx"
  | "png";

/** What the command line may say of tables, and of those that are text. */
const OF_TABLES = [
  ...[
    "target",
    "task",
    "test-split",
    "piece-rows",
    "drop",
    "kind",
    "keep",
    "missing",
  ],
  ...["impute", "missing-flags", "missing-targets", "max-categories"],
];
const OF_TEXT = ["encoding", "bad-rows"];

/** The formats. */
export const FORMATS: Readonly<Record<FormatName, DataFormat>> = {
  csv: {
    endings: [".csv", ".txt"],
    about: "a table",
    options: [...OF_TABLES, ...OF_TEXT, "delimiter", "header"],
    scale: "standardize",
    table: CSV,
  },
  tsv: {
    endings: [".tsv"],
    about: "a table",
    options: [...OF_TABLES, ...OF_TEXT, "delimiter", "header"],
    scale: "standardize",
    table: TSV,
  },
  jsonl: {
    endings: [".jsonl", ".ndjson"],
    about: "a table",
    options: [...OF_TABLES, ...OF_TEXT],
    scale: "standardize",
    table: JSON_LINES,
  },
  json: {
    endings: [".json"],
    about: "a table",
    options: [...OF_TABLES, ...OF_TEXT],
    scale: "standardize",
    table: JSON_ARRAY,
  },
  parquet: {
    endings: [".parquet"],
    about: "a table",
    options: OF_TABLES,
    scale: "standardize",
    table: PARQUET,
  },
  npy: {
    endings: [".npy"],
    about: "an array of NumPy",
    options: ["targets", "task", "test-split"],
    scale: "standardize",
    announced: () => NPY_ANNOUNCED,
    decode: ({ name, bytes }) => decodeNpy(bytes, { name }),
  },
  idx: {
    endings: ["ubyte"],
    about: "images or labels in IDX",
    options: ["targets", "test-split"],
    scale: "none",
    isImage: true,
    announced: (role) => idxAnnounced(role === "inputs" ? "images" : "labels"),
    decode: (file, role) =>
      decodeIdx(file, role === "inputs" ? "images" : "labels"),
  },
  png: {
    endings: [".png"],
    about: "an image",
    options: ["test-split"],
    scale: "none",
    isImage: true,
    decode: async ({ name, bytes }, role, size) => {
      if (role === "targets") {
        throw new WrongValueError(
          `Cannot read '${name}' as targets must be in .npy or IDX: current value is an image`,
        );
      }
      const { x, width, height } = await decodePng(bytes, { name, ...size });
      return { shape: [1, height, width], values: x };
    },
  },
};

/** Names of the formats. */
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** How the names of files end that can be read, for people. */
export const ENDINGS = Object.values(FORMATS).flatMap(({ endings }) => endings);

/** The format of a file by its name, with `.gz` or without; `undefined` of any other. */
export function formatNameOf(path: string): FormatName | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, "");
  return FORMAT_NAMES.find((format) =>
    FORMATS[format].endings.some((ending) => name.endsWith(ending))
  );
}

/**
 * The format of a file by its name.
 *
 * @throws {RangeError} If the name ends in no other way than the known ones, with the nearest of them.
 */
export function requireFormat(path: string): FormatName {
  const format = formatNameOf(path);
  if (format !== undefined) return format;
  throw new WrongValueError(`Cannot read '${path}' as ${wantedEnding(path)}`);
}

/** What the name of a file must end in, for errors. */
export function wantedEnding(path: string): string {
  const wanted = endingsWanted(path.replace(/\.gz$/i, ""), ENDINGS);
  return `its name must end, before a '.gz', in ${wanted}`;
}

/**
 * Decodes a file of numbers, unpacked if need be.
 *
 * @throws {RangeError} If it isn't what it should be, or a table.
 */
export async function decodeArray(
  file: NamedBytes & { readonly bytes: Uint8Array<ArrayBuffer> },
  format: FormatName,
  role: Role,
  size?: ImageSize,
): Promise<NpyArray> {
  const { announced, decode } = FORMATS[format];
  if (decode !== undefined) {
    return await decode(await unpacked(file, announced?.(role)), role, size);
  }
  throw new WrongValueError(
    `Cannot read '${file.name}' as ${role} must be an array of numbers: current value is ${
      FORMATS[format].about
    }`,
  );
}

/** Names of the formats of which an option of the command line is read. */
export function readersOf(option: string): string {
  const reads = (name: FormatName) => FORMATS[name].options.includes(option);
  const isTable = (name: FormatName) => FORMATS[name].table !== undefined;
  const names: string[] = FORMAT_NAMES.filter(reads);
  // All tables are named together.
  const tables = FORMAT_NAMES.filter(isTable);
  return tables.every(reads)
    ? ["tables", ...names.slice(tables.length)].join(", ")
    : names.join(", ");
}
