/** Which cells say that there is no value. */

/** What people and programs write for no value, and errors of spreadsheets; capitals don't matter. */
const WORDS = [
  ...["", "?", ".", "-", "--"],
  ...["na", "n/a", "nan", "-nan", "null", "none", "nil"],
  ...["<na>", "#na", "#n/a", "#n/a n/a"],
  ...["1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan"],
  ...["#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!"],
];

/** A word that is a class as often as it is no value: `none`, `mild`, `severe`. */
const CLASS = "none";

/** What tells cells without a value. */
export interface Words {
  /** Whether a cell has no value. */
  has(cell: string): boolean;
}

/** The words for no value: those that are known, and more that a table has. */
export class MissingWords implements Words {
  readonly #words: ReadonlySet<string>;
  /** Length of the longest: most cells needn't be looked up. */
  readonly #longest: number;
  /** Codes of the characters that they end with, in either case: no digit, mostly, as numbers do. */
  readonly #ends: ReadonlySet<number>;

  constructor(more: readonly string[] = [], without: readonly string[] = []) {
    const added = more.map((word) => word.trim().toLowerCase());
    this.#words = new Set(
      [...WORDS, ...added].filter((word) =>
        added.includes(word) || !without.includes(word)
      ),
    );
    this.#longest = [...this.#words]
      .reduce((most, { length }) => Math.max(most, length), 0);
    const ends = [...this.#words].map((word) => word.slice(-1));
    this.#ends = new Set(
      [...ends, ...ends.map((end) => end.toUpperCase())]
        .map((end) => end.charCodeAt(0)),
    );
  }

  /** All words as they are mostly spelled. */
  get spellings(): string[] {
    return ["NaN", "-NaN", ...[...this.#words].flatMap(spellingsOf)];
  }

  /** Whether a cell has no value. */
  has(cell: string): boolean {
    if (cell === "") return true;
    const end = cell.charCodeAt(cell.length - 1);
    // Without making a text of each cell: 2 of 11 s of 300,000 rows went there. Spaces and what isn't ASCII come below.
    if (end > 32 && end < 128 && !this.#ends.has(end)) return false;
    if (cell.length > this.#longest && cell.trim().length > this.#longest) {
      return false;
    }
    return this.#words.has(cell.trim().toLowerCase());
  }
}

/** A word as it is mostly spelled where capitals don't matter. */
export function spellingsOf(word: string): string[] {
  const lower = word.toLowerCase();
  const first = `${lower.slice(0, 1).toUpperCase()}${lower.slice(1)}`;
  return [...new Set([lower, first, lower.toUpperCase()])];
}

/** Words for no value among targets that are classes. */
export function missingClasses(more: readonly string[]): MissingWords {
  return new MissingWords(more, [CLASS]);
}
