/** Ranks that fail, hang or are killed, with each MPI that is installed. */
import assert from "node:assert/strict";
import { commandOf, first, installed, LIMIT, ranks, start } from "./mpirun.ts";

for (const family of installed) {
  Deno.test(`${family}: a rank that throws ends all, with its number and its error`, async () => {
    const { code, stderr } = await start(family, 3, ["fail"]);
    assert.notEqual(code, 0);
    assert.match(stderr, /Rank 1 of 3 leaves while others wait for it/);
    assert.match(stderr, /Error: no disk/);
    if (family !== first) return;
    const aside = await start(family, 3, ["aside"]);
    assert.notEqual(aside.code, 0);
    assert.match(aside.stderr, /Rank 1 of 3 has an error that nothing caught/);
  });

  // The second takes seconds, and is Lockstep's own doing.
  const signals = ["SIGKILL", "SIGSTOP"] as const;
  for (const signal of family === first ? signals : [signals[0]]) {
    Deno.test(`${family}: a rank that gets ${signal} ends all of them`, async () => {
      const [command, args] = commandOf(family, 3, ["endless"]);
      const child = new Deno.Command(command, {
        ...{ args, stdout: "piped", stderr: "piped" },
        signal: AbortSignal.timeout(LIMIT),
      }).spawn();
      const said = new Response(child.stderr).text();
      let victim = 0;
      for await (
        const text of child.stdout.pipeThrough(new TextDecoderStream())
      ) {
        const [, pid] = text.match(/^pid (\d+)$/m) ?? [];
        if (pid !== undefined) Deno.kill(victim = Number(pid), signal);
      }
      // Their output ends when all have ended.
      assert.equal((await child.status).success, false);
      if (signal === "SIGKILL") return;
      const rank = `rank 1 of 3, process ${victim} on `;
      const text = await said;
      assert.ok(text.includes(`Cannot go on as ${rank}`), text);
      assert.match(text, /has given no sign of life for 4 s/);
    });
  }
}

Deno.test({
  name: "MPICH: no code of the C library is changed while threads run it",
  ignore: !installed.includes("MPICH"),
  async fn() {
    for (
      const [before, after] of await ranks<string[]>("MPICH", 2, "mapping")
    ) {
      assert.equal(after, before);
    }
  },
});
