/** The package: the same bytes from the same sources, and the same bits as in Deno. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BROWSER, Chromium } from "../browser/chromium.ts";
import { FIREFOX, Firefox } from "../browser/firefox.ts";
import { parquetWriteBuffer } from "hyparquet-writer";
import { inFolder } from "../in_folder.ts";
import { writeExamples } from "./examples.ts";
import {
  bundled,
  bundledByVite,
  bundledForNode,
  servePages,
  trainIn,
} from "./in_page.ts";
import { DENO, install, nodePath, packed, ROOT, run } from "./package.ts";
import { flaws, mistakes, MODULES } from "./types.ts";

const [PROGRAM, PAGE] = ["program.js", "page.js"].map((name) =>
  fileURLToPath(new URL(name, import.meta.url))
);

/** With relaxed SIMD: versions that are maintained for long. */
const NODES = ["22", "24"];

/** Kernels without relaxed SIMD, in threads as well. */
const PLAIN = "data:text/javascript,WebAssembly.validate = () => false;";

/** What the library is told in versions that are too old. */
const OLD = "data:text/javascript,process.getBuiltinModule = undefined;";

/** Types and options as a caller has them, and one mistake that must be found. */
const TYPED = `
import { type EpochEvent, Mlp, samplesFrom } from "@lockstep/lockstep";
const mlp = new Mlp({ layers: [2, 3, 2] });
const { epochs } = await mlp.fit(samplesFrom({ x: [[0, 1]], labels: [1] }), { epochs: 1 });
const last: EpochEvent | undefined = epochs.at(-1);
export const loss: number | undefined = last?.loss;
new Mlp({ layres: [1] });
`;

