/** What a page does with the package, for the test: its answers are read by the browser's own protocol. */
import {
  crossValidate,
  decodeModel,
  encodeModel,
  loadDataset,
  Mlp,
  readTable,
  samplesFrom,
} from "@lockstep/lockstep";

/** Trains; returns how far that came, and what must be the same elsewhere. */
globalThis.train = async (x, labels, options) => {
  const samples = samplesFrom({ x, labels });
  const mlp = new Mlp({ layers: [20, 16, 3], seed: 1, ...options });
  const { epochs } = await mlp.fit(samples, {
    epochs: 5,
    batchSize: 32,
    dropout: 0.1,
  });
  const bytes = await encodeModel(mlp.toModel(), "model.onnx");
  const again = Mlp.fromModel(await decodeModel(bytes, "model.onnx"));
  const file = new File(["a,b\n1,yes\n2,no\n"], "table.csv");
  const { rows } = await readTable(file);
  const { workers } = mlp;
  const sha256 = await mlp.weightsSha256();
  const loaded = await again.weightsSha256();
  await mlp.dispose();
  // Engines differ in the last bits of cosines and powers.
  const powers = new Mlp({ layers: [20, 3], seed: 1, workers: 1 });
  const long = await powers.fit(samples, {
    epochs: 300,
    batchSize: 150,
    optimizer: "nadam",
    schedule: "cosine",
  });
  // By a package that the import map names, and by one that it doesn't.
  const parquet = (await readTable(await fetch("table.parquet"))).rows;
  const missing = await loadDataset("mnist").catch(({ message }) => message);
  const { mean } = await crossValidate(samples, {
    folds: 3,
    training: { epochs: 2 },
    workers: 2,
  });
  return {
    sha256,
    loaded,
    loss: epochs.at(-1).loss,
    rows,
    workers,
    rates: long.epochs.map(({ learningRate }) => learningRate),
    powers: await powers.weightsSha256(),
    parquet,
    missing,
    mean,
  };
};
