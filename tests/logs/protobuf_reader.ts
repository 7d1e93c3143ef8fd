/** Reads TensorBoard's files by their specification, with none of the code that writes them. */
import assert from "node:assert/strict";

/** CRC-32C bit by bit, masked as TFRecord has it. */
function maskedSum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      sum = (sum >>> 1) ^ (sum % 2 === 0 ? 0 : 0x82f63b78);
    }
  }
  const whole = BigInt(~sum >>> 0);
  const turned = whole >> 15n | whole << 17n & 0xffffffffn;
  return Number((turned + 0xa282ead8n) & 0xffffffffn);
}

/** The contents of the records; their checksums are checked. */
export function recordsOf(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    const head = file.subarray(at, at + 8);
    assert.equal(view.getUint32(at + 8, true), maskedSum(head));
    const data = file.subarray(at + 12, at + 12 + length);
    assert.equal(data.length, length);
    assert.equal(view.getUint32(at + 12 + length, true), maskedSum(data));
    found.push(data);
    at += length + 16;
  }
  return found;
}

/** The fields of a message: numbers, or bytes. */
export class Message {
  readonly #fields = new Map<number, (number | Uint8Array)[]>();

  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    const varint = () => {
      for (let value = 0, unit = 1;; unit *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * unit;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const key = varint();
      const values = this.#fields.get(key >> 3) ?? [];
      this.#fields.set(key >> 3, values);
      const wire = key & 7;
      if (wire === 0) values.push(varint());
      else if (wire === 1) values.push(view.getFloat64(at, true));
      else if (wire === 5) values.push(view.getFloat32(at, true));
      else {
        assert.equal(wire, 2);
        const length = varint();
        values.push(bytes.subarray(at, at + length));
        at += length;
      }
      at += wire === 1 ? 8 : wire === 5 ? 4 : 0;
    }
    assert.equal(at, bytes.length);
  }

  all(field: number): (number | Uint8Array)[] {
    return this.#fields.get(field) ?? [];
  }

  number(field: number): number {
    const [value, ...others] = this.all(field);
    assert.ok(typeof value === "number" && others.length === 0, `${field}`);
    return value;
  }

  bytes(field: number): Uint8Array {
    const [value, ...others] = this.all(field);
    assert.ok(value instanceof Uint8Array && others.length === 0, `${field}`);
    return value;
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  message(field: number): Message {
    return new Message(this.bytes(field));
  }

  messages(field: number): Message[] {
    return this.all(field).map((bytes) => new Message(bytes as Uint8Array));
  }

  doubles(field: number): number[] {
    return [...new Float64Array(Uint8Array.from(this.bytes(field)).buffer)];
  }
}
