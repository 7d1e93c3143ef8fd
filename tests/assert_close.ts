import assert from "node:assert/strict";
import type { Weights } from "./float64_mlp.ts";

/** Fails if a value differs from the wanted one by more than `tolerance`, relative to the wanted one if that is above 1. */
export function assertClose(
  found: Weights,
  wanted: Weights,
  tolerance: number,
  what: string,
): void {
  for (const [n, layer] of wanted.entries()) {
    for (const [o, row] of layer.entries()) {
      for (const [c, value] of row.entries()) {
        const place = `${what}: W[${n}][${o}][${c}]`;
        assertNear(found[n][o][c], value, tolerance, place);
      }
    }
  }
}

/** The same for a number. */
export function assertNear(
  found: number,
  wanted: number,
  tolerance: number,
  what: string,
): void {
  assert.ok(
    Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted)),
    `${what}: ${found} instead of ${wanted}`,
  );
}
