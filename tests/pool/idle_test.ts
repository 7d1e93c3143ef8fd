/** A process that forgets `dispose()` ends nevertheless, and one that awaits a training doesn't end before it. */
import assert from "node:assert/strict";

Deno.test("idle workers don't keep the process alive, workers that compute do", async () => {
  const mod = new URL("../../mod.ts", import.meta.url).href;
  const program = `
    import { Mlp, samplesFrom } from ${JSON.stringify(mod)};
    const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
    const mlp = new Mlp({ preset: "article", layers: [2, 4, 2], output: "softmax", workers: 2 });
    // Nobody awaits this: it is the workers that the process waits for.
    mlp.fit(samples, { epochs: 300 }).then(({ epochs }) => console.log(epochs.length));
  `;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", "-"],
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  // It would run for ever.
  const deadline = setTimeout(() => process.kill("SIGKILL"), 60_000);
  const { code, stdout, stderr } = await process.output();
  clearTimeout(deadline);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.deepEqual([code, text(stdout), text(stderr)], [0, "300\n", ""]);
});
