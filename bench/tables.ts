/**
 * Lockstep's defaults on tables beside scikit-learn's: `train --dataset FILE` and nothing else, and the same rows for both.
 * Needs /usr/bin/python3 with scikit-learn.
 */
import { parseArgs } from "node:util";
import { readTable, type Table, trainTestSplit } from "../mod.ts";
import { Progress } from "../src/cli/display/progress.ts";
import { machine } from "./lib/machine.ts";
import { table } from "./lib/table.ts";

/** The tables, and whether what is learned are numbers. */
const TABLES = {
  iris: "classes",
  wine: "classes",
  breast_cancer: "classes",
  digits: "classes",
  penguins: "classes",
  weather: "classes",
  diabetes: "numbers",
  cars: "numbers",
  gapminder: "numbers",
} as const;

/** Shipped beside this file; the others are scikit-learn's. */
const SHIPPED = new Set(["penguins", "weather", "cars", "gapminder"]);

/** A model that was fitted. */
interface Fit {
  readonly model: string;
  /** Of the fit alone. */
  readonly seconds: number;
  /** Accuracy or R² of the rows held back. */
  readonly score: number;
}

async function output(program: string, args: string[]): Promise<string> {
  using _ = new Progress(`Running ${args[0]}`);
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    // Its threads wait for each other longer than they compute on so few rows.
    env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code === 0) return text(stdout);
  throw new Error(`Cannot measure as '${program}' failed: ${text(stderr)}`);
}

const sklearn = (...args: string[]) =>
  output("/usr/bin/python3", ["bench/peers/tables_sklearn.py", ...args]);

/** The command as users type it. */
async function lockstep(dataset: string, seed: number): Promise<Fit> {
  const lines = (await output(Deno.execPath(), [
    ...["run", "--no-prompt", "--allow-read", "src/cli/train.ts"],
    ...["--dataset", dataset, "--seed", `${seed}`, "--json"],
  ])).trim().split("\n").map((line) => JSON.parse(line));
  const { seconds, testAccuracy, testR2 } = lines.at(-1);
  return { model: "Lockstep", seconds, score: testAccuracy ?? testR2 };
}

/** Writes rows as they were read. */
async function write(path: string, { columns, rows }: Table): Promise<void> {
  const line = (cells: readonly string[]) =>
    cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
  await Deno.writeTextFile(path, [columns, ...rows].map(line).join("\n"));
}

/** All models on one table with one seed. */
async function fits(
  folder: string,
  name: keyof typeof TABLES,
  seed: number,
): Promise<Fit[]> {
  const path = `${SHIPPED.has(name) ? "bench/tables" : folder}/${name}.csv`;
  const whole = await readTable(path);
  const task = TABLES[name];
  // As the command splits.
  const parts = trainTestSplit(whole, {
    seed,
    ...(task === "classes" ? { stratify: whole.columns.at(-1)! } : {}),
  });
  const [train, test] = [`${folder}/train.csv`, `${folder}/test.csv`];
  await write(train, parts.train);
  await write(test, parts.test);
  const peers = await sklearn(task, train, test, `${seed}`);
  return [
    await lockstep(path, seed),
    ...peers.trim().split("\n").map((line) => JSON.parse(line) as Fit),
  ];
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The standard deviation over the seeds. */
function deviation(values: readonly number[]): number {
  const center = mean(values);
  const squares = values.map((value) => (value - center) ** 2);
  return Math.sqrt(mean(squares) * values.length / (values.length - 1));
}

const { values: flags } = parseArgs({
  options: {
    seeds: { type: "string", default: "10" },
    only: { type: "string", default: Object.keys(TABLES).join(",") },
  },
});
const seeds = Array.from({ length: Number(flags.seeds) }, (_, at) => at + 1);
const names = flags.only.split(",") as (keyof typeof TABLES)[];
const folder = await Deno.makeTempDir();
const all: Fit[][] = [];
try {
  await sklearn("--write", folder);
  console.log(`${machine()}\n`);
  const rows: string[][] = [];
  for (const name of names) {
    const found: Fit[] = [];
    for (const seed of seeds) found.push(...await fits(folder, name, seed));
    all.push(found);
    const cell = (model: string) => {
      const of = found.filter((fit) => fit.model === model);
      if (of.length === 0) return "-";
      const scores = of.map(({ score }) => score);
      const seconds = mean(of.map(({ seconds }) => seconds));
      return `${mean(scores).toFixed(3)} ± ${deviation(scores).toFixed(3)}, ${
        seconds.toFixed(2)
      } s`;
    };
    const models = ["Lockstep", "mlp", "mlp, scaled", "boosting"];
    rows.push([name, ...models.map(cell)]);
    console.error(rows.at(-1)!.join("  "));
  }
  const head = ["table", "Lockstep", "MLP", "MLP, targets scaled", "boosting"];
  console.log(table(head, rows));
  // Where there is one with scaled targets, it is the better one.
  const best = all.map((found) =>
    found.filter(({ model }) =>
      model ===
        (found.some((fit) => fit.model === "mlp, scaled")
          ? "mlp, scaled"
          : "mlp")
    )
  );
  const own = all.map((found) =>
    found.filter(({ model }) => model === "Lockstep")
  );
  const average = (groups: Fit[][]) =>
    mean(groups.map((group) => mean(group.map(({ score }) => score))));
  console.log(
    `\non average ${average(own).toFixed(4)} and, with targets scaled, ${
      average(best).toFixed(4)
    }`,
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}
