import assert from "node:assert/strict";
import { utf8 } from "../../src/io/utf8.ts";

Deno.test("utf8() decodes UTF-8, and names the line of what isn't", () => {
  const text = "city\nKöln\nKäln\n🎲 \ufffd\n";
  assert.equal(utf8(new TextEncoder().encode(text), "towns.csv"), text);
  const latin1 = Uint8Array.from(
    "city\nBonn\nK\xf6ln\n",
    (letter) => letter.charCodeAt(0),
  );
  assert.throws(() => utf8(latin1, "towns.csv"), {
    name: "RangeError",
    message: "Cannot read 'towns.csv' as it must be UTF-8: line 3 is not",
  });
});

Deno.test("utf8() finds the line in long texts, whatever is before it", () => {
  // The character that stands for what can't be decoded, and lines of every length.
  const lines = Array.from(
    { length: 5000 },
    (_, at) => `${at} \ufffd ö ${"x".repeat(at % 97)}`,
  );
  const encoder = new TextEncoder();
  for (const line of [1, 2, 777, 2500, 5000]) {
    const before = encoder.encode(lines.slice(0, line - 1).join("\n") + "\n");
    const after = encoder.encode(`\n${lines.slice(line).join("\n")}`);
    const bytes = Uint8Array.from([
      ...(line === 1 ? [] : before),
      ...[0x4b, 0xf6, 0x6c],
      ...(line === 5000 ? [] : after),
    ]);
    assert.throws(() => utf8(bytes, "towns.csv"), {
      message:
        `Cannot read 'towns.csv' as it must be UTF-8: line ${line} is not`,
    });
  }
  // Cut off within a character.
  assert.throws(() => utf8(encoder.encode("a\nö").subarray(0, -1), "a"), {
    message: "Cannot read 'a' as it must be UTF-8: line 2 is not",
  });
});

Deno.test("utf8() refuses what is longer than a text can be", () => {
  const bytes = new Uint8Array(2 ** 29 - 23);
  assert.throws(() => utf8(bytes, "model.json"), {
    name: "RangeError",
    message:
      "Cannot read 'model.json' as its length must be 536870888 bytes or less, being one text: current value is 536870889",
  });
});
