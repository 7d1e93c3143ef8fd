/** Reports of all kinds, for a browser: classes of a table with long and hostile names, images, labels, numbers. */
import { join } from "node:path";
import {
  Mlp,
  readTable,
  type Samples,
  TableEncoder,
  trainingReport,
  trainTestSplit,
} from "../../mod.ts";

const DATA = new URL("../../data/", import.meta.url);

/** Writes the reports, and returns their paths. */
export async function reportsIn(folder: string): Promise<string[]> {
  const pages = {
    classes: await ofClasses(),
    images: await ofImages(),
    labels: await ofLabels(),
    numbers: await ofNumbers(),
  };
  return Object.entries(pages).map(([name, html]) => {
    const path = join(folder, `${name}.html`);
    Deno.writeTextFileSync(path, html);
    return path;
  });
}

/** Flowers whose names are longer than there is room for, and would like to be markup. */
async function ofClasses(): Promise<string> {
  const iris = await readTable(new URL("iris.csv", DATA));
  const table = {
    ...iris,
    columns: iris.columns.map((name, at) =>
      at === 2 ? `<script>alert(1)</script> ${"and so on ".repeat(9)}` : name
    ),
    rows: iris.rows.map((cells) => [
      ...cells.slice(0, -1),
      cells.at(-1)! + ({ virginica: `" onload='x' ${"!".repeat(40)}` }[
        cells.at(-1)!
      ] ?? ""),
    ]),
  };
  const { train, test } = trainTestSplit(table, {
    ...{ stratify: table.columns.at(-1)!, testFraction: 0.4 },
  });
  const encoder = await TableEncoder.fit(train, {
    target: table.columns.at(-1)!,
  });
  await using mlp = new Mlp({ encoder, hidden: [16, 8] });
  const samples = await encoder.samples(train);
  const history = await mlp.fit(samples, {
    ...{ epochs: 12, validationSplit: 0.2, timings: true },
  });
  return await trainingReport(mlp, {
    ...{ history, test, notes: ["x".repeat(300)] },
    title: "Flowers".repeat(20),
    facts: { Command: `deno task train --dataset ${"long/".repeat(60)}.csv` },
  });
}

/** Ten classes of images of 8 by 8 that look like each other. */
async function ofImages(): Promise<string> {
  const [count, pixels, outputs] = [300, 64, 10];
  const x = Float32Array.from(
    { length: count * pixels },
    (_, at) => ((at * 7919) % 251) / 251,
  );
  const y = new Float32Array(count * outputs);
  for (let s = 0; s < count; s++) {
    y[s * outputs + s % outputs] = 1;
    x[s * pixels + s % outputs] = s % 3 === 0 ? 0.5 : 2;
  }
  const test: Samples = { x, y, count, inputs: pixels, outputs };
  await using mlp = new Mlp({ layers: [pixels, 16, outputs] });
  const history = await mlp.fit(test, { epochs: 10 });
  return await trainingReport(mlp, {
    ...{ history, test, image: { width: 8, height: 8 } },
  });
}

async function ofLabels(): Promise<string> {
  const count = 100;
  const x = Float32Array.from({ length: 3 * count }, (_, at) => (at % 17) / 17);
  const y = Float32Array.from(
    { length: 2 * count },
    (_, at) => Number(x[3 * (at >> 1) + at % 2] > 0.4 === at % 9 > 0),
  );
  const test: Samples = { x, y, count, inputs: 3, outputs: 2 };
  await using mlp = new Mlp({ layers: [3, 4, 2], task: "labels" });
  const history = await mlp.fit(test, { epochs: 10 });
  return await trainingReport(mlp, { history, test });
}

async function ofNumbers(): Promise<string> {
  const table = await readTable(new URL("diabetes.csv", DATA));
  const { train, test } = trainTestSplit(table, { testFraction: 0.3 });
  const encoder = await TableEncoder.fit(train);
  await using mlp = new Mlp({ encoder, hidden: [16] });
  const history = await mlp.fit(await encoder.samples(train), { epochs: 20 });
  return await trainingReport(mlp, { history, test, title: "Diabetes" });
}