Deno.test("the package", async (test) => {
  await inFolder(async (folder) => {
    const archives = await Promise.all(
      ["one", "other"].map(async (name) => {
        const made = join(folder, name);
        await Deno.mkdir(made);
        return await packed(made);
      }),
    );
    const app = join(folder, "app");
    await install(app, archives[0]);
    const program = join(app, "program.js");
    await Deno.copyFile(PROGRAM, program);
    const parquet = new Uint8Array(parquetWriteBuffer({
      columnData: [{ name: "a", data: [1, 2] }, {
        name: "b",
        data: ["yes", "no"],
      }],
    }));
    await Deno.writeFile(join(app, "table.parquet"), parquet);

    /** What the program finds, by a runtime with its arguments. */
    const found = async (runtime: readonly string[], library?: string) => {
      const name = library ?? "@lockstep/lockstep";
      await run(app, ...runtime, program, name, "result.json");
      return JSON.parse(await Deno.readTextFile(join(app, "result.json")));
    };
    const wanted = await found(
      [...DENO, `--allow-write=${app}`],
      join(ROOT, "mod.ts"),
    );
    const words = "WebAssembly, as machine code can";

    await test.step("is the same when it is made again, and small", async () => {
      const [bytes, again] = await Promise.all(
        archives.map((archive) => Deno.readFile(archive)),
      );
      assert.deepEqual(bytes, again);
      assert.ok(bytes.length < 600_000, `${bytes.length} bytes`);
    });

    await test.step("has no flaw that tools find, but that it is ESM alone", async () => {
      const bytes = await Deno.readFile(archives[0]);
      assert.deepEqual(await flaws(bytes), ["CJSResolvesToESM node16-cjs"]);
    });

    await test.step("has types, however packages are found", async () => {
      const typed = join(app, "typed.ts");
      await Deno.writeTextFile(typed, TYPED);
      for (const module of MODULES) {
        const [mistake, ...others] = mistakes(typed, module);
        assert.deepEqual(others, []);
        assert.match(mistake, /'layres' does not exist/);
      }
    });

    await test.step("trains in Node to the same bits as in Deno", async () => {
      assert.equal(wanted.loaded, wanted.sha256);
      assert.equal(wanted.rows.length, 4);
      assert.match(wanted.missing, /^NotFound: Cannot read 'nowhere.csv'/);
      for (const version of NODES) {
        const { kernels, ...same } = await found([
          await nodePath(app, version),
        ]);
        assert.ok(kernels.startsWith(words), kernels);
        assert.deepEqual({ ...same, kernels: wanted.kernels }, wanted);
      }
    });

    await test.step("is bundled for Node and Deno, threads and all, and trains to the same bits", async () => {
      const [entry, byEsbuild, byDeno] = ["entry", "of_esbuild", "of_deno"]
        .map((name) => join(app, `${name}.mjs`));
      await Deno.writeTextFile(entry, 'export * from "@lockstep/lockstep";');
      await bundledForNode(entry, byEsbuild);
      await run(app, Deno.execPath(), "bundle", entry, "-o", byDeno);
      for (
        const [file, runtime] of [
          [byEsbuild, [await nodePath(app, NODES[1])]],
          [byDeno, [...DENO, `--allow-write=${app}`]],
        ] as const
      ) {
        const { kernels } = wanted;
        assert.deepEqual({ ...await found(runtime, file), kernels }, wanted);
      }
    });

    await test.step("trains without relaxed SIMD, as in Node 20, to the same bits everywhere, and says so", async () => {
      const plain = await found([
        ...[await nodePath(app, NODES[0]), "--import", PLAIN],
      ]);
      assert.notEqual(plain.sha256, wanted.sha256);
      assert.ok(Math.abs(plain.loss - wanted.loss) < 1e-6, `${plain.loss}`);
      const start = "WebAssembly without fused multiply-adds, so that last";
      assert.ok(plain.kernels.startsWith(start), plain.kernels);
      const node = await nodePath(app, "20");
      assert.deepEqual(await found([node]), plain);

      const { stderr } = await new Deno.Command(node, {
        args: ["--import", OLD, program, "@lockstep/lockstep", "result.json"],
        cwd: app,
      }).output();
      assert.match(
        new TextDecoder().decode(stderr),
        /Error: Cannot run in this Node as Lockstep needs 20\.16, 22\.3 or later: current version is 20\./,
      );
    });

    await test.step("has examples that run in Node 20 as they stand", async () => {
      await Deno.symlink(join(ROOT, "data"), join(app, "data"));
      const { program, count } = await writeExamples(app);
      assert.ok(count > 100, `${count} examples`);
      await run(app, await nodePath(app, "20"), program);
    });

    await Deno.copyFile(PAGE, join(app, "page.js"));
    for (
      const [name, browser] of [
        ["Chromium", BROWSER === undefined ? undefined : Chromium],
        ["Firefox", FIREFOX === undefined ? undefined : Firefox],
      ] as const
    ) {
      await test.step({
        name:
          `trains in ${name} on all cores, or in the page itself, to the same bits as in Deno`,
        ignore: browser === undefined,
        fn: async () => {
          await using running = await browser!.start(folder);
          const result = {
            sha256: wanted.sha256,
            loaded: wanted.sha256,
            loss: wanted.loss,
            rows: [["1", "yes"], ["2", "no"]],
            parquet: [["1", "yes"], ["2", "no"]],
            mean: wanted.mean,
            rates: wanted.rates,
            powers: wanted.powers,
          };
          const files = { ...await bundled(app), "table.parquet": parquet };
          const pages = [files];
          if (name === "Chromium") {
            pages.push({ ...files, ...await bundledByVite(app) });
          }
          for (const files of pages) {
            await using server = servePages(files);
            const { isolated, alone } = await trainIn(
              running,
              server,
              wanted.samples,
            );
            const { missing } = isolated;
            assert.match(
              missing,
              /^Cannot load 'mnist' as the package mnist@[\d.]+ must be in the import map of the page: /,
            );
            const workers = navigator.hardwareConcurrency;
            assert.deepEqual(isolated, { ...result, workers, missing });
            assert.deepEqual(alone, { ...result, workers: 1, missing });
          }
        },
      });
    }
  });
});
