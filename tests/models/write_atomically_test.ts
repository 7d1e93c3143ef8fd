import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { tryToWrite, writeAtomically } from "../../src/io/write_atomically.ts";

const SCRIPT = fileURLToPath(
  import.meta.resolve("../../src/io/write_atomically.ts"),
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

/** A name beside `a.bin` as writers give it. */
const temporary = () => `a.bin.${crypto.randomUUID()}.lockstep.tmp`;

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

Deno.test("writeAtomically() removes the file that a killed process left behind, and nothing else", async () => {
  await inFolder(async (folder) => {
    const [left, written] = [temporary(), temporary()];
    const others = [
      temporary().replace("a.bin", "b.bin"),
      temporary().replace(".lockstep", ""),
      "a.bin.1234.lockstep.tmp",
      `${temporary()}.txt`,
    ];
    for (const name of [left, written, ...others]) {
      await Deno.writeTextFile(`${folder}/${name}`, "half");
    }
    {
      // As a writer that is still at work.
      using file = await Deno.open(`${folder}/${written}`);
      await file.lock(true);
      await writeAtomically(`${folder}/a.bin`, Uint8Array.of(1));
      assert.deepEqual(
        await names(folder),
        ["a.bin", written, ...others].sort(),
      );
    }
    await tryToWrite(`${folder}/a.bin`);
    assert.deepEqual(await names(folder), ["a.bin", ...others].sort());
    assert.deepEqual(await Deno.readFile(`${folder}/a.bin`), Uint8Array.of(1));
  });
});

Deno.test({
  name:
    "writeAtomically() removes what a process left that was killed while writing",
  ignore: Deno.build.os === "windows",
  async fn() {
    await inFolder(async (folder) => {
      const code = `import { writeAtomically } from ${JSON.stringify(SCRIPT)};
        const bytes = new Uint8Array(50_000_000);
        for (;;) await writeAtomically("a.bin", bytes);`;
      await Deno.writeTextFile(`${folder}/main.ts`, code);
      const kill = async () => {
        const watcher = Deno.watchFs(folder, { recursive: false });
        const child = new Deno.Command(Deno.execPath(), {
          args: [
            "run",
            "--no-config",
            "--allow-read",
            "--allow-write=.",
            "main.ts",
          ],
          cwd: folder,
          stderr: "null",
        }).spawn();
        for await (const { kind, paths } of watcher) {
          if (kind === "create" && paths[0].endsWith(".tmp")) break;
        }
        child.kill("SIGKILL");
        await child.status;
        return await names(folder);
      };
      const left = () =>
        names(folder).then((all) =>
          all.filter((name) => name.endsWith(".tmp"))
        );
      // It may have been done just then.
      while ((await left()).length === 0) await kill();
      await writeAtomically(`${folder}/a.bin`, Uint8Array.of(1));
      assert.deepEqual(await names(folder), ["a.bin", "main.ts"]);
    });
  },
});

Deno.test("writeAtomically(): many writers of one file at a time end with one of their files, whole", async () => {
  await inFolder(async (folder) => {
    await Promise.all(
      Array.from(
        { length: 40 },
        (_, n) =>
          writeAtomically(`${folder}/a.bin`, new Uint8Array(100_000).fill(n)),
      ),
    );
    const bytes = await Deno.readFile(`${folder}/a.bin`);
    assert.equal(bytes.length, 100_000);
    assert.ok(bytes.every((byte) => byte === bytes[0]));
    assert.deepEqual(await names(folder), ["a.bin"]);
  });
});

Deno.test({
  name:
    "writeAtomically() doesn't replace devices and pipes, nor links to them",
  ignore: Deno.build.os === "windows",
  async fn() {
    await inFolder(async (folder) => {
      await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
      await Deno.symlink("/dev/null", `${folder}/link`);
      for (const path of [`${folder}/pipe`, `${folder}/link`, "/dev/null"]) {
        await assert.rejects(
          writeAtomically(path, Uint8Array.of(1)),
          new RangeError(
            `Cannot write '${path}' as it must be a file: a device, pipe or socket is not replaced`,
          ),
        );
      }
      assert.deepEqual(await names(folder), ["link", "pipe"]);
      assert.ok((await Deno.lstat(`${folder}/pipe`)).isFifo);
      assert.ok((await Deno.stat("/dev/null")).isCharDevice);
    });
  },
});
