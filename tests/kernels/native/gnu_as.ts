/** What GNU as makes of a listing, where binutils are installed. */
import { join } from "node:path";

async function run(command: string, ...args: string[]) {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    ...{ args, stdout: "piped", stderr: "piped" },
  }).output();
  const decoder = new TextDecoder();
  return {
    success,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** Whether `as` and `objcopy` can be run. */
export async function hasBinutils(): Promise<boolean> {
  try {
    return (await run("as", "--version")).success &&
      (await run("objcopy", "--version")).success;
  } catch {
    return false;
  }
}

/**
 * Assembles a listing.
 *
 * @throws {Error} If it isn't accepted.
 */
export async function assembleByGnu(
  listing: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir();
  try {
    const [source, object, binary] = ["s", "o", "bin"].map((ending) =>
      join(folder, `code.${ending}`)
    );
    await Deno.writeTextFile(source, listing);
    const assembled = await run("as", "-O0", source, "-o", object);
    if (!assembled.success) throw new Error(assembled.stderr.slice(0, 2000));
    await run("objcopy", "-O", "binary", "-j", ".text", object, binary);
    return await Deno.readFile(binary);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
