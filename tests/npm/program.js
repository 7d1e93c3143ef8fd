/** Run by each runtime in a folder of its own: prints what must be the same in all of them. */
const { crossValidate, loadDataset, Mlp, readTable, samplesFrom } =
  await import(process.argv[2]);
const { writeFile } = await import("node:fs/promises");

const random = (at) => (at * 7919 % 1009) / 1009;
const source = {
  x: Array.from(
    { length: 150 },
    (_, at) => Array.from({ length: 20 }, (_, n) => random(20 * at + n)),
  ),
  labels: Array.from({ length: 150 }, (_, at) => at % 3),
};
const samples = samplesFrom(source);
// Not disposed of: idle workers don't keep a process alive.
const mlp = new Mlp({ layers: [20, 16, 3], seed: 1, workers: 2 });
const { epochs } = await mlp.fit(samples, {
  epochs: 5,
  batchSize: 32,
  dropout: 0.1,
  timings: true,
});
const file = "model.onnx";
await mlp.save(file);
const loaded = await Mlp.load(file);

await writeFile("table.csv", "a,b,c\n1,2,yes\n2,1,no\n3,5,yes\n4,1,no\n");
const table = await readTable("table.csv");
// Engines differ in the last bits of cosines and powers.
const powers = new Mlp({ layers: [20, 3], seed: 1, workers: 1 });
const long = await powers.fit(samples, {
  epochs: 300,
  batchSize: 150,
  optimizer: "nadam",
  schedule: "cosine",
});
const { rows: parquet } = await readTable("table.parquet");
const { mean } = await crossValidate(samples, {
  folds: 3,
  training: { epochs: 2 },
  workers: 2,
});
const missing = await loadDataset("nowhere.csv")
  .catch(({ name, message }) => `${name}: ${message}`);
await writeFile(
  process.argv[3],
  JSON.stringify({
    sha256: await mlp.weightsSha256(),
    loaded: await loaded.weightsSha256(),
    loss: epochs.at(-1).loss,
    kernels: epochs.at(-1).kernels,
    rows: table.rows,
    parquet,
    rates: long.epochs.map(({ learningRate }) => learningRate),
    powers: await powers.weightsSha256(),
    mean,
    missing,
    samples: source,
  }),
);
