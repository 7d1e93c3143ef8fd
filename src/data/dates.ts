/** Dates and times as text. */

/** Whether a day or a month comes first where both are numbers before a year. */
export type DateOrder = "dmy" | "mdy";

/** A date with its time of day. */
export interface Moment {
  /** Milliseconds since 1970 by the clock that was written, as if it were that of UTC. */
  readonly local: number;
  /** Milliseconds since 1970; of a time without a zone the same. */
  readonly instant: number;
}

const MONTHS = [
  ...["jan", "feb", "mar", "apr", "may", "jun"],
  ...["jul", "aug", "sep", "oct", "nov", "dec"],
];

const LONG_MONTHS = [
  ...["january", "february", "march", "april", "may", "june", "july"],
  ...["august", "september", "october", "november", "december"],
];

const TIME =
  "(?:(?:T|,?\\s+)(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d+))?)?\\s*([ap]m)?\\s*(Z|UTC|[+-]\\d{2}:?\\d{2})?)?$";

const YEAR_FIRST = new RegExp(
  `^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}`,
  "i",
);
const YEAR_LAST = new RegExp(
  `^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4})${TIME}`,
  "i",
);
const WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\\s+)?";
const DAY_NAME = new RegExp(
  `^${WEEKDAY}(\\d{1,2})[\\s.-]+([a-z]{3,9})\\.?,?[\\s-]+(\\d{4})${TIME}`,
  "i",
);
const NAME_DAY = new RegExp(
  `^${WEEKDAY}([a-z]{3,9})\\.?\\s+(\\d{1,2}),?\\s+(\\d{4})${TIME}`,
  "i",
);

/** The number of a month by its name, from 1; 0 if it is none. */
function monthOf(name: string): number {
  const word = name.toLowerCase();
  const short = word === "sept" ? "sep" : word;
  return 1 + Math.max(MONTHS.indexOf(short), LONG_MONTHS.indexOf(word));
}

/** The year, month and day of a text, and the parts of its time. */
function partsOf(
  text: string,
  order: DateOrder,
): [year: number, month: number, day: number, ...string[]] | undefined {
  const iso = YEAR_FIRST.exec(text);
  if (iso !== null) {
    const [, year, , month, day, ...time] = iso;
    return [Number(year), Number(month), Number(day), ...time];
  }
  const last = YEAR_LAST.exec(text);
  if (last !== null) {
    const [, first, mark, second, year, ...time] = last;
    const dayFirst = mark === "." || order === "dmy";
    const [day, month] = dayFirst ? [first, second] : [second, first];
    return [Number(year), Number(month), Number(day), ...time];
  }
  const named = DAY_NAME.exec(text);
  if (named !== null) {
    const [, day, month, year, ...time] = named;
    return [Number(year), monthOf(month), Number(day), ...time];
  }
  const american = NAME_DAY.exec(text);
  if (american === null) return undefined;
  const [, month, day, year, ...time] = american;
  return [Number(year), monthOf(month), Number(day), ...time];
}

/** The hour of a day by a clock of 24 hours, NaN if there is none. */
function hourOf(text: string, half: string | undefined): number {
  const hour = Number(text);
  if (half === undefined) return hour < 24 ? hour : NaN;
  if (hour < 1 || hour > 12) return NaN;
  return hour % 12 + (half.toLowerCase() === "pm" ? 12 : 0);
}

/** Minutes by which a zone is before UTC. */
function minutesOf(zone: string): number {
  const found = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (found === null) return 0;
  const [, sign, hours, minutes] = found;
  return (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes));
}

/**
 * The moment that a text is: ISO 8601 (`2024-03-01`, `2024-03-01T14:30:00Z`), with the year first or last and hyphens,
 * slashes or points between, or with an English name of the month; `undefined` if it is none, such as February 30.
 *
 * @param order Of `03/04/2024` and `03-04-2024`; with points the day comes first.
 */
export function momentOf(text: string, order: DateOrder): Moment | undefined {
  const parts = partsOf(text, order);
  if (parts === undefined) return undefined;
  const [
    year,
    month,
    day,
    hours = "0",
    minutes,
    seconds,
    fraction,
    half,
    zone,
  ] = parts;
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  if (
    year < 100 || date.getUTCFullYear() !== year ||
    date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day
  ) return undefined;
  const [minute, second] = [Number(minutes ?? 0), Number(seconds ?? 0)];
  const hour = hourOf(hours, half);
  if (Number.isNaN(hour) || minute > 59 || second > 59) return undefined;
  const thousandths = Math.floor(Number(`0.${fraction ?? 0}`) * 1000);
  const local = midnight + ((hour * 60 + minute) * 60 + second) * 1000 +
    thousandths;
  return { local, instant: local - 60_000 * minutesOf(zone ?? "") };
}

/** The orders in which a text is a date; none if it isn't one. */
export function ordersOf(text: string): readonly DateOrder[] {
  const orders = ["dmy", "mdy"] as const;
  return orders.filter((order) => momentOf(text, order) !== undefined);
}

/** Whether the order of day and month makes a difference. */
export function hasOrder(text: string): boolean {
  const [first, second] = [momentOf(text, "dmy"), momentOf(text, "mdy")];
  return first?.local !== second?.local;
}
