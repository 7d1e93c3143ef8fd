import assert from "node:assert/strict";
import { utf8 } from "../../src/formats/utf8.ts";

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
