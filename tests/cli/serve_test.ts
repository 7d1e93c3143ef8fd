/** `serve` as a process: it says where it is, and a signal ends it when all is answered. */
import assert from "node:assert/strict";
import { Mlp } from "../../mod.ts";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

Deno.test("serve answers what it has accepted before a signal ends it", async () => {
  await line.output(
    "train",
    "--dataset iris.csv --hidden 4 --epochs 2 --save iris.json --quiet",
  );
  const child = line.start("serve", "--model iris.json --port 0 --json");
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { address } = JSON.parse((await lines.read()).value!);
  // Its rows are on their way when the signal comes.
  let send = (_: string) => {};
  let end = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (text) => controller.enqueue(new TextEncoder().encode(text));
      end = () => controller.close();
    },
  });
  send("[[5.1, 3.5,");
  const headers = { "content-type": "application/json" };
  const answer = fetch(`${address}predict`, { method: "POST", headers, body });
  const active = async () => {
    const text = await (await fetch(`${address}metrics`)).text();
    return text.includes("lockstep_requests_active 1\n");
  };
  while (!await active());
  child.kill("SIGTERM");
  // It takes no others.
  const statusOf = async (path: string, init: RequestInit = {}) => {
    const { status, body } = await fetch(`${address}${path}`, init);
    await body?.cancel();
    return status;
  };
  while (await statusOf("health") === 200);
  const other = { method: "POST", headers, body: "[[5.1, 3.5, 1.4, 0.2]]" };
  assert.equal(await statusOf("predict", other), 503);
  send(" 1.4, 0.2]]");
  end();
  const { predictions } = await (await answer).json();
  assert.equal(predictions.length, 1);
  assert.equal((await child.status).code, 0);
  await lines.cancel();
  assert.equal(await new Response(child.stderr).text(), "");
});

Deno.test("serve refuses limits that are none, and to listen where it may not", async (t) => {
  await new Mlp({ layers: [2, 2] }).save(line.path("two.json"));
  await line.refusedAll(t, [
    {
      name: "serve",
      args: "--model two.json --port 70000",
      message:
        /'--port' must be a whole number from 0 to 65535|'--port' must be from 0 to 65535/,
    },
    {
      name: "serve",
      args: "--model two.json --max-rows 0",
      message: /'--max-rows' must be a whole number of 1 or more/,
    },
    {
      name: "serve",
      args: "--model two.json --timeout 0",
      message: /'--timeout' must be a number from 0.001 to 86400/,
    },
    {
      name: "serve",
      args: "--model two.json --host 0.0.0.0",
      message:
        /the permission is missing: run the task serve, or run again with --allow-net=0.0.0.0/,
      permissions: ["--allow-read", "--allow-net=127.0.0.1"],
    },
  ]);
});
