/** Thresholds and intervals: what networks, evaluations and files make of them. */
import assert from "node:assert/strict";
import { Mlp, samplesFrom, TableEncoder } from "../../mod.ts";
import { inFolder } from "../in_folder.ts";
import { randomSamples } from "../samples.ts";

Deno.test("thresholds of labels: chosen, kept, and gone by", async () => {
  const train = randomSamples(40, 4, 3, 2);
  const held = randomSamples(60, 4, 3, 5);
  await using mlp = new Mlp({ layers: [4, 6, 3], task: "labels", workers: 1 });
  await mlp.fit(train, { epochs: 20, learningRate: 0.02 });
  const plain = await mlp.evaluate(held);
  const choices = await mlp.chooseThresholds(held, { aim: { recall: 0.9 } });
  assert.equal(choices.length, 3);
  const outputs = await mlp.predict(held.x);
  const applies = outputs.map((p, at) => Number(p >= mlp.thresholds![at % 3]));
  let correct = 0;
  for (const [label, { threshold, recall, precision }] of choices.entries()) {
    assert.equal(threshold, mlp.thresholds![label]);
    let [found, told, positive] = [0, 0, 0];
    for (let at = label; at < outputs.length; at += 3) {
      found += held.y[at] * applies[at];
      told += applies[at];
      positive += held.y[at];
      correct += Number(held.y[at] === applies[at]);
    }
    assert.equal(recall, found / positive);
    assert.equal(precision, found / told);
    assert.ok(recall >= 0.9);
  }
  const { accuracy, loss } = await mlp.evaluate(held);
  assert.equal(accuracy, correct / held.y.length);
  assert.notEqual(accuracy, plain.accuracy);
  assert.ok(Math.abs(loss - plain.loss) < 1e-5);
  await inFolder(async (folder) => {
    for (const ending of [".safetensors", ".json", ".onnx"]) {
      await mlp.save(`${folder}/m${ending}`);
      await using again = await Mlp.load(`${folder}/m${ending}`);
      assert.deepEqual(again.thresholds, mlp.thresholds);
    }
  });
  await mlp.calibrate(held, { method: "temperature" });
  assert.equal(mlp.thresholds, undefined);
});

Deno.test("the threshold of two classes: classes, rows of a table and their probabilities go by it", async () => {
  const rows = Array.from({ length: 40 }, (_, at) => ({
    x: at,
    sold: at * 7 % 40 < at ? "yes" : "no",
  }));
  const encoder = await TableEncoder.fit(rows, { target: "sold" });
  const samples = await encoder.samples(rows);
  await using mlp = new Mlp({ encoder, hidden: [], workers: 1 });
  await mlp.fit(samples, { epochs: 5 });
  const [choice, ...others] = await mlp.chooseThresholds(samples, {
    aim: { cost: [1, 9] },
  });
  assert.deepEqual(others, []);
  assert.deepEqual(mlp.thresholds, [choice.threshold]);
  const outputs = await mlp.predict(rows);
  const classes = await mlp.predictClasses(rows);
  let changed = 0;
  for (const [at, found] of (await mlp.predictTable(rows)).entries()) {
    assert.ok(found.task === "classes");
    const second = outputs[2 * at + 1];
    const yes = second >= choice.threshold;
    assert.equal(classes[at], Number(yes));
    assert.equal(found.label, yes ? "yes" : "no");
    assert.equal(found.probability, yes ? second : outputs[2 * at]);
    assert.equal(found.probabilities.yes, second);
    if (yes !== second > 0.5) changed++;
  }
  assert.ok(changed > 0);
  const right = classes.filter((c, at) => samples.y[2 * at + 1] === c).length;
  assert.equal((await mlp.evaluate(samples)).accuracy, right / 40);
});

Deno.test("an interval of numbers: found, kept, and told for each row", async () => {
  const rows = Array.from({ length: 60 }, (_, at) => ({
    x: at,
    price: 3 * at + 20 * Math.sin(at),
    weight: at % 7,
  }));
  const encoder = await TableEncoder.fit(rows, {
    target: ["price", "weight"],
    task: "numbers",
  });
  const samples = await encoder.samples(rows);
  await using mlp = new Mlp({ encoder, hidden: [4], workers: 1 });
  await mlp.fit(samples, { epochs: 30, learningRate: 0.02 });
  const { halfWidths } = await mlp.fitInterval(samples, { coverage: 0.8 });
  await inFolder(async (folder) => {
    await mlp.save(`${folder}/m.onnx`);
    await using again = await Mlp.load(`${folder}/m.onnx`);
    assert.deepEqual(again.interval, { coverage: 0.8, halfWidths });
    const within = { price: 0, weight: 0 };
    for (const [at, found] of (await again.predictTable(rows)).entries()) {
      assert.ok(found.task === "numbers");
      for (const [n, name] of (["price", "weight"] as const).entries()) {
        const [low, high]: readonly [number, number] = found.intervals![name];
        assert.equal(low, found.values[name] - halfWidths[n]);
        assert.equal(high, found.values[name] + halfWidths[n]);
        const wanted = Math.fround(rows[at][name]);
        if (low <= wanted && wanted <= high) within[name]++;
      }
    }
    // ⌈61 · 0.8⌉ = 49 of the samples that it was fitted to; more where errors are equal.
    assert.equal(within.price, 49);
    assert.ok(within.weight >= 49);
  });
  await mlp.fit(samples, { epochs: 1 });
  assert.equal(mlp.interval, undefined);
});

Deno.test("what a task has no use for is refused", async () => {
  const held = randomSamples(60, 4, 3, 5);
  await using three = new Mlp({ layers: [4, 3], workers: 1 });
  await assert.rejects(() => three.chooseThresholds(held), {
    name: "RangeError",
    message: /'task' must be 'labels', or 'classes' with two of them/,
  });
  await using two = new Mlp({ layers: [1, 2], workers: 1 });
  const one = samplesFrom({ x: [[1], [2]], labels: [0, 0], classes: 2 });
  await assert.rejects(() => two.chooseThresholds(one), {
    name: "RangeError",
    message:
      "Cannot choose thresholds as 'samples' must be some of '1' and some others: current value is '0 of 2'",
  });
  await assert.rejects(() => three.fitInterval(held, { coverage: 0.9 }), {
    name: "RangeError",
    message: /'task' must be 'numbers': current value is 'classes'/,
  });
  const options = [
    [{ thresholds: [0.2] }, /'thresholds' must be left out for 3 classes/],
    [{ thresholds: [2, 0, 0] }, /'thresholds\[0\]' must be a number from 0/],
    [
      { interval: { coverage: 0.9, halfWidths: [1, 1, 1] } },
      /'interval' must be left out for the task 'classes'/,
    ],
    [
      { task: "numbers", interval: { coverage: 0.9, halfWidths: [1] } },
      /'interval.halfWidths.length' must be 3/,
    ],
    [
      { task: "labels", thresholds: [0.2] },
      /'thresholds.length' must be 3 for as many labels/,
    ],
  ] as const;
  for (const [option, message] of options) {
    assert.throws(() => new Mlp({ layers: [4, 3], ...option }), {
      name: "RangeError",
      message,
    });
  }
});
