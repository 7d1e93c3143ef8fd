/**
 * `deno task soak [--seconds 60] [--seed 1]`: random episodes one after another. The seed of the one that fails is printed,
 * `--episode SEED` repeats it.
 */
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { Xoshiro128 } from "../../src/units/random.ts";
import { type Counts, episode } from "./episode.ts";
import { refills } from "./refills.ts";

/** Episodes until memory is compared: by then everything was compiled and cached once. */
const WARM_UP = 30;

/** By how much resident memory may grow from there on: a leak of one small network an episode shows within 500. */
const MOST_GROWTH = 150e6;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    episode: { type: "string" },
  },
});

const folder = await Deno.makeTempDir();
const counts: Counts = {};
const end = performance.now() + 1_000 * Number(values.seconds);
const first = Number(values.episode ?? 1_000_000 * Number(values.seed));
let resident = 0;
let done = 0;
try {
  while (
    done === 0 || (values.episode === undefined && performance.now() < end)
  ) {
    const seed = first + done;
    try {
      await episode(new Xoshiro128(seed), folder, counts);
      await refills(new Xoshiro128(seed, 1));
    } catch (error) {
      console.error(`Episode ${seed} failed`);
      throw error;
    }
    if (++done === WARM_UP) resident = Deno.memoryUsage().rss;
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
const growth = done > WARM_UP ? Deno.memoryUsage().rss - resident : 0;
console.log(`${done} episodes from seed ${first} on, no defect`);
for (const what of Object.keys(counts).sort()) {
  console.log(`${String(counts[what]).padStart(8)}  ${what}`);
}
console.log(`Resident memory grew by ${(growth / 1e6).toFixed(1)} MB`);
assert.ok(growth <= MOST_GROWTH, "resident memory grows");
