import fc from "fast-check";
import assert from "node:assert/strict";
import { parseJson } from "../../src/io/parse_json.ts";

Deno.test("parseJson() returns what JSON.parse() does", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2, "\t"), (json, gap) => {
      const text = JSON.stringify(JSON.parse(json), null, gap);
      assert.deepEqual(parseJson(text, "a", "it"), JSON.parse(text));
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("parseJson() finds any duplicate key", () => {
  // The same keys in each object, in the order of JSON.parse(), and one of them again at the end of one object.
  fc.assert(
    fc.property(
      fc.array(fc.string(), { minLength: 1, maxLength: 5 }),
      fc.nat(),
      fc.string(),
      (keys, pick, value) => {
        const object = Object.fromEntries(keys.map((key) => [key, value]));
        const key = JSON.stringify(keys[pick % keys.length]);
        const text = JSON.stringify([{ object }, [object], 1]).replace(
          "}],1]",
          () => `, ${key} : "{"}],1]`,
        );
        assert.throws(
          () => parseJson(text, "a", "it"),
          new RangeError(
            `Cannot read 'a' as it must have each key once: '${
              JSON.parse(key)
            }' is there twice`,
          ),
        );
      },
    ),
    { seed: 2, numRuns: 100 },
  );
  assert.throws(
    () => parseJson(String.raw`{"a":1,"\u0061":2}`, "a", "it"),
    /^RangeError: Cannot read 'a' as it must have each key once: 'a' is there/,
  );
});

Deno.test("parseJson() names the file that isn't JSON", () => {
  assert.throws(
    () => parseJson('{"a":', "a.json", "its header"),
    /^RangeError: Cannot read 'a.json' as its header must be JSON: .+/,
  );
});

Deno.test("parseJson() takes what is nested 100 deep, and no deeper", () => {
  const nested = (depth: number) =>
    `${'[{"a":'.repeat(depth / 2)}"[[{{\\""${"}]".repeat(depth / 2)}`;
  assert.deepEqual(parseJson(nested(100), "a", "it"), JSON.parse(nested(100)));
  const message = "Cannot read 'a' as it must be nested at most 100 deep";
  assert.throws(
    () => parseJson(`[${nested(100)}]`, "a", "it"),
    new RangeError(message),
  );
  // Not even text that never closes a string, or nothing but brackets.
  assert.throws(() => parseJson("[".repeat(101) + '"', "a", "it"), { message });
  assert.throws(
    () => parseJson('["\\', "a", "it"),
    /^RangeError: Cannot read 'a' as it must be JSON: /,
  );
  // What is closed again doesn't count.
  const flat = `[${Array(1000).fill("[{}]").join(",")}]`;
  assert.deepEqual(parseJson(flat, "a", "it"), JSON.parse(flat));
});
