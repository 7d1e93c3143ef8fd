import { explainedError, WrongValueError } from "../errors.ts";
import { fileURLToPath } from "node:url";
import { readBytes } from "../formats/read_bytes.ts";
import type { Dataset } from "./dataset.ts";
import { idxSamples, type NamedBytes } from "./idx.ts";

/** Digits from 0 to 9, and Fashion-MNIST's ten sorts of clothes. */
const CLASSES = 10;

/** Reads a file; `undefined` if there is no such file. */
async function readIfThere(
  path: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await readBytes(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}

async function decompress(
  { name, bytes }: { name: string; bytes: Uint8Array<ArrayBuffer> },
): Promise<NamedBytes> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(
      new DecompressionStream("gzip"),
    );
    return { name, bytes: await new Response(stream).bytes() };
  } catch (cause) {
    throw new WrongValueError(
      `Cannot read '${name}' as it must be whole gzip data: ${
        (cause as Error).message
      }`,
      { cause },
    );
  }
}

/** Reads the first of these files that is there, plain or with `.gz`. */
async function readFirst(paths: readonly string[]): Promise<NamedBytes> {
  for (const path of paths) {
    const plain = await readIfThere(path);
    if (plain !== undefined) return { name: path, bytes: plain };
    const name = `${path}.gz`;
    const compressed = await readIfThere(name);
    if (compressed !== undefined) {
      return await decompress({ name, bytes: compressed });
    }
  }
  const others = paths.flatMap((path) => [path, `${path}.gz`]).slice(1)
    .map((path) => `'${path.slice(path.lastIndexOf("/") + 1)}'`);
  throw explainedError(
    new Deno.errors.NotFound(
      `Cannot read '${paths[0]}' as there is neither that file nor ${
        others.join(" nor ")
      }`,
    ),
  );
}

/** @throws {Deno.errors.NotFound} If there is no such folder. */
async function requireFolder(path: string): Promise<void> {
  try {
    await Deno.stat(path);
  } catch (cause) {
    // Whatever else is wrong, the error of the first file says it better.
    if (!(cause instanceof Deno.errors.NotFound)) return;
    throw explainedError(
      new Deno.errors.NotFound(
        `Cannot read '${path}' as there is no such folder`,
        { cause },
      ),
    );
  }
}

/**
 * Reads the four files of MNIST and its relatives from a folder, plain or compressed by gzip, under the names
 * `train-images-idx3-ubyte` or `train-images.idx3-ubyte`, and so on.
 *
 * @throws {Deno.errors.NotFound} If the folder or a file is missing.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {RangeError} If a file isn't what it should be.
 */
export async function idxFolder(
  name: string,
  folder: string | URL,
): Promise<Dataset> {
  const path = (folder instanceof URL ? fileURLToPath(folder) : folder)
    .replace(/\/$/, "");
  await requireFolder(path === "" ? "/" : path);
  const read = (part: string, kind: string) =>
    readFirst([`${path}/${part}-${kind}`, `${path}/${part}.${kind}`]);
  const samples = async (part: string) =>
    await idxSamples(
      await read(`${part}-images`, "idx3-ubyte"),
      await read(`${part}-labels`, "idx1-ubyte"),
      CLASSES,
    );
  const train = await samples("train");
  const test = await samples("t10k");
  if (test.inputs !== train.inputs) {
    throw new WrongValueError(
      `Cannot read '${path}' as its test images must have ${train.inputs} pixels like the others: current value is ${test.inputs}`,
    );
  }
  return { name, train, test };
}
