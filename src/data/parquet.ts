/** Tables in [Parquet](https://parquet.apache.org/docs/file-format/), by the package hyparquet. */
import { isMistake, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { quotedName, visible } from "../checks/visible.ts";
import { UNPACKERS } from "../runtime/inflate.ts";
import { importPackage } from "../runtime/packages.ts";
import { yieldToEventLoop } from "../runtime/event_loop.ts";
import { inSlices } from "../slices/in_slices.ts";
import { PARSERS, type SchemaNode, textMaker } from "./parquet_cells.ts";
import { PageChecks, type Unpackers } from "./parquet_checks.ts";
import type { Table } from "./table.ts";
import type { TableReader, TableSource } from "./table_source.ts";

/** What of hyparquet is used. */
interface Hyparquet {
  parquetMetadataAsync(
    file: AsyncBuffer,
    options: object,
  ): Promise<FileMetadata>;
  parquetSchema(metadata: FileMetadata): { readonly children: SchemaNode[] };
  parquetRead(options: object): Promise<void>;
  snappyUncompress(input: Uint8Array, output: Uint8Array): void;
}

interface AsyncBuffer {
  readonly byteLength: number;
  slice(from: number, to?: number): Promise<ArrayBuffer>;
}

interface FileMetadata {
  readonly row_groups: readonly {
    readonly num_rows: bigint;
    readonly columns: readonly {
      readonly meta_data?: { readonly codec: string };
    }[];
  }[];
}

/** Some values of a column, from a row on. */
interface Chunk {
  readonly columnName: string;
  readonly columnData: ArrayLike<unknown>;
  readonly rowStart: number;
}

/** Cells that are made between two looks at the clock. */
const SLICE_CELLS = 5_000;

/** Cells that a file may have however short it is, and for each of its bytes: most take a byte or more. */
const FEW_CELLS = 2 ** 22;
const CELLS_OF_BYTE = 200;

/** The most bytes that two bytes become by Snappy. */
const SNAPPY_RATIO = 64;

/** Reads Parquet: the columns of a row group at a time. */
export const PARQUET: TableReader = { reads: [], tables: parquetTables };

async function* parquetTables(
  source: TableSource,
  _options: object,
  most: number,
): AsyncGenerator<Table> {
  const { name } = source;
  try {
    yield* tablesOf(source, most);
  } catch (cause) {
    if (isMistake(cause)) throw cause;
    const why = visible((cause as Error).message).slice(0, 200);
    throw new WrongValueError(
      `Cannot read '${name}' as it must be whole Parquet: ${why}`,
      { cause },
    );
  }
}

async function* tablesOf(
  { name, ranges }: TableSource,
  most: number,
): AsyncGenerator<Table> {
  const parquet = await importPackage<Hyparquet>(`read '${name}'`, "hyparquet");
  const { size, slice } = await ranges();
  const file: AsyncBuffer = {
    byteLength: size,
    slice: async (from, to = size) =>
      (await slice(Math.max(0, from), Math.min(to, size))).buffer,
  };
  const metadata = await parquet.parquetMetadataAsync(file, {
    geoparquet: false,
  });
  const { children } = parquet.parquetSchema(metadata);
  const columns = columnsOf(name, children);
  const counts = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
  requireFewCells(name, size, columns.length, counts);
  const texts = children.map((node) => textMaker(name, node));
  const unpackers = unpackersOf(parquet);
  requireCodecs(name, metadata, ["UNCOMPRESSED", ...Object.keys(unpackers)]);
  const pages = new PageChecks(unpackers);
  const { compressors } = pages;
  let [rows, lines]: [string[][], number[]] = [[], []];
  const table = () => ({ name, columns, hasHeader: true, rows, lines });
  let first = 0;
  for (const [group, count] of counts.entries()) {
    const filled = new Array<number>(columns.length).fill(0);
    const made = Array.from(
      { length: count },
      () => new Array<string>(columns.length).fill(""),
    );
    const chunks: Chunk[] = [];
    const checked: AsyncBuffer = {
      byteLength: size,
      async slice(from, to) {
        const bytes = await file.slice(from, to);
        pages.check(new Uint8Array(bytes), count);
        return bytes;
      },
    };
    // One column at a time, so that what is read is one.
    for (const [at, column] of columns.entries()) {
      const { codec } = metadata.row_groups[group].columns[at].meta_data ?? {};
      pages.begin(children[at], codec !== "UNCOMPRESSED");
      await parquet.parquetRead({
        ...{ file: checked, metadata, compressors, geoparquet: false },
        ...{ columns: [column], rowStart: first, rowEnd: first + count },
        parsers: PARSERS,
        onChunk: (chunk: Chunk) => chunks.push(chunk),
      });
      await yieldToEventLoop();
    }
    for (const { columnName, columnData, rowStart } of chunks) {
      const column = columns.indexOf(columnName);
      const text = texts[column];
      filled[column] += columnData.length;
      await inSlices(columnData.length, SLICE_CELLS, (from, to) => {
        for (let at = from; at < to; at++) {
          const row = rowStart + at;
          made[row - first][column] = text(columnData[at], row + 1);
        }
      });
      await yieldToEventLoop();
    }
    const wrong = filled.findIndex((values) => values !== count);
    if (wrong >= 0) {
      throw new Error(
        `${columns[wrong]} has ${filled[wrong]} values in ${count} rows`,
      );
    }
    for (const row of made) {
      rows.push(row);
      lines.push(++first);
    }
    if (rows.length < most) continue;
    yield table();
    [rows, lines] = [[], []];
  }
  if (rows.length > 0) yield table();
  if (first > 0) return;
  throw new WrongValueError(`Cannot read '${name}' as there must be rows`);
}

/** Names of columns, each of which must have one value in a row. */
function columnsOf(name: string, nodes: readonly SchemaNode[]): string[] {
  const names = nodes.map(({ element }) => element.name);
  const refuse = (at: number, why: string): never => {
    throw new WrongValueError(
      `Cannot read '${name}' as column ${quotedName(names[at])} ${why}`,
    );
  };
  for (const [at, { element, children }] of nodes.entries()) {
    const type = element.logical_type?.type ?? element.converted_type;
    if (
      children.length > 0 || element.repetition_type === "REPEATED" ||
      ["JSON", "BSON", "INTERVAL", "GEOMETRY", "GEOGRAPHY", "VARIANT"]
        .includes(`${type}`)
    ) {
      const found = children.length > 0 ? "a list, a map or a group" : type;
      refuse(at, `must have one value in each row: it has ${found ?? "lists"}`);
    }
    if (names[at] === "") refuse(at, "must have a name");
    if (names.indexOf(names[at]) < at) refuse(at, "is there twice");
  }
  return names;
}

/** Refuses what would take too much memory: a few bytes may say that there are a billion rows. */
function requireFewCells(
  name: string,
  size: number,
  columns: number,
  counts: readonly number[],
): void {
  const cells = columns * counts.reduce((sum, count) => sum + count, 0);
  const most = Math.max(FEW_CELLS, CELLS_OF_BYTE * size);
  if (cells <= most && counts.every((count) => count >= 0)) return;
  throw new WrongValueError(
    `Cannot read '${name}' as its ${size} bytes must have ${most} cells or less: current value is ${cells}`,
  );
}

function requireCodecs(
  name: string,
  { row_groups }: FileMetadata,
  known: readonly string[],
): void {
  for (const { meta_data } of row_groups.flatMap(({ columns }) => columns)) {
    if (meta_data === undefined || known.includes(meta_data.codec)) continue;
    const wanted = known.join(", ").toLowerCase();
    throw new WrongValueError(
      `${
        wrong(`read '${name}'`, "compression", wanted, meta_data.codec)
      }, write it anew, such as df.to_parquet(…, compression="zstd") of pandas`,
    );
  }
}

/** What unpacks pages, into no more bytes than were announced. */
function unpackersOf({ snappyUncompress }: Hyparquet): Unpackers {
  return {
    SNAPPY(input: Uint8Array, length: number) {
      if (length > SNAPPY_RATIO * input.length) {
        throw new Error(`${input.length} bytes can't become ${length}`);
      }
      const output = new Uint8Array(length);
      snappyUncompress(input, output);
      return output;
    },
    ...UNPACKERS,
  };
}
