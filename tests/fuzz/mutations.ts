/** Nearly valid files: a valid one with a few changes. */
import fc from "fast-check";

/** Numbers where formats tend to break, as text and as bytes. */
const TEXTS = [
  ...["-1", "0", "1e999", "NaN", "null", "1073741824", "4294967296"],
  ...["9007199254740993", "[", "{", '"', "\\", ",", ":", "\n", "\u0000"],
].map((text) => new TextEncoder().encode(text));

const NUMBERS = [
  [0x00],
  [0x7f],
  [0x80],
  [0xff],
  [0x00, 0x00, 0x80, 0x7f], // infinity as a float32
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0x80, 0x80, 0x80, 0x04], // 2³⁰ as protocol buffers have it
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], // -1
  [0, 0, 0, 0, 0, 0, 0, 0x80],
].map((bytes) => Uint8Array.from(bytes));

/** One change: what happens to some bytes. Places are fractions of the length, so that they are valid after other changes. */
const CHANGES = fc.record({
  kind: fc.constantFrom(
    ...["replace", "insert", "remove", "repeat", "move", "cut"] as const,
  ),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  from: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  length: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 8 }) },
    fc.integer({ min: 1, max: 200 }),
  ),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 4 }),
    fc.constantFrom(...TEXTS, ...NUMBERS),
  ),
});

type Change = typeof CHANGES extends fc.Arbitrary<infer T> ? T : never;

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
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

function changed(
  file: Uint8Array<ArrayBuffer>,
  { kind, at, from, length, bytes }: Change,
): Uint8Array<ArrayBuffer> {
  const place = Math.floor(at * file.length);
  const before = file.subarray(0, place);
  const other = Math.floor(from * file.length);
  const part = file.subarray(other, other + length);
  switch (kind) {
    case "replace":
      return joined(before, bytes, file.subarray(place + bytes.length));
    case "insert":
      return joined(before, bytes, file.subarray(place));
    case "remove":
      return joined(before, file.subarray(place + length));
    case "repeat":
      return joined(before, part, file.subarray(place));
    case "move":
      return joined(before, part, file.subarray(place + part.length));
    case "cut":
      return file.slice(0, place);
  }
}

/** Valid files with one to four changes. */
export function mutated(
  files: readonly Uint8Array<ArrayBuffer>[],
): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const changes = fc.array(CHANGES, { minLength: 1, maxLength: 4 });
  return fc.tuple(fc.constantFrom(...files), changes).map(([file, list]) =>
    list.reduce(changed, file)
  );
}
