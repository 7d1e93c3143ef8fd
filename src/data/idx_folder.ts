import { explainedError, WrongValueError } from "../checks/errors.ts";
import { files } from "../runtime/files.ts";
import { fileURLToPath } from "../runtime/paths.ts";
import { NotFound } from "../runtime/system_errors.ts";
import type { Dataset } from "./dataset.ts";
import { idxAnnounced, type IdxKind, idxSamples } from "./idx.ts";
import { type NamedBytes, readContents } from "./unpack.ts";

/** Digits from 0 to 9, and Fashion-MNIST's ten sorts of clothes. */
const CLASSES = 10;

/** How the name of a file ends. */
const ENDINGS = { images: "idx3-ubyte", labels: "idx1-ubyte" } as const;

/** Reads the first of these files that is there, plain or with `.gz`. */
async function readFirst(
  paths: readonly string[],
  kind: IdxKind,
): Promise<NamedBytes> {
  for (const path of paths.flatMap((path) => [path, `${path}.gz`])) {
    try {
      return await readContents("read images", path, idxAnnounced(kind));
    } catch (cause) {
      if (!(cause instanceof NotFound)) throw cause;
    }
  }
  const others = paths.flatMap((path) => [path, `${path}.gz`]).slice(1)
    .map((path) => `'${path.slice(path.lastIndexOf("/") + 1)}'`);
  throw explainedError(
    new NotFound(
      `Cannot read '${paths[0]}' as there is neither that file nor ${
        others.join(" nor ")
      }`,
    ),
  );
}

/** Whether a folder has one of the files of MNIST at least. */
export async function isIdxFolder(path: string): Promise<boolean> {
  for await (const { name } of files.readDir(path)) {
    if (/^(train|t10k)-(images|labels)[-.]idx[13]-ubyte(\.gz)?$/.test(name)) {
      return true;
    }
  }
  return false;
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
