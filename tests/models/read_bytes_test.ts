import assert from "node:assert/strict";
import {
  type ReadableFile,
  readBytes,
  readOpen,
} from "../../src/io/read_bytes.ts";
import { isMistake } from "../../src/checks/errors.ts";
import { inFolder } from "../in_folder.ts";

/** Checks that reading is refused with that class and message, as something that the caller can mend. */
async function refused(
  reading: Promise<unknown>,
  type: new (message: string) => Error,
  message: string,
): Promise<void> {
  await assert.rejects(reading, (error: Error) => {
    assert.ok(error instanceof type, String(error));
    assert.equal(error.message, message);
    assert.ok(isMistake(error));
    return true;
  });
}

Deno.test("readBytes() reads files of any length, longer than what is read at once too", async () => {
  await inFolder(async (folder) => {
    for (const length of [0, 1, 1 << 20, (1 << 20) + 1]) {
      const bytes = Uint8Array.from({ length }, (_, at) => at * 7 >> 3);
      await Deno.writeFile(`${folder}/a`, bytes);
      assert.deepEqual(await readBytes(`${folder}/a`), bytes);
    }
  });
});

Deno.test("readBytes() refuses what is longer than its limit before it takes memory", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/sparse.csv`;
    for (const length of [2 ** 31 + 1, 2 ** 32 + 1, 2 ** 40]) {
      // Takes no room on the disk.
      await Deno.writeFile(path, new Uint8Array());
      await Deno.truncate(path, length);
      await refused(
        readBytes(path),
        RangeError,
        `Cannot read '${path}' as its length must be 2147483648 bytes or less: current value is ${length}`,
      );
    }
    await Deno.writeFile(path, new Uint8Array(101));
    await refused(
      readBytes(path, 100),
      RangeError,
      `Cannot read '${path}' as its length must be 100 bytes or less: current value is 101`,
    );
    assert.equal((await readBytes(path, 101)).length, 101);
  });
});

Deno.test("readBytes() refuses folders and devices", async () => {
  await inFolder(async (folder) => {
    await refused(
      readBytes(folder),
      Deno.errors.IsADirectory,
      `Cannot read '${folder}' as it must be a file: current value is a folder`,
    );
  });
  for (const path of ["/dev/zero", "/dev/null"]) {
    await refused(
      readBytes(path),
      RangeError,
      `Cannot read '${path}' as it must be a file: current value is a device`,
    );
  }
});

/** Runs a shell's command that writes to a pipe which is read at the same time. */
async function fromPipe(
  command: string,
  read: (path: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const path = `${folder}/pipe`;
    const writer = new Deno.Command("sh", {
      args: ["-c", `mkfifo "$0" && echo made && { ${command}; } > "$0"`, path],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    for await (const _ of writer.stdout) await read(path);
    await writer.status;
  });
}

Deno.test("readBytes() reads what comes through a pipe, and no more than its limit", async () => {
  await fromPipe("echo 1,2; echo 3", async (path) => {
    assert.deepEqual(
      await readBytes(path),
      new TextEncoder().encode("1,2\n3\n"),
    );
  });
  // Never ends by itself.
  await fromPipe("exec cat /dev/zero", async (path) => {
    await refused(
      readBytes(path, 3_000_000),
      RangeError,
      `Cannot read '${path}' as its length must be 3000000 bytes or less: current value is more`,
    );
  });
});

/** Reads a file of 100 bytes that `change` does something to after the first part is read. */
async function changing(
  path: string,
  change: () => Promise<void>,
): Promise<Uint8Array> {
  await Deno.writeFile(path, new Uint8Array(100));
  await Deno.utime(path, 1, 1);
  using file = await Deno.open(path);
  let isFirst = true;
  const changed: ReadableFile = {
    stat: () => file.stat(),
    async read(into) {
      const read = await file.read(isFirst ? into.subarray(0, 30) : into);
      if (isFirst) await change();
      isFirst = false;
      return read;
    },
  };
  return await readOpen(changed, path, 1000);
}

Deno.test("readBytes() notices a file that is written while it is read", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a.csv`;
    const stay =
      `Cannot read '${path}' as it must not be written while it is read:`;
    assert.equal((await changing(path, () => Promise.resolve())).length, 100);
    await refused(
      changing(path, () => Deno.truncate(path, 60)),
      RangeError,
      `${stay} its 100 bytes have become 60`,
    );
    await refused(
      changing(
        path,
        () => Deno.writeFile(path, new Uint8Array(20), { append: true }),
      ),
      RangeError,
      `${stay} its 100 bytes have become 120`,
    );
    await refused(
      changing(path, async () => {
        using file = await Deno.open(path, { write: true });
        await file.write(Uint8Array.of(1));
      }),
      RangeError,
      `${stay} its 100 bytes were changed`,
    );
  });
});

Deno.test({
  name: "readBytes() names files that are missing or may not be read",
  permissions: { read: ["/no"] },
  async fn() {
    await refused(
      readBytes("/no/such/file"),
      Deno.errors.NotFound,
      "Cannot read '/no/such/file' as there is no such file",
    );
    await refused(
      readBytes("/other"),
      Deno.errors.NotCapable,
      "Cannot read '/other' as the permission is missing: run again with --allow-read",
    );
  },
});
