/**
 * `deno task listing`: prints the machine code of a network's kernels, in lines of which GNU as makes the same bytes.
 *
 * Options: `--layers N,N,…` (default: 784,70,30,10), `--level avx2` or `avx512` (default).
 */
import { parseArgs } from "node:util";
import { requireChoice, requireInteger } from "../../checks/validate.ts";
import { LEVELS } from "./cpu.ts";
import { codeOf } from "./prepare.ts";

const ACTION = "print the listing";

const { values } = parseArgs({
  options: {
    layers: { type: "string", default: "784,70,30,10" },
    level: { type: "string", default: "avx512" },
  },
});
const level = requireChoice(ACTION, "level", values.level, LEVELS);
const layers = values.layers.split(",").map((nodes, n) =>
  requireInteger(ACTION, `layers[${n}]`, Number(nodes), 1, 2 ** 20)
);
requireInteger(ACTION, "layers.length", layers.length, 2, Infinity);
for (const [name, { bytes, listing }] of codeOf(level, { layers })) {
  console.log(`# ${name}: ${bytes.length} bytes\n${listing}`);
}
