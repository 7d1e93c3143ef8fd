/** Messages of the library, as the command line shows them. */
import assert from "node:assert/strict";
import { withFlags } from "../../src/cli/command.ts";
import { TRAIN_OPTIONS } from "../../src/cli/train_options.ts";

Deno.test("a message names the flag instead of the library's option", () => {
  const shown: [string, string][] = [
    [
      "Cannot train as 'batchSize' must be 1",
      "Cannot train as '--batch-size' must be 1",
    ],
    [
      "Cannot train as 'beta1' must be 1",
      "Cannot train as '--beta1' must be 1",
    ],
    [
      "Cannot train as 'dropout.length' must be 2",
      "Cannot train as '--dropout.length' must be 2",
    ],
    [
      "Cannot make a network as 'layers[2]' must be 1",
      "Cannot make a network as '--hidden[2]' must be 1",
    ],
  ];
  for (const [message, wanted] of shown) {
    assert.equal(withFlags(message, TRAIN_OPTIONS), wanted);
  }
  // Not what is in a file, what is no flag, nor values.
  for (
    const message of [
      "Cannot read 'a.json' as 'seed' must be 1",
      "Cannot train as 'samples' must be 1",
      "Cannot train as '--seed' must be 1: current value is 'seed'",
    ]
  ) {
    assert.equal(withFlags(message, TRAIN_OPTIONS), message);
  }
});
