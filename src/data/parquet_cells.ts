/** What values of Parquet are as text of cells. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";

/** A column, or a group of them. */
export interface SchemaNode {
  readonly children: readonly SchemaNode[];
  readonly element: {
    readonly name: string;
    readonly type?: string;
    readonly repetition_type?: string;
    readonly converted_type?: string;
    readonly logical_type?: {
      readonly type: string;
      readonly isAdjustedToUTC?: boolean;
    };
  };
}

const DAY = 86_400_000;

/** A moment as ISO 8601 has it, without what is zero and without a zone. */
function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/(\.000)?Z$/, "");
}

/** Makes text of bytes, and of moments. */
export const PARSERS = {
  timestampFromMilliseconds: (value?: bigint) =>
    value === undefined ? value : moment(Number(value)),
  timestampFromMicroseconds: (value?: bigint) =>
    value === undefined ? value : moment(Number(value / 1000n)),
  timestampFromNanoseconds: (value?: bigint) =>
    value === undefined ? value : moment(Number(value / 1_000_000n)),
  dateFromDays: (days?: number) =>
    days === undefined ? days : moment(days * DAY).slice(0, -9),
  stringFromBytes: (bytes?: Uint8Array) =>
    bytes && new TextDecoder("utf-8", { fatal: true }).decode(bytes),
};

/** Makes what makes text of a column's values: empty where there is none. */
export function textMaker(
  name: string,
  { element }: SchemaNode,
): (value: unknown, row: number) => string {
  const { logical_type: logical, converted_type: converted } = element;
  // Times without a zone are those of a clock somewhere.
  const isUtc = logical?.type === "TIMESTAMP"
    ? logical.isAdjustedToUTC === true
    : converted?.startsWith("TIMESTAMP") ?? false;
  return (value, row) => {
    if (value === undefined || value === null) return "";
    if (typeof value === "string") return isUtc ? `${value}Z` : value.trim();
    // What pandas has where there is no value.
    if (Number.isNaN(value)) return "";
    if (
      typeof value === "boolean" || typeof value === "bigint" ||
      Number.isFinite(value)
    ) return String(value);
    const wanted = "text, a finite number, true, false or a date";
    throw new WrongValueError(
      wrong(`read '${name}'`, `row ${row}, ${element.name}`, wanted, value),
    );
  };
}
