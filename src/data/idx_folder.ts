import { explainedError, WrongValueError } from "../checks/errors.ts";
import { fileURLToPath } from "node:url";
import { readBytes } from "../io/read_bytes.ts";
import type { Dataset } from "./dataset.ts";
import { type IdxKind, idxSamples, type NamedBytes, unpackIdx } from "./idx.ts";

/** Digits from 0 to 9, and Fashion-MNIST's ten sorts of clothes. */
const CLASSES = 10;

/** How the name of a file ends. */
const ENDINGS = { images: "idx3-ubyte", labels: "idx1-ubyte" } as const;

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

/** Reads the first of these files that is there, plain or with `.gz`. */
async function readFirst(
  paths: readonly string[],
  kind: IdxKind,
): Promise<NamedBytes> {
  for (const path of paths) {
    const plain = await readIfThere(path);
    if (plain !== undefined) return { name: path, bytes: plain };
    const name = `${path}.gz`;
    const packed = await readIfThere(name);
    if (packed !== undefined) return await unpackIdx(name, packed, kind);
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
  const read = (part: string, kind: IdxKind) => {
    const name = `${path}/${part}-${kind}`;
    const ending = ENDINGS[kind];
    return readFirst([`${name}-${ending}`, `${name}.${ending}`], kind);
  };
  const samples = async (part: string) =>
    await idxSamples(
      await read(part, "images"),
      await read(part, "labels"),
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
