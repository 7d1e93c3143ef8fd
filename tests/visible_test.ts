/** Text from files and callers in messages: made visible, and cut where it is long. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  explainedError,
  StateError,
  SystemError,
  WrongTypeError,
  WrongValueError,
} from "../src/checks/errors.ts";
import { modelFromOnnx } from "../src/models/onnx/model_from_onnx.ts";
import { requireChoice, wrong } from "../src/checks/validate.ts";
import {
  describe,
  quotedName,
  visible,
  visibleJson,
  visibleName,
} from "../src/checks/visible.ts";
import { B, file, float, node, W } from "./models/onnx/graphs.ts";

/** What a terminal obeys or hides, but for the two joiners. */
const UNSAFE = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]--[\u200c\u200d]]/v;

const TEXTS: [text: string, shown: string][] = [
  ["plain, ñ, 数, 👩‍🔬, نمی‌دانم", "plain, ñ, 数, 👩‍🔬, نمی‌دانم"],
  ["\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"],
  ["\x9b31m, \x7f, \0", "\\x9b31m, \\x7f, \\x00"],
  ["a\r\n\tb", "a\\r\\n\\tb"],
  ["\u2028\u2029\u0085", "\\u2028\\u2029\\x85"],
  [
    "\u202egnp.\u2066x\u200f\u061c\ufeff\u200b",
    "\\u202egnp.\\u2066x\\u200f\\u061c\\ufeff\\u200b",
  ],
  ["\u{e0041}", "\\u{e0041}"],
  ["\ud800 \udc00 \ud83d\ude00", "\\ud800 \\udc00 😀"],
];

for (const [text, shown] of TEXTS) {
  Deno.test(`visible(${JSON.stringify(shown)}) hides nothing`, () => {
    assert.equal(visible(text), shown);
  });
}

const anyText = fc.string({ unit: "binary", maxLength: 300 });

Deno.test("visible() leaves nothing that a terminal obeys, and changes nothing the second time; JSON stays the same value", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = visible(text);
      assert.doesNotMatch(shown, UNSAFE);
      assert.equal(visible(shown), shown);
      const json = visibleJson({ [text]: [text] });
      assert.doesNotMatch(json, UNSAFE);
      assert.deepEqual(JSON.parse(json), { [text]: [text] });
    }),
    { seed: 7 },
  );
});

Deno.test("every error class has a visible message, in its stack too", () => {
  const text = "\x1b[31m red\u202e\nnext";
  const shown = "\\x1b[31m red\\u202e\\nnext";
  for (
    const error of [
      new WrongTypeError(text),
      new WrongValueError(text),
      new StateError(text),
      new SystemError(text),
      explainedError(new Deno.errors.NotFound(text)),
    ]
  ) {
    assert.equal(error.message, shown);
    assert.ok(error.stack!.includes(shown));
    assert.ok(!error.stack!.includes("\x1b"));
  }
  const { message } = new WrongValueError("x".repeat(5000));
  assert.equal(message, `${"x".repeat(2000)}… (5000 characters)`);
});

Deno.test("names over 100 and values over 200 characters are cut, with their length", () => {
  const [fits, long] = ["n".repeat(100), "n".repeat(101)];
  assert.equal(quotedName(fits), `'${fits}'`);
  assert.equal(quotedName(long), `'${fits}…' (101 characters)`);
  assert.equal(visibleName(long), `${fits}… (101 characters)`);
  // Not in the middle of a character.
  assert.equal(
    quotedName(`${"n".repeat(99)}😀`),
    `'${"n".repeat(99)}…' (101 characters)`,
  );
  const value = "v".repeat(200);
  assert.equal(describe(value), `'${value}'`);
  assert.equal(describe(`${value}v`), `'${value}…' (201 characters)`);
  assert.equal(
    wrong("read 'f'", long, "short", `${value}v`),
    `Cannot read 'f' as '${fits}…' (101 characters) must be short: current value is '${value}…' (201 characters)`,
  );
});

Deno.test("describe() shows any value in few words", () => {
  const nested = (depth: number) => {
    let value: unknown[] = [];
    for (let n = 0; n < depth; n++) value = [value];
    return value;
  };
  const values: [unknown, string][] = [
    [[4, "a", null, undefined, true], "[4, 'a', null, undefined, true]"],
    [[], "[]"],
    [[[1], [[2]]], "[[1], [[2]]]"],
    [nested(100_000), "[[[[…]]]]"],
    [
      Array.from({ length: 100_000 }, (_, at) => at % 10),
      `[${
        Array.from({ length: 68 }, (_, at) => at % 10).join(", ")
      }, …] (100000 values)`,
    ],
    [(name: string) => name, "a function"],
    [Symbol("s"), "Symbol(s)"],
    [-7n, "-7n"],
    [10n ** 300n, `1${"0".repeat(199)}… (302 characters)`],
    [{}, "Object"],
    [new Float32Array(3), "Float32Array"],
    [Object.create(null), "object"],
    // Of parsed JSON, such a field says nothing.
    [JSON.parse('{ "constructor": { "name": { "toString": 1 } } }'), "Object"],
    [JSON.parse('{ "constructor": { "name": "\\u001b" } }'), "Object"],
  ];
  for (const [value, shown] of values) assert.equal(describe(value), shown);
});

Deno.test("of many choices an error lists some", () => {
  const names = Array.from({ length: 5000 }, (_, at) => `c${at}`);
  const some = names.slice(0, 20).map((name) => `'${name}'`).join(" or ");
  assert.throws(
    () => requireChoice("read 'f'", "target", "x", names),
    new RangeError(
      `Cannot read 'f' as 'target' must be ${some} or … (5000 of them): current value is 'x'`,
    ),
  );
});

Deno.test("names of nodes, operators and attributes of an ONNX file are made visible", async () => {
  const evil = "\x1b[2J\u202e\n";
  const gemm = node("Gemm x W B -> y");
  const files: [Promise<Uint8Array>, string][] = [
    [
      file([{ ...gemm, name: evil, opType: `${evil}${"o".repeat(500)}` }], [
        W,
        B,
      ]),
      `Cannot read 'm.onnx' as node '\\x1b[2J\\u202e\\n' (\\x1b[2J\\u202e\\n${
        "o".repeat(94)
      }… (506 characters)) must be one of the operators `,
    ],
    [
      file([{ ...gemm, name: "n".repeat(5000), attribute: [float(evil, 2)] }], [
        W,
        B,
      ]),
      `Cannot read 'm.onnx' as node '${
        "n".repeat(200)
      }…' (5000 characters) (Gemm) has an attribute '\\x1b[2J\\u202e\\n' that is not supported`,
    ],
  ];
  for (const [bytes, message] of files) {
    const read = async () => modelFromOnnx(await bytes, "m.onnx");
    await assert.rejects(read, (error: Error) => {
      assert.ok(error.message.startsWith(message), error.message);
      return true;
    });
  }
});
