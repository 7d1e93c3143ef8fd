/** Trainings in machine code with pages between all buffers that can't be touched: run by native_test.ts in a process that may call it. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { StateError } from "../../../src/checks/errors.ts";
import { openKernels } from "../../../src/kernels/native/open.ts";
import { Arena } from "../../../src/memory/arena.ts";
import { GUARDS } from "../../../src/memory/guards.ts";
import { trainGuarded, TRAININGS } from "../../memory/guarded_trainings.ts";
import { levels, protect } from "./same_bits.ts";

const PAGE_BYTES = 4096;

/** Makes arenas with guards, which are locked if they are pages. */
function guard(bytes: number): void {
  Object.assign(GUARDS, {
    bytes,
    protect: bytes === PAGE_BYTES ? protect : undefined,
  });
}

const [level] = levels.slice(-1);
const setup = { level, installed: new Map<string, bigint>() };

/** Multiplies floats of a guarded buffer of 100 bytes. */
function scaleGuarded(floats: number): Arena {
  const arena = new Arena();
  const buffer = arena.allocate(100);
  openKernels(arena.memory, setup).kernels.scale(buffer, floats, 2);
  return arena;
}

if (Deno.env.get("LOCKSTEP_WRITE_TOO_FAR") !== undefined) {
  guard(PAGE_BYTES);
  scaleGuarded(36);
  throw new Error("nothing has happened");
}

Deno.test("machine code that writes a vector too many is found out", () => {
  guard(64);
  scaleGuarded(24).checkGuards();
  assert.throws(() => scaleGuarded(28).checkGuards(), StateError);
});

Deno.test("machine code that comes to a locked page ends the process", async () => {
  const { signal } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--no-prompt", "--allow-ffi"],
      ...["--allow-env=LOCKSTEP_WRITE_TOO_FAR", fileURLToPath(import.meta.url)],
    ],
    env: { LOCKSTEP_WRITE_TOO_FAR: "1" },
    ...{ stdout: "null", stderr: "null" },
  }).output();
  assert.equal(signal, "SIGSEGV");
});

for (const training of TRAININGS) {
  Deno.test(`${training.name}: machine code stays within its buffers`, async () => {
    guard(PAGE_BYTES);
    const guarded = await trainGuarded(training, "native");
    guard(64);
    assert.equal(await trainGuarded(training, "native"), guarded);
    guard(0);
    assert.equal(await trainGuarded(training, "wasm"), guarded);
  });
}
