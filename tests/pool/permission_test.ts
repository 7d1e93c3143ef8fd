/** The code of workers is read from files: without the permission each call is refused, and none returns made-up results. */
import assert from "node:assert/strict";

Deno.test("without the permission to read every call is refused, not the first alone", async () => {
  const mod = new URL("../../mod.ts", import.meta.url).href;
  const program = `
    import { Mlp, samplesFrom } from ${JSON.stringify(mod)};
    const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
    await using mlp = new Mlp({ preset: "article", layers: [2, 4, 2], workers: 2 });
    const calls = [
      () => mlp.predict(samples.x), () => mlp.predict(samples.x),
      () => mlp.fit(samples, { epochs: 1 }), () => mlp.evaluate(samples),
    ];
    for (const call of calls) {
      console.log(await call().then(() => "done", ({ name, message }) => name + ": " + message));
    }
  `;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-check", "-"],
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  const { stdout, stderr } = await process.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const refused =
    "NotCapable: Cannot start the workers as the permission is missing: run again with --allow-read\n";
  assert.deepEqual([text(stdout), text(stderr)], [refused.repeat(4), ""]);
});
