/** What `train` shows on a terminal: a real one, with so many columns, as `script` makes it. */
// deno-lint-ignore-file no-control-regex -- what terminals are told
import assert from "node:assert/strict";
import { Mlp, samplesFrom } from "../../mod.ts";
import { showEpochProgress } from "../../src/cli/epoch_progress.ts";
import { columnsOf, duration, sparkline } from "../../src/cli/display/draw.ts";
import { CommandLine, ROOT, someAtATime } from "./command_line.ts";

const line = new CommandLine();

const ENV = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"].map((name) => [
  name,
  Deno.env.get(name) ?? "",
]).filter(([, value]) => value !== "");

const UTF8 = { TERM: "xterm", LC_ALL: "C.UTF-8" };

const TASKS = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)).tasks;

/** Runs a training on a terminal, and returns all that was sent to it. */
async function onTerminal(
  columns: number,
  env: Record<string, string>,
): Promise<string> {
  const permissions = TASKS.train.command.match(/--allow\S+/g).join(" ");
  const { code, stdout } = await new Deno.Command("script", {
    args: [
      "-qec",
      `stty cols ${columns} && ${Deno.execPath()} run --quiet ${permissions} ${
        line.program("train")
      } --dataset iris.csv --validation-split 0.25 --epochs 70 --hidden 5 --workers 1`,
      "/dev/null",
    ],
    cwd: line.folder,
    clearEnv: true,
    env: { ...Object.fromEntries(ENV), ...env },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout).replaceAll("\r\n", "\n");
  assert.equal(code, 0, text);
  return text;
}

/** What stays on the terminal, and what was drawn and taken away again. */
function parted(text: string): { readonly stays: string[]; drawn: string[] } {
  const drawn: string[] = [];
  const stays = text.replaceAll(
    /\r\x1b\[J((?:[^\r\n])*)(?=\r\x1b\[J)/g,
    (_, line) => {
      if (line !== "") drawn.push(line);
      return "";
    },
  ).replaceAll("\r\x1b[J", "");
  return { stays: stays.split("\n"), drawn };
}

Deno.test(
  "train fits a terminal's width, and leaves the line away where there is none to draw again",
  {
    ignore: Deno.build.os !== "linux",
  },
  async (test) => {
    const cases: [columns: number, env: Record<string, string>][] = [
      ...[34, 80, 200].map((columns): typeof cases[0] => [columns, UTF8]),
      [80, { ...UTF8, TERM: "dumb" }],
      [80, { ...UTF8, NO_COLOR: "1" }],
      [80, { ...UTF8, LC_ALL: "C" }],
    ];
    const texts = await someAtATime(cases, (one) => onTerminal(...one));
    const heads = [
      /^epoch +loss +val loss +val acc$/,
      /^epoch +loss +accuracy +val loss +val acc +rate +time +best$/,
    ];
    for (const [at, columns] of [34, 80, 200].entries()) {
      await test.step(`${columns} columns`, () => {
        const { stays, drawn } = parted(texts[at]);
        const from = stays.findIndex((line) => /^epoch +loss/.test(line));
        assert.match(stays[from], heads[Math.min(at, 1)]);
        const to = stays.findIndex((line) =>
          line.startsWith("Stopped after epoch 70, ")
        );
        const rows = stays.slice(from + 1, to);
        // Each second, for about 40 of them; a slow machine shows more.
        const epochs = rows.map((row) =>
          Number(/^ *(\d+)\/70 /.exec(row)?.[1])
        );
        for (let epoch = 2; epoch < 70; epoch += 2) {
          assert.ok(epochs.includes(epoch), `${epochs}`);
        }
        assert.equal(epochs.at(-1), 70);
        assert.deepEqual(epochs, epochs.toSorted((one, other) => one - other));
        for (const row of stays.slice(0, to)) {
          assert.ok(columnsOf(row) <= columns, row);
        }
        assert.ok(drawn.length > 0);
        for (const bar of drawn) assert.ok(columnsOf(bar) < columns, bar);
        assert.match(
          drawn.at(-1)!,
          /^\d+\/70 {2}\x1b\[36m█+\x1b\[m░* {2}[▁-█]+/,
        );
      });
    }
    await test.step("TERM=dumb", () => {
      assert.doesNotMatch(texts[3], /[\x1b\r█]/);
      assert.match(texts[3], /^70\/70 +\d/m);
    });
    await test.step("NO_COLOR", () => {
      assert.doesNotMatch(texts[4], /\x1b\[[\d;]*m/);
      assert.match(texts[4], /█/);
    });
    await test.step("no Unicode", () => {
      assert.match(texts[5], /\[(\x1b\[36m)?#+/);
      assert.doesNotMatch(texts[5], /[^\x00-\x7f]/);
    });
  },
);

Deno.test("curves and times are drawn as they are", () => {
  const style = { hasColor: false, hasUnicode: true };
  assert.equal(sparkline([8, 7, 6, 5, 4, 3, 2, 1], 8, style), "█▇▆▅▄▃▂▁");
  assert.equal(sparkline([4, 4, NaN, 2, 2, 0, 0], 3, style), "█▅▁");
  assert.deepEqual(
    [0.0042, 0.42, 12.4, 200, 3900, 3599.6].map(duration),
    ["4.2 ms", "0.42 s", "12 s", "3 min 20 s", "1 h 05 min", "1 h 00 min"],
  );
});

Deno.test("a long epoch tells how much of it is done", async () => {
  const samples = samplesFrom({
    x: [[0, 1], [1, 0], [1, 1], [0, 0]],
    labels: [1, 0, 1, 0],
  });
  await using mlp = new Mlp({ layers: [2, 3, 2], workers: 1 });
  const { promise, resolve } = Promise.withResolvers<number[]>();
  const run = mlp.fit(samples, {
    ...{ epochs: 1, batchSize: 1 },
    onBatch({ batch }) {
      if (batch === 3) run.pause();
    },
  });
  {
    using _ = showEpochProgress(run, (...told) => resolve(told));
    assert.deepEqual(await promise, [1, 3 / 4]);
  }
  run.resume();
  assert.equal((await run).stopReason, "finished");
});
