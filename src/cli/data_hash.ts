/** The files of a dataset, and a hash that identifies them. */
import { createHash } from "node:crypto";
import { formatNameOf } from "../data/formats.ts";
import { isBuiltIn } from "../data/load_dataset.ts";
import { systemError } from "../io/system_error.ts";
import { sha256 } from "../runtime/hex.ts";

const CHUNK_BYTES = 1 << 20;

/** The files that a dataset is made of, those in the folders of classes too, sorted; none of stdin, and of what is built in. */
export async function filesOf(
  dataset: string,
  deeper = true,
): Promise<string[]> {
  if (isBuiltIn(dataset) || dataset === "-") return [];
  const files: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(dataset)) {
      const path = `${dataset}/${name}`;
      if (isDirectory) files.push(...deeper ? await filesOf(path, false) : []);
      else if (formatNameOf(name) !== undefined) files.push(path);
    }
  } catch {
    // It is a file, or whoever reads it says why it can't be read.
    return [dataset];
  }
  return files.sort();
}

/** The SHA-256 of a file, in hex, without all of it in memory. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    using file = await Deno.open(path);
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const read = await file.read(chunk);
      if (read === null) return hash.digest("hex");
      hash.update(chunk.subarray(0, read));
    }
  } catch (cause) {
    throw systemError("read", path, cause);
  }
}

/** That of one file, or of the list of those of several. */
export async function hashOfFiles(
  paths: readonly string[],
  first: readonly string[] = [],
): Promise<string> {
  const all = [...first];
  for (const path of paths) all.push(await hashOfFile(path));
  return all.length === 1
    ? all[0]
    : await sha256(new TextEncoder().encode(all.join("\n")));
}
