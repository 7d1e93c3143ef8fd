/**
 * The fields of a file as a whole, one after another: what the library that reads messages skips, such as bytes that
 * follow, shows here.
 */

import { WrongValueError } from "../../errors.ts";

/** How a field of [protocol buffers](https://protobuf.dev/programming-guides/encoding/) is written: its lowest 3 bits. */
const NUMBER = 0;
const BYTES = 2;

/** The fields of a [ModelProto](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) by number. */
const FIELDS = new Map<number, { type: number; list?: true }>([
  [1, { type: NUMBER }], // ir_version
  [2, { type: BYTES }], // producer_name
  [3, { type: BYTES }], // producer_version
  [4, { type: BYTES }], // domain
  [5, { type: NUMBER }], // model_version
  [6, { type: BYTES }], // doc_string
  [7, { type: BYTES }], // graph
  [8, { type: BYTES, list: true }], // opset_import
  [14, { type: BYTES, list: true }], // metadata_props
  [20, { type: BYTES, list: true }], // training_info
  [25, { type: BYTES, list: true }], // functions
  [26, { type: BYTES, list: true }], // configuration
]);

/** Most bytes of a number, which has 64 bits. */
const LONGEST = 10;

/**
 * Looks at the fields of a model, not at what is in them.
 *
 * @throws {RangeError} If one is unknown or of another type, one that isn't a list comes twice, or the last is cut off.
 */
export function checkModelFields(bytes: Uint8Array): void {
  const seen = new Set<number>();
  let at = 0;
  const readNumber = () => {
    const start = at;
    let value = 0;
    for (let n = 0; n < LONGEST; n++) {
      if (at === bytes.length) {
        throw new WrongValueError("it ends within a field");
      }
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** (7 * n);
      if (byte < 128) return value;
    }
    throw new WrongValueError(`the number at byte ${start} is too long`);
  };
  while (at < bytes.length) {
    const start = at;
    const tag = readNumber();
    const number = Math.floor(tag / 8);
    const field = FIELDS.get(number);
    const refuse = (what: string) => {
      throw new WrongValueError(`field ${number} at byte ${start} is ${what}`);
    };
    if (field === undefined) return refuse("unknown");
    if (tag % 8 !== field.type) return refuse("of another type");
    if (seen.has(number) && !field.list) return refuse("there twice");
    seen.add(number);
    const value = readNumber();
    if (field.type === BYTES) at += value;
    if (at > bytes.length) throw new WrongValueError("it ends within a field");
  }
}
