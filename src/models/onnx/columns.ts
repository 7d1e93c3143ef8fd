/** The beginning of a graph: what makes inputs of the cells of a table. */
import { UNKNOWN } from "../../data/column_kind.ts";
import { type Column, kindNamed, widthOf } from "../../data/column_kinds.ts";
import { MissingWords } from "../../data/missing_cells.ts";
import type { Preprocessing } from "../../data/preprocessing.ts";
import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  FLOAT,
  type NodeProto,
  STRING,
  type TensorProto,
  type ValueInfoProto,
} from "./messages.ts";
import { INPUT, type RawColumn, rawColumns, TEXTS } from "./raw_columns.ts";
import { toIntegersProto, toTensorProto } from "./tensors.ts";

/** What names of nodes and constants of columns begin with. */
export const PREFIX = "columns.";

/** The domain of operators of classic machine learning. */
const ML = "ai.onnx.ml";

/** The version of these operators in which texts become whole numbers. */
export const ML_OPSET = { domain: ML, version: 2 };

/** Nodes that make inputs of columns. */
export interface ColumnNodes {
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  /** What the graph takes. */
  readonly input: readonly ValueInfoProto[];
  /** Name of what the last node makes. */
  readonly value: string;
}

/** Any number of samples with so many values. */
export function valueInfo(
  name: string,
  values: number,
  elemType = FLOAT,
): ValueInfoProto {
  const dim = [{ dimParam: "N" }, { dimValue: values }];
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

/** What the graph of a network with columns takes of each. */
export function rawColumnsOf(
  { columns = [], table }: Preprocessing,
): RawColumn[] {
  const { spellings } = new MissingWords(table?.missing);
  return rawColumns(columns, spellings.length);
}

/** The nodes for some columns; `undefined` if none are needed, as all are numbers of which none may be missing. */
export function columnNodes(
  preprocessing: Preprocessing,
): ColumnNodes | undefined {
  const raw = rawColumnsOf(preprocessing);
  const texts = raw.filter(({ takes }) => takes === "text");
  const numbers = raw.filter(({ takes }) => takes !== "text");
  const fills = numbers.some(({ takes, column }) =>
    takes === "number" && column.fill !== undefined
  );
  if (texts.length === 0 && !fills) return undefined;
  const nodes = new Nodes();
  const width = numbers.reduce((sum, one) => sum + one.width, 0);
  if (width > 0) nodes.numbers(numbers, width, fills);
  const words = new MissingWords(preprocessing.table?.missing);
  for (const [at, { column }] of texts.entries()) nodes.text(column, at, words);
  nodes.join(raw);
  return {
    ...nodes,
    input: [
      ...(width > 0 ? [valueInfo(INPUT, width)] : []),
      ...(texts.length > 0 ? [valueInfo(TEXTS, texts.length, STRING)] : []),
    ],
  };
}

class Nodes {
  readonly node: NodeProto[] = [];
  readonly initializer: TensorProto[] = [];
  value = INPUT;
  /** What inputs are made of, side by side, and the first value of each: numbers, their flags, and each column of texts. */
  readonly #pieces: string[] = [];
  #numbers = 0;
  #flags: number | undefined;
  readonly #texts: number[] = [];
  #width = 0;

  /** Puts what stands for missing numbers where NaN is, and tells of them. */
  numbers(columns: readonly RawColumn[], width: number, fills: boolean): void {
    this.#numbers = this.#add(width, INPUT);
    if (!fills) return;
    const missing = this.#append("missing", "IsNaN", [INPUT]);
    // NaN stays where nothing stands for it.
    const fill = Float32Array.from(
      columns.flatMap(({ takes, column, width }) =>
        takes === "number" && column.fill !== undefined
          ? [column.fill[0] ?? 0]
          : new Array<number>(width).fill(NaN)
      ),
    );
    this.initializer.push(toTensorProto(`${PREFIX}fill`, [width], fill));
    const names = [missing, `${PREFIX}fill`, INPUT];
    this.#pieces[0] = this.#append("filled", "Where", names);
    const flagged = columns.some(({ takes, column }) =>
      takes === "number" && column.flag
    );
    if (!flagged) return;
    const to: AttributeProto = {
      name: "to",
      type: ATTRIBUTE_TYPES.int,
      i: FLOAT,
    };
    this.#flags = this.#add(
      width,
      this.#append("flags", "Cast", [missing], [to]),
    );
  }

  /** Takes the inputs of a text from a table, a row for each; what isn't known has none where it is refused. */
  text(column: Column, at: number, words: MissingWords): void {
    const name = `texts.${at}`;
    const { rows, places, rest } = rowsOf(column, words);
    const width = widthOf([column]);
    const place = this.#integers(`${name}.place`, [], [at]);
    const cell = this.#append(`${name}.cell`, "Gather", [TEXTS, place], [
      axis(1),
    ]);
    const encoder = new TextEncoder();
    const row = this.#append(`${name}.row`, "LabelEncoder", [cell], [
      {
        name: "keys_strings",
        type: ATTRIBUTE_TYPES.strings,
        strings: [...places.keys()].map((text) => encoder.encode(text)),
      },
      {
        name: "values_int64s",
        type: ATTRIBUTE_TYPES.ints,
        ints: [...places.values()],
      },
      { name: "default_int64", type: ATTRIBUTE_TYPES.int, i: rest },
    ], ML);
    const values = Float32Array.from(rows.flatMap((row) => [...row]));
    const table = `${PREFIX}${name}.inputs`;
    this.initializer.push(toTensorProto(table, [rows.length, width], values));
    const inputs = this.#append(name, "Gather", [table, row], [axis(0)]);
    this.#texts.push(this.#add(width, inputs));
  }

  /** Brings all into the order of the columns. */
  join(raw: readonly RawColumn[]): void {
    this.value = this.#pieces.length === 1
      ? this.#pieces[0]
      : this.#append("joined", "Concat", this.#pieces, [axis(1)]);
    let [number, text] = [0, 0];
    const order = raw.flatMap(({ column, takes, width }) => {
      if (takes === "text") {
        return range(this.#texts[text++], widthOf([column]));
      }
      const at = number;
      number += width;
      return [
        ...range(this.#numbers + at, width),
        ...(takes === "number" && column.flag ? [this.#flags! + at] : []),
      ];
    });
    if (
      order.length === this.#width && order.every((from, to) => from === to)
    ) {
      return;
    }
    const name = this.#integers("order", [order.length], order);
    this.value = this.#append("ordered", "Gather", [this.value, name], [
      axis(1),
    ]);
  }

  /** Puts a piece beside the others. */
  #add(width: number, piece: string): number {
    this.#pieces.push(piece);
    const first = this.#width;
    this.#width += width;
    return first;
  }

  #integers(
    name: string,
    dims: readonly number[],
    values: readonly number[],
  ): string {
    this.initializer.push(toIntegersProto(`${PREFIX}${name}`, dims, values));
    return `${PREFIX}${name}`;
  }

  #append(
    name: string,
    opType: string,
    input: readonly string[],
    attribute: readonly AttributeProto[] = [],
    domain?: string,
  ): string {
    const output = `${PREFIX}${name}.output`;
    this.node.push({
      ...{
        name: `${PREFIX}${name}`,
        opType,
        input,
        output: [output],
        attribute,
      },
      ...(domain === undefined ? {} : { domain }),
    });
    return output;
  }
}

