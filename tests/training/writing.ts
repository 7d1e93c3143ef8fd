import assert from "node:assert/strict";
import type { Mlp } from "../../mod.ts";
import { StateError } from "../../src/checks/errors.ts";

/** Waits until workers change the weights, in the middle of a run. */
export async function untilWriting(mlp: Mlp): Promise<void> {
  while (!isWriting(mlp)) await new Promise((resolve) => setTimeout(resolve));
}

function isWriting(mlp: Mlp): boolean {
  try {
    mlp.weights;
    return false;
  } catch (error) {
    assert.ok(error instanceof StateError);
    return true;
  }
}
