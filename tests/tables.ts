import {
  type EncoderOptions,
  parseCsv,
  type Table,
  TableEncoder,
} from "../mod.ts";

/** Fits an encoder to a table, or to text called t.csv, and makes samples of the same rows. */
export async function encoded(
  source: string | Table,
  options?: EncoderOptions,
) {
  const table = typeof source === "string"
    ? await parseCsv(source, { name: "t.csv" })
    : source;
  const encoder = await TableEncoder.fit(table, options);
  const { columns, classNames, targetNames, notes } = encoder;
  const samples = await encoder.samples(table);
  return { encoder, samples, columns, classNames, targetNames, notes };
}

/** An encoder of some columns, for inputs alone. */
export function encoderOf(...columns: TableEncoder["columns"]): TableEncoder {
  return TableEncoder.from({
    task: "numbers",
    preprocessing: { columns },
    targetNames: ["y"],
  });
}