function axis(i: number): AttributeProto {
  return { name: "axis", type: ATTRIBUTE_TYPES.int, i };
}

function range(first: number, length: number): number[] {
  return Array.from({ length }, (_, at) => first + at);
}

/** No cell is this. */
const NO_TEXT = "\0";

/**
 * The inputs of each text, the row of each, and the row of all others: one behind the last, which no runtime takes, where the
 * encoder refuses them.
 */
function rowsOf(column: Column, words: MissingWords) {
  const kind = kindNamed(column.kind);
  const [width, flag] = [widthOf([column]), kind.width(column)];
  const encode = kind.encoder(column);
  const places = new Map<string, number>();
  const rows: Float32Array[] = [];
  for (const text of kind.texts!(column)) {
    if (words.has(text)) continue;
    const row = new Float32Array(width);
    encode(text, row, 0);
    places.set(text, rows.push(row) - 1);
  }
  const others = new Float32Array(width);
  const wanted = encode(NO_TEXT, others, 0);
  const known = wanted === undefined || wanted === UNKNOWN;
  const unknown = known ? rows.push(others) - 1 : undefined;
  let missing: number | undefined;
  if (column.fill !== undefined) {
    const row = new Float32Array(width);
    row.set(column.fill);
    if (column.flag) row[flag] = 1;
    missing = rows.push(row) - 1;
  }
  const refused = rows.length;
  for (const word of words.spellings) places.set(word, missing ?? refused);
  return { rows, places, rest: unknown ?? refused };
}
