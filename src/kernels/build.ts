/** `deno task build:kernels`: compiles the AssemblyScript kernels to `kernels.wasm`, which is committed. */
import asc from "assemblyscript/asc";

const FOLDER = new URL("./assembly/", import.meta.url);
const TARGET = new URL("./kernels.wasm", import.meta.url);
const OUTPUT = "kernels.wasm";

/**
 * The optimizer of AssemblyScript stays off, as V8 optimizes the module anyway. It would nest the multiply-adds of
 * each accumulator, so that operands live longer than there are registers, and turn the constants of the functions
 * back into literals: with -O3 the products take 1.1 to 1.5 times as long, and sigmoid and tanh 1.3 to 1.6 times.
 */
const OPTIONS = [
  "-O0",
  "--noAssert",
  ...["--runtime", "stub"],
  ...["--enable", "simd,relaxed-simd,threads,bulk-memory"],
  "--importMemory",
  "--sharedMemory",
  // With at least a page, V8 need not check that constant offsets lie within the memory.
  ...["--initialMemory", "1"],
  ...["--maximumMemory", "65536"],
];

/**
 * Compiles the kernels. The same sources give the same bytes.
 *
 * @throws {Error} If the sources have errors.
 */
export async function compileKernels(): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ["index.ts", "--outFile", OUTPUT, ...OPTIONS],
    {
      readFile: readSource,
      writeFile(name, contents) {
        if (name === OUTPUT && typeof contents !== "string") binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) {
    throw new Error(`Cannot compile the kernels: ${stderr}`, { cause: error });
  }
  return new Uint8Array(binary);
}

/** The compiler asks for a few names before the one that exists. */
function readSource(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(name, FOLDER));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

if (import.meta.main) {
  const binary = await compileKernels();
  await Deno.writeFile(TARGET, binary);
  console.log(`Wrote ${binary.length} bytes to src/kernels/kernels.wasm`);
}
