import assert from "node:assert/strict";

Deno.test("mod.ts can be imported by a script in another folder, with --allow-read alone", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const mod = new URL("../mod.ts", import.meta.url);
    await Deno.writeTextFile(
      `${folder}/script.ts`,
      `import { loadDataset, Mlp } from "${mod}";
      const { train, test } = await loadDataset("mnist");
      await using mlp = new Mlp({ preset: "article", layers: [784, 16, 10] });
      for await (const _ of mlp.fit(train, { epochs: 8, batchSize: 100, learningRate: 0.005 }));
      console.log((await mlp.evaluate(test)).accuracy);`,
    );
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--allow-read", "script.ts"],
      cwd: folder,
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    assert.ok(Number(new TextDecoder().decode(stdout)) > 0.8);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
