/** Reports of small networks, whose numbers are known otherwise, and text that would like to be markup. */
import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import {
  calibrationError,
  confusionMatrix,
  Mlp,
  rocAuc,
  type Samples,
  samplesFrom,
  type Table,
  TableEncoder,
  trainingReport,
} from "../../mod.ts";
import { calibrationBins } from "../../src/metrics/calibration_error.ts";
import { rocCurve } from "../../src/metrics/roc_curve.ts";
import { matches } from "../defects.ts";

/** What must stay text, wherever it comes from. */
const EVIL = `<script>alert("1")</script>' onload='x`;

function table(rows: number): Table {
  return {
    name: "evil.csv",
    columns: [EVIL, "size", `"><img src=x>`],
    hasHeader: true,
    rows: Array.from({ length: rows }, (_, at) => [
      ...[at % 2 === 0 ? `<i>${EVIL}` : "b&b", `${at % 7}`],
      at % 3 === 0 ? `</td>${EVIL}` : "other",
    ]),
    lines: Array.from({ length: rows }, (_, at) => at + 2),
  };
}

/** Contents of elements whose opening tag has a text, without markup. */
function texts(html: string, tag: RegExp): string[] {
  return [...html.matchAll(new RegExp(`<${tag.source}[^>]*>(.*?)</`, "gs"))]
    .map(([, text]) => text);
}

