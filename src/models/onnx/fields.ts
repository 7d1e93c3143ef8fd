/**
 * The fields of a file, one after another, before anything is made of them: what the library that reads messages skips,
 * such as bytes that follow, shows here, and so does what would take too much memory.
 */

import { WrongValueError } from "../../checks/errors.ts";
import { MESSAGES } from "./schema.ts";

/** How a field of [protocol buffers](https://protobuf.dev/programming-guides/encoding/) is written: its lowest 3 bits. */
const NUMBER = 0;
const BYTES = 2;
const FOUR_BYTES = 5;

/** The fields of a [ModelProto](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that aren't used, by number. */
const UNUSED = new Map<number, { wire: number; list: boolean }>([
  [3, { wire: BYTES, list: false }], // producer_version
  [4, { wire: BYTES, list: false }], // domain
  [5, { wire: NUMBER, list: false }], // model_version
  [6, { wire: BYTES, list: false }], // doc_string
  [20, { wire: BYTES, list: true }], // training_info
  [25, { wire: BYTES, list: true }], // functions
  [26, { wire: BYTES, list: true }], // configuration
]);

/** How a type of the schema is written; other types are messages. */
const WIRES: Readonly<Record<string, number>> = {
  int32: NUMBER,
  int64: NUMBER,
  float: FOUR_BYTES,
  string: BYTES,
  bytes: BYTES,
};

/** What is known of a field. */
interface Field {
  readonly wire: number;
  readonly list: boolean;
  readonly type?: string;
}

/** The fields of each message by number. */
const FIELDS: ReadonlyMap<string, ReadonlyMap<number, Field>> = new Map(
  Object.entries(MESSAGES).map(([message, schema]) => [
    message,
    new Map<number, Field>([
      ...(message === "ModelProto" ? UNUSED : []),
      ...Object.values(schema).map(([number, given]): [number, Field] => {
        const [type, list] = typeof given === "string"
          ? [given, false]
          : [given[0], true];
        return [number, { wire: WIRES[type] ?? BYTES, list, type }];
      }),
    ]),
  ]),
);

/** Most bytes of a number, which has 64 bits. */
const LONGEST = 10;

/**
 * Most nodes, attributes, names, sizes and the like. Two bytes are enough for each of them, but in memory they take some
 * hundred, 60 MB for as many as this. A layer is 4 to 20.
 */
const MAXIMUM_PARTS = 100_000;

/**
 * Looks at all fields of a file.
 *
 * @throws {RangeError} If a field of the model itself is unknown; if any is of another type, one that isn't a list comes
 * twice, one is cut off, text isn't UTF-8, or there are too many parts.
 */
export function checkFields(bytes: Uint8Array): void {
  new Checker(bytes).message("ModelProto", 0, bytes.length);
}

class Checker {
  readonly #bytes: Uint8Array;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #at = 0;
  #parts = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Looks at a message; how deep they are within each other is up to the schema. */
  message(name: string, from: number, end: number): void {
    const fields = FIELDS.get(name)!;
    const seen = new Set<number>();
    this.#at = from;
    while (this.#at < end) {
      const start = this.#at;
      const tag = this.#number(end);
      const [number, wire] = [Math.floor(tag / 8), tag % 8];
      const field = fields.get(number);
      const refuse = (what: string) => {
        throw new WrongValueError(
          `field ${number} at byte ${start} is ${what}`,
        );
      };
      if (field === undefined) {
        if (name === "ModelProto" || number === 0) refuse("unknown");
        if (wire > FOUR_BYTES || wire === 3 || wire === 4) {
          refuse("of a type that ONNX doesn't have");
        }
        this.#skip(wire, end);
        continue;
      }
      const packed = field.list && wire === BYTES &&
        (field.wire === NUMBER || field.wire === FOUR_BYTES);
      if (wire !== field.wire && !packed) refuse("of another type");
      if (!field.list && seen.has(number)) refuse("there twice");
      seen.add(number);
      this.#value(field, packed, wire, end);
    }
  }

  #value(
    { type = "bytes", list, wire: wanted }: Field,
    packed: boolean,
    wire: number,
    end: number,
  ): void {
    if (packed) {
      const until = this.#until(end);
      if (wanted === FOUR_BYTES) {
        if ((until - this.#at) % 4 !== 0) this.#end();
        this.#at = until;
      }
      while (this.#at < until) {
        this.#number(until);
        this.#count();
      }
      return;
    }
    // Floats are as large in the file as in memory.
    if (type !== "float" && (list || FIELDS.has(type))) this.#count();
    if (wire !== BYTES) return this.#skip(wire, end);
    const until = this.#until(end);
    if (type === "string") {
      const start = this.#at;
      try {
        this.#decoder.decode(this.#bytes.subarray(start, until));
      } catch (cause) {
        throw new WrongValueError(`the text at byte ${start} is not UTF-8`, {
          cause,
        });
      }
    } else if (FIELDS.has(type)) {
      this.message(type, this.#at, until);
    }
    this.#at = until;
  }

  #count(): void {
    if (++this.#parts <= MAXIMUM_PARTS) return;
    throw new WrongValueError(
      `it has more than ${MAXIMUM_PARTS} nodes, attributes, names and sizes`,
    );
  }

  #skip(wire: number, end: number): void {
    if (wire === NUMBER) this.#number(end);
    else if (wire === BYTES) this.#at = this.#until(end);
    else this.#at += wire === FOUR_BYTES ? 4 : 8;
    if (this.#at > end) this.#end();
  }

  /** Where the value ends whose length comes next. */
  #until(end: number): number {
    const length = this.#number(end);
    const until = this.#at + length;
    if (until > end) this.#end();
    return until;
  }

  #number(end: number): number {
    const start = this.#at;
    let value = 0;
    for (let n = 0; n < LONGEST; n++) {
      if (this.#at === end) this.#end();
      const byte = this.#bytes[this.#at++];
      value += (byte & 127) * 2 ** (7 * n);
      if (byte < 128) return value;
    }
    throw new WrongValueError(`the number at byte ${start} is too long`);
  }

  #end(): never {
    throw new WrongValueError("it ends within a field");
  }
}
