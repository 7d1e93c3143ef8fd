/** `deno task fuzz`: tries the readers of files with thousands of broken ones, others each time. */
import { parseArgs } from "node:util";
import { fuzz, READERS } from "./readers.ts";

const { values: { runs, seed }, positionals } = parseArgs({
  options: {
    runs: { type: "string", default: "5000" },
    seed: { type: "string", default: `${Date.now() >>> 0}` },
  },
  allowPositionals: true,
});
const endings = positionals.length > 0 ? positionals : [""];
const readers = READERS.filter(({ name }) =>
  endings.some((ending) => name.endsWith(ending))
);
if (readers.length === 0) {
  console.error(
    `Usage: deno task fuzz [--runs N] [--seed N] [ENDING…]\nKnown: ${
      READERS.map(({ name }) => name).join(", ")
    }`,
  );
  Deno.exit(2);
}
for (const reader of readers) {
  const start = performance.now();
  // A failure ends the process, and prints the seed and the smallest file that shows it.
  const { read, refused } = await fuzz(reader, {
    runs: Number(runs),
    seed: Number(seed),
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${reader.name}: ${read} read, ${refused} refused, seed ${seed}, ${seconds} s`,
  );
}