Deno.test("names, classes, cells, notes and facts are text in a report, whose style sheet is the only one allowed", async () => {
  const rows = table(60);
  const encoder = await TableEncoder.fit(rows, { target: rows.columns[2] });
  await using mlp = new Mlp({ encoder, hidden: [4], seed: 3 });
  const train = await encoder.samples(rows);
  const history = await mlp.fit(train, { epochs: 2, timings: true });
  const html = await trainingReport(mlp, {
    ...{ title: EVIL, test: rows, notes: [EVIL] },
    history: {
      ...{ ...history, bestEpoch: 1, monitor: "accuracy" },
      hasBestWeights: true,
    },
    facts: { [EVIL]: EVIL },
  });
  // All markup of the page is its own.
  assert.doesNotMatch(html, /<script|<img|<i>|onload='|<\/td>&lt;\/td/);
  const safe = EVIL.replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;");
  for (
    const place of [
      `<h1>${safe}</h1>`,
      `<li>${safe}</li>`,
      `<dt>${safe}</dt><dd>${safe}</dd>`,
      `<th scope="col">${safe}</th>`,
      `<td>&lt;i&gt;${safe}</td>`,
      `>&lt;/td&gt;${safe}</th>`,
    ]
  ) assert.ok(html.includes(place), place);
  assert.ok(html.includes(
    "<p>The line marks epoch 1 of 2, the best by the accuracy of the training. The network has the weights of that epoch.</p>",
  ));
  assert.match(html, />best epoch 1: /);
  const [style] = texts(html, /style/);
  const bytes = new TextEncoder().encode(style);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  const allowed = new Uint8Array(hash).toBase64();
  assert.ok(html.includes(`style-src 'sha256-${allowed}'`));
  assert.doesNotMatch(html, /\sstyle="|https?:\/\//);
  assert.ok(html.includes(`<dt>Lockstep</dt><dd>${config.version}</dd>`));
  const sections = texts(html, /h2/);
  assert.deepEqual(sections, [
    ...["Result", "Course of the training", "What is taken for what"],
    ...["Scores of each class", "Probabilities", "Worst mistakes"],
    ...["What counts", "Where the time goes", "How to repeat it"],
  ]);
});

Deno.test("a report of classes has the counts, scores and mistakes of its samples", async () => {
  const x = Array.from({ length: 40 }, (_, at) => [at / 40, at % 4]);
  const labels = x.map(([size], at) => size > 0.5 !== (at % 5 === 0) ? 1 : 0);
  const samples = samplesFrom({ x, labels }) as Samples;
  await using mlp = new Mlp({ layers: [2, 3, 2], seed: 1 });
  await mlp.fit(samples, { epochs: 30, learningRate: 0.05 });
  const html = await trainingReport(mlp, { test: samples });
  const found = await mlp.predict(samples.x);
  const predicted = await mlp.predictClasses(samples.x);
  const confusion = confusionMatrix(labels, predicted, 2);
  for (const [actual, row] of confusion.entries()) {
    for (const [told, count] of row.entries()) {
      assert.ok(html.includes(`<title>${actual} as ${told}: ${count}, `));
    }
  }
  const second = found.filter((_, at) => at % 2 === 1);
  assert.ok(
    html.includes(
      `ROC AUC</dt><dd><strong>${rocAuc(labels, second).toFixed(4)}<`,
    ),
  );
  const wrong = labels.filter((label, at) => label !== predicted[at]).length;
  assert.ok(wrong > 3, `${wrong}`);
  assert.ok(html.includes(`Of the samples, ${wrong} are wrong.`));
  // The first mistake is that whose class has the least probability.
  const worst = labels.map((label, at) => found[2 * at + label])
    .reduce((worst, p, at, all) => p < all[worst] ? at : worst, 0);
  const [, mistakes] = html.split("Samples with the worst mistakes</caption>");
  assert.equal(texts(mistakes, /th scope="row"/)[0], `${worst}`);
});

Deno.test("curves of probabilities have the area and the error that are computed otherwise", () => {
  const labels = [0, 1, 1, 0, 1, 0, 1, 1, 0, 0];
  const scores = [0.1, 0.4, 0.35, 0.8, 0.8, 0.2, 0.9, 0.8, 0.4, 0.05];
  const points = rocCurve(labels, scores);
  assert.deepEqual([points[0], points.at(-1)], [[0, 0], [1, 1]]);
  const area = points.slice(1).reduce(
    (sum, [x, y], at) => sum + (x - points[at][0]) * (y + points[at][1]) / 2,
    0,
  );
  assert.ok(Math.abs(area - rocAuc(labels, scores)) < 1e-12);
  const bins = calibrationBins(labels, scores, 10);
  assert.equal(bins.reduce((sum, { count }) => sum + count, 0), 10);
  const error = bins.reduce(
    (sum, { correct, confidence }) => sum + Math.abs(correct - confidence),
    0,
  ) / 10;
  assert.equal(error, calibrationError(labels, scores));
});

Deno.test("a report of numbers shows each error once, and the rows of the largest with their cells", async () => {
  const rows = Array.from({ length: 50 }, (_, at) => ({
    size: at % 10,
    // A row without a target is none to test with.
    price: at === 4 ? undefined : 3 * (at % 10) + (at === 17 ? 500 : 0),
    name: `house ${at}`,
  }));
  const encoder = await TableEncoder.fit(rows, {
    ...{ target: "price", task: "numbers", drop: ["name"] },
  });
  await using mlp = new Mlp({ encoder, hidden: [] });
  await mlp.fit(await encoder.samples(rows), { epochs: 20 });
  const html = await trainingReport(mlp, { test: rows });
  const bars = [...html.matchAll(/<title>(\d+) from \S+ to \S+<\/title>/g)];
  assert.equal(bars.reduce((sum, [, count]) => sum + Number(count), 0), 49);
  const [, mistakes] = html.split("Samples with the worst mistakes</caption>");
  const [first] = mistakes.split("<tbody>")[1].split("</tr>");
  assert.ok(first.includes("<td>521</td>"), first);
  assert.ok(first.includes("<td>house 17</td>"), first);
});

Deno.test("a report of labels shows the labels that are most wrong, the first of equals first", async () => {
  const [count, outputs] = [60, 3];
  const x = Array.from({ length: count }, (_, at) => [at % 30, at % 4]);
  const y = x.map(([size, kind]) =>
    [0, 1, 2].map((l) => (size + kind + l) % 2)
  );
  const samples = samplesFrom({ x, y }) as Samples;
  await using mlp = new Mlp({
    ...{ layers: [2, 4, outputs], seed: 2, task: "labels" },
  });
  const html = await trainingReport(mlp, { test: samples });
  const found = await mlp.predict(samples.x);
  const all = Array.from(found, (p, at) => ({
    ...{ at, has: samples.y[at] === 1 },
    sure: samples.y[at] === 1 ? 1 - p : p,
  }));
  // From a half on a label is told.
  const wrong = all.filter(({ has, at }) => has !== found[at] >= 0.5);
  assert.ok(wrong.length > 24, `${wrong.length}`);
  const worst = wrong.sort((one, other) => other.sure - one.sure).slice(0, 12);
  assert.ok(new Set(worst.map(({ sure }) => sure)).size < 12, "no equals");
  assert.ok(html.includes(`Of the labels, ${wrong.length} are wrong.`));
  const [, mistakes] = html.split("Samples with the worst mistakes</caption>");
  const [rows] = mistakes.split("</table>");
  assert.deepEqual(
    texts(rows, /th scope="row"/),
    worst.map(({ at }) => `${Math.floor(at / outputs)}`),
  );
  const [{ at, has }] = worst;
  const words = [`${at % outputs}`, `not ${at % outputs}`];
  assert.deepEqual(
    texts(rows, /td/).slice(0, 2),
    has ? words : words.reverse(),
  );
});

Deno.test("what no report can be made of is refused", async () => {
  await using mlp = new Mlp({ layers: [2, 2] });
  const test = samplesFrom({ x: [[1, 2, 3]], labels: [1] });
  const report = (...args: unknown[]) =>
    trainingReport(...args as Parameters<typeof trainingReport>);
  await assert.rejects(
    report(mlp, { test }),
    matches(
      RangeError,
      "Cannot make a report as 'test' must be of 2 inputs and 2 outputs: current value is [3, 2]",
    ),
  );
  await assert.rejects(
    report(mlp, { test: [{ a: 1 }] }),
    matches(
      TypeError,
      "Cannot make a report as 'test' must be samples, as the network has no encoder: current value is [Object]",
    ),
  );
  await assert.rejects(
    report(mlp, { image: { width: 2, height: 2 } }),
    matches(
      RangeError,
      "Cannot make a report as 'image' must be of 2 pixels: current value is [2, 2]",
    ),
  );
  await assert.rejects(
    report(mlp, { titel: "x" }),
    matches(
      TypeError,
      "Cannot make a report as 'titel' is no option: did you mean 'title'?",
    ),
  );
  await assert.rejects(
    report({}),
    matches(
      TypeError,
      "Cannot make a report as 'network' must be a network: current value is Object",
    ),
  );
});
