/**
 * `deno task build:kernels`: compiles the AssemblyScript kernels to `kernels.wasm`, and to `plain_kernels.wasm` for runtimes
 * without relaxed SIMD. Both are committed.
 */
import asc from "assemblyscript/asc";

const FOLDER = new URL("./assembly/", import.meta.url);
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
  "--importMemory",
  "--sharedMemory",
  // With at least a page, V8 need not check that constant offsets lie within the memory.
  ...["--initialMemory", "1"],
  ...["--maximumMemory", "65536"],
];

/** What stands for fused multiply-adds where there are none. */
const PLAIN = `
@inline function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}
@inline function nmadd(a: v128, b: v128, c: v128): v128 {
  return f32x4.sub(c, f32x4.mul(a, b));
}`;

/** Files of kernels, and whether they have fused multiply-adds. */
export const BUILDS: Readonly<Record<string, boolean>> = {
  "kernels.wasm": true,
  "plain_kernels.wasm": false,
};

/**
 * Compiles the kernels. The same sources give the same bytes.
 *
 * @param fused Whether products and sums are rounded once, by relaxed SIMD.
 *
 * @throws {Error} If the sources have errors.
 */
export async function compileKernels(
  fused: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ["index.ts", "--outFile", OUTPUT, ...OPTIONS, ...[
      "--enable",
      `simd,${fused ? "relaxed-simd," : ""}threads,bulk-memory`,
    ]],
    {
      readFile: (name) => readSource(name, fused),
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
function readSource(name: string, fused: boolean): string | null {
  try {
    const text = Deno.readTextFileSync(new URL(name, FOLDER));
    const plain = text.replaceAll(/f32x4\.relaxed_(n?madd)/g, "$1");
    return fused || plain === text ? text : plain + PLAIN;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

if (import.meta.main) {
  for (const [name, fused] of Object.entries(BUILDS)) {
    const binary = await compileKernels(fused);
    await Deno.writeFile(new URL(name, import.meta.url), binary);
    console.log(`Wrote ${binary.length} bytes to src/kernels/${name}`);
  }
}
