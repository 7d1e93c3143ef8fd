/** `train --dashboard`: what is refused, and a signal while the page holds the training. */
import assert from "node:assert/strict";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();
const NET = ["--allow-read", "--allow-write=.", "--allow-net=127.0.0.1"];
const ARGS = "--dataset iris.csv --hidden 4 --epochs 1000000 --quiet";

Deno.test("train --dashboard is refused where it can't be shown, and its options without it", async (t) => {
  await line.refusedAll(t, [
    {
      name: "train",
      args: `${ARGS} --dashboard --ensemble 2`,
      message: /^Cannot train with '--dashboard' as there are several networks/,
    },
    {
      name: "train",
      args: `${ARGS} --dashboard`,
      message:
        /^Cannot listen on 127.0.0.1 as the permission is missing: run the task train:watch, or run again with --allow-net=127.0.0.1$/m,
    },
    {
      name: "train",
      args: `${ARGS} --dashboard-stay`,
      message:
        /^Cannot train as '--dashboard-stay' is not read without '--dashboard'/,
    },
    {
      name: "train",
      args: `${ARGS} --dashboard --dashboard-port 65536`,
      message: /'--dashboard-port' must be a whole number from 0 to 65535/,
      permissions: NET,
    },
  ]);
});

Deno.test("a training in pieces that its page has paused ends with a signal, and keeps what it has", async () => {
  const child = line.start(
    "train",
    `${ARGS} --piece-rows 120 --dashboard --dashboard-port 0 --save iris.json`,
    { permissions: NET },
  );
  const messages = child.stderr.pipeThrough(new TextDecoderStream())
    .getReader();
  let said = "";
  while (!said.includes("\n")) said += (await messages.read()).value;
  const [, address, token] = /at (\S+)#(\S+)/.exec(said)!;
  const post = async (path: string, body = {}) => {
    const response = await fetch(`${address}${path}`, {
      method: "POST",
      headers: { "x-token": token },
      body: JSON.stringify(body),
    });
    return { status: response.status, found: await response.json() };
  };
  while ((await post("pause")).status === 409);
  const row = {
    ...{ "sepal length": 5, "sepal width": 3 },
    ...{ "petal length": 1.5, "petal width": 0.2 },
  };
  assert.equal((await post("predict", { row })).found.task, "classes");
  assert.deepEqual((await post("save")).found, { saved: "iris.json" });
  child.kill("SIGINT");
  while (true) {
    const { value, done } = await messages.read();
    if (done) break;
    said += value;
  }
  assert.match(
    said,
    /^Stopped by SIGINT after .* wrote the model as it stands to 'iris.json'$/m,
  );
  assert.equal((await child.status).code, 130);
  assert.equal(await new Response(child.stdout).text(), "");
});
