import { fileURLToPath } from "node:url";
import type { Dataset } from "./dataset.ts";
import { idxSamples, type NamedBytes } from "./idx.ts";

/** Digits from 0 to 9, and Fashion-MNIST's ten sorts of clothes. */
const CLASSES = 10;

/** Reads the whole file at `path`, or at `path.gz` if there is only that. */
async function readMaybeCompressed(path: string): Promise<NamedBytes> {
  try {
    return { name: path, bytes: await readFile(path) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const name = `${path}.gz`;
  let compressed: Uint8Array<ArrayBuffer>;
  try {
    compressed = await readFile(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Deno.errors.NotFound(
      `Cannot read '${path}' as there is neither that file nor '${name}'`,
      { cause: error },
    );
  }
  try {
    const stream = new Blob([compressed]).stream().pipeThrough(
      new DecompressionStream("gzip"),
    );
    return { name, bytes: await new Response(stream).bytes() };
  } catch (cause) {
    throw new RangeError(
      `Cannot read '${name}' as it must be whole gzip data: ${
        (cause as Error).message
      }`,
      { cause },
    );
  }
}

/** Reads a file, and says in one line which permission is missing, if one is. */
async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new Deno.errors.NotCapable(
      `Cannot read '${path}' as the permission is missing: run again with --allow-read`,
      { cause: error },
    );
  }
}

/**
 * Reads the four files of MNIST and its relatives from a folder, plain or compressed by gzip.
 *
 * @throws {Deno.errors.NotFound} If a file is missing.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {RangeError} If a file isn't what it should be.
 */
export async function idxFolder(
  name: string,
  folder: string | URL,
): Promise<Dataset> {
  const path = (folder instanceof URL ? fileURLToPath(folder) : folder)
    .replace(/\/$/, "");
  const samples = async (part: string) =>
    await idxSamples(
      await readMaybeCompressed(`${path}/${part}-images-idx3-ubyte`),
      await readMaybeCompressed(`${path}/${part}-labels-idx1-ubyte`),
      CLASSES,
    );
  const train = await samples("train");
  const test = await samples("t10k");
  if (test.inputs !== train.inputs) {
    throw new RangeError(
      `Cannot read '${path}' as its test images must have ${train.inputs} pixels like the others: current value is ${test.inputs}`,
    );
  }
  return { name, train, test };
}
