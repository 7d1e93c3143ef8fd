/** The headers of pages, checked before hyparquet reads them: it would wait without end for a page that has no length. */

/** Types of Thrift's compact protocol. */
const [STOP, TRUE, FALSE, BYTE, I16, , I64, DOUBLE, BINARY, LIST, SET] = [
  ...Array(11).keys(),
];
const STRUCT = 12;

/** How deep structures may be nested: those of pages are three. */
const MOST_DEPTH = 8;

/** Fields of a page's header, and of those within. */
const [UNPACKED, PACKED] = [2, 3];
const KINDS = [5, 7, 8];

/** Numbers in a structure by their places, and structures in it. */
type Fields = Map<number, number | Fields>;

/** A page of a column. */
export interface Page {
  /** A data page (5), a dictionary (7), or a data page of the second version (8). */
  readonly kind: number;
  /** Where its bytes begin and end. */
  readonly from: number;
  readonly to: number;
  /** Bytes of its values, unpacked. */
  readonly unpacked: number;
  readonly encoding: number;
  readonly values: number;
  /** Of the second version: cells without a value, and the bytes that say which these are, those of lists before. */
  readonly nulls: number;
  readonly levels: readonly [lists: number, cells: number];
  /** Whether its values are packed as those of the column are. */
  readonly packed: boolean;
}

/** Reads the structure at `place.at`, and leaves out text and lists. */
function fieldsOf(view: DataView, place: { at: number }, depth = 0): Fields {
  if (depth > MOST_DEPTH) throw new Error("a header is nested too deep");
  const varint = () => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = view.getUint8(place.at++);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new Error("a number of a header has no end");
  };
  const zigzag = () => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const valueOf = (type: number): number | Fields => {
    if (type === BYTE) return view.getInt8(place.at++);
    if (type >= I16 && type <= I64) return zigzag();
    if (type === DOUBLE) return place.at += 8;
    if (type === BINARY) {
      const length = varint();
      return place.at += length;
    }
    if (type === STRUCT) return fieldsOf(view, place, depth + 1);
    if (type !== LIST && type !== SET) throw new Error(`type ${type}`);
    const head = view.getUint8(place.at++);
    const count = head >> 4 === 15 ? varint() : head >> 4;
    for (let at = 0; at < count; at++) {
      const item = head & 15;
      valueOf(item === TRUE || item === FALSE ? BYTE : item);
    }
    return count;
  };
  const fields: Fields = new Map();
  for (let id = 0;;) {
    const head = view.getUint8(place.at++);
    const type = head & 15;
    if (type === STOP) return fields;
    id = head >> 4 === 0 ? zigzag() : id + (head >> 4);
    fields.set(id, type === TRUE || type === FALSE ? type : valueOf(type));
  }
}

/**
 * Requires that each page of a column says how long it is and how many values it has.
 *
 * @param rows How many there are in its row group.
 *
 * @returns The pages.
 *
 * @throws {Error} If one doesn't.
 */
export function checkPages(bytes: Uint8Array, rows: number): Page[] {
  const pages: Page[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const place = { at: 0 };
  let values = 0;
  // As hyparquet does, which leaves a last byte alone.
  while (place.at < bytes.length - 1 && values < rows) {
    const header = fieldsOf(view, place);
    const [packed, unpacked] = [header.get(PACKED), header.get(UNPACKED)];
    requireCount("length of a page", packed, bytes.length - place.at);
    requireCount("length of an unpacked page", unpacked, 2 ** 31 - 1);
    place.at += packed as number;
    for (const kind of KINDS) {
      const fields = header.get(kind);
      if (!(fields instanceof Map)) continue;
      const count = fields.get(1);
      requireCount("values of a page", count, kind === 7 ? 2 ** 31 - 1 : rows);
      if (kind === 8) {
        for (const field of [2, 5, 6]) {
          requireCount(
            "nulls and levels of a page",
            fields.get(field),
            packed as number + rows,
          );
        }
      }
      if (kind !== 7) values += count as number;
      const number = (id: number) => kind === 8 ? fields.get(id) as number : 0;
      const levels = [number(6), number(5)] as const;
      const to = place.at;
      pages.push({
        ...{ kind, from: to - (packed as number), to, values: count as number },
        encoding: fields.get(kind === 8 ? 4 : 2) as number,
        nulls: number(2),
        ...{ levels, unpacked: unpacked as number - levels[0] - levels[1] },
        packed: !(kind === 8 && fields.get(7) === FALSE),
      });
    }
  }
  return pages;
}

function requireCount(what: string, value: unknown, most: number): void {
  if (
    Number.isSafeInteger(value) && value as number >= 0 &&
    value as number <= most
  ) return;
  throw new Error(
    `${what} must be from 0 to ${most}: current value is ${value}`,
  );
}
