/** Writes messages of [protocol buffers](https://protobuf.dev/programming-guides/encoding/), as far as TensorBoard's need it. */

/** A field: its number and its bytes with what comes before them. */
export type Field = Uint8Array;

/** Joins bytes to one array. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A whole number from 0 up, 7 bits a byte, the lowest first. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) {
    bytes.push(value % 128 + 128);
  }
  return Uint8Array.from([...bytes, value]);
}

/** A whole number from 0 up. */
export function wholeNumber(field: number, value: number): Field {
  return joined([varint(field * 8), varint(value)]);
}

/** Bytes, text, or a message. */
export function bytes(field: number, value: Uint8Array | string): Field {
  const content = typeof value === "string"
    ? new TextEncoder().encode(value)
    : value;
  return joined([varint(field * 8 + 2), varint(content.length), content]);
}

/** A message of fields. */
export function message(field: number, ...fields: Field[]): Field {
  return bytes(field, joined(fields));
}

/** A number of 64 bits. */
export function double(field: number, value: number): Field {
  return joined([varint(field * 8 + 1), littleEndian([value])]);
}

/** Numbers of 64 bits, packed. */
export function doubles(field: number, values: readonly number[]): Field {
  return bytes(field, littleEndian(values));
}

/** A number of 32 bits. */
export function float(field: number, value: number): Field {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value, true);
  return joined([varint(field * 8 + 5), new Uint8Array(view.buffer)]);
}

function littleEndian(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (const [at, value] of values.entries()) {
    view.setFloat64(8 * at, value, true);
  }
  return new Uint8Array(view.buffer);
}
