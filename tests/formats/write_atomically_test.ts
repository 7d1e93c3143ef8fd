import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { writeAtomically } from "../../src/formats/write_atomically.ts";

const SCRIPT = fileURLToPath(
  import.meta.resolve("../../src/formats/write_atomically.ts"),
);

async function inFolder(
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is in a folder. */
async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name))
    .sort();
}

Deno.test("writeAtomically() writes a new file, and replaces an old one", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a.bin`;
    for (const length of [3, 0, 5_000_000]) {
      const bytes = Uint8Array.from({ length }, (_, at) => at * 7);
      await writeAtomically(path, bytes);
      assert.ok(
        Deno.readFileSync(path).every((byte, at) => byte === bytes[at]),
      );
      assert.equal((await Deno.stat(path)).size, length);
      assert.deepEqual(await names(folder), ["a.bin"]);
    }
  });
});

Deno.test("writeAtomically() writes to the current folder", async () => {
  await inFolder(async (folder) => {
    const code = `import { writeAtomically } from ${JSON.stringify(SCRIPT)};
      await writeAtomically("a.bin", Uint8Array.of(1));`;
    await Deno.writeTextFile(`${folder}/main.ts`, code);
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-config",
        "--allow-read=.",
        "--allow-write=.",
        "main.ts",
      ],
      cwd: folder,
    }).output();
    assert.ok(success);
    assert.deepEqual(await names(folder), ["a.bin", "main.ts"]);
  });
});

Deno.test("writeAtomically() leaves nothing behind where a folder has the name", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a`);
    await assert.rejects(
      writeAtomically(`${folder}/a`, Uint8Array.of(1)),
      (error: Error) => {
        assert.ok(
          error.message.startsWith(
            `Cannot write '${folder}/a' as the system refuses: `,
          ),
        );
        assert.equal(error.constructor, error.cause?.constructor);
        return true;
      },
    );
    assert.deepEqual(await names(folder), ["a"]);
  });
});

Deno.test("writeAtomically() names the folder that isn't there", async () => {
  await assert.rejects(
    writeAtomically("/no/such/folder/a", Uint8Array.of(1)),
    new Deno.errors.NotFound(
      "Cannot write '/no/such/folder/a' as there is no such folder '/no/such/folder'",
    ),
  );
});

Deno.test({
  name: "writeAtomically() keeps the old file when the disk takes no more",
  // Only there can a process be given a largest size of its files.
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await inFolder(async (folder) => {
      const old = Uint8Array.of(1, 2, 3);
      await Deno.writeFile(`${folder}/a.bin`, old);
      const code = `import { writeAtomically } from ${JSON.stringify(SCRIPT)};
        await writeAtomically("a.bin", new Uint8Array(40_000_000))
          .catch((error) => console.log(error.message));`;
      await Deno.writeTextFile(`${folder}/main.ts`, code);
      // Without XFSZ ignored, the process would be ended; a cache of its own, as the limit is also one for the cache.
      const { stdout } = await new Deno.Command("sh", {
        args: [
          "-c",
          'trap "" XFSZ; ulimit -f 40000; exec "$0" run --no-config --allow-read --allow-write main.ts',
          Deno.execPath(),
        ],
        cwd: folder,
        env: { DENO_DIR: `${folder}/cache` },
        stderr: "null",
      }).output();
      assert.match(
        new TextDecoder().decode(stdout),
        /^Cannot write 'a.bin' as the system refuses: File too large/,
      );
      assert.deepEqual(await Deno.readFile(`${folder}/a.bin`), old);
      assert.deepEqual(await names(folder), ["a.bin", "cache", "main.ts"]);
    });
  },
});

Deno.test({
  name: "writeAtomically() says that the permission to write is missing",
  permissions: { read: true, write: false },
  async fn() {
    await assert.rejects(
      writeAtomically("/some/folder/a", Uint8Array.of(1)),
      new Deno.errors.NotCapable(
        "Cannot write '/some/folder/a' as the permission is missing: run again with --allow-write=/some/folder",
      ),
    );
  },
});

Deno.test("writeAtomically() says that the permission to read is missing", async () => {
  await inFolder(async (folder) => {
    const code = `import { writeAtomically } from ${JSON.stringify(SCRIPT)};
      await writeAtomically("a.bin", Uint8Array.of(1))
        .catch((error) => console.log(error.message));`;
    await Deno.writeTextFile(`${folder}/main.ts`, code);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", "--no-prompt", "--allow-write=.", "main.ts"],
      cwd: folder,
    }).output();
    assert.equal(
      new TextDecoder().decode(stdout).trim(),
      "Cannot write 'a.bin' as the permission is missing: run again with --allow-read=.",
    );
    assert.deepEqual(await names(folder), ["main.ts"]);
  });
});
