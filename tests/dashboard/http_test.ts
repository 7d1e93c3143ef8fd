/** The server of the page of a training: who may ask, and for what. */
import assert from "node:assert/strict";
import { Dashboard } from "../../src/dashboard/dashboard.ts";
import { Feed } from "../../src/dashboard/feed.ts";
import { loadAssets } from "../../src/web/assets.ts";
import { listen } from "../../src/web/listen.ts";
import { Mlp } from "../../mod.ts";
import { randomSamples } from "../samples.ts";
import { rawRequest } from "./raw_request.ts";

const SAMPLES = randomSamples(40, 4, 3, 5);
const assets = await loadAssets("dashboard");

/** A dashboard with a training that goes on until it is stopped. */
async function withTraining(
  use: (dashboard: Dashboard, mlp: Mlp) => Promise<void>,
): Promise<void> {
  await using mlp = new Mlp({ layers: [4, 6, 3], seed: 8, workers: 1 });
  const dashboard = new Dashboard({
    ...{ hostname: "127.0.0.1", port: 0, assets, mlp, epochs: 1e9, facts: {} },
  });
  const run = mlp.fit(SAMPLES, {
    ...{ epochs: 1e9, batchSize: 8, spans: 100 },
    onEpoch: (event) => dashboard.epoch(event),
  });
  dashboard.watch(run);
  try {
    await use(dashboard, mlp);
  } finally {
    run.stop();
    await run;
    dashboard.end("ended");
    await dashboard.close();
  }
}

/** The part of the address that gives access, and a way to send it. */
function access({ address }: Dashboard) {
  const [origin, token] = address.split("/#");
  return {
    origin,
    token,
    post: (path: string, body: object = {}, headers = {}) =>
      fetch(`${origin}${path}`, {
        method: "POST",
        headers: { "x-token": token, ...headers },
        body: JSON.stringify(body),
      }),
  };
}

Deno.test("only pages of the server get anything, and only with the token more than its files", async (t) => {
  await withTraining(async (dashboard) => {
    const { origin, token, post } = access(dashboard);
    const { port } = dashboard;
    const statusOf = async (response: Promise<Response>) => {
      const found = await response;
      await found.body?.cancel();
      return found.status;
    };
    await t.step("another host is refused, be it with the token", async () => {
      for (const path of ["/", `/events?token=${token}`]) {
        const text = await rawRequest(port, path, ["host: evil.example"]);
        assert.match(text, /^HTTP\/1.1 421 /);
      }
      const own = await rawRequest(port, "/", [`host: localhost:${port}`]);
      assert.match(own, /^HTTP\/1.1 200 /);
      assert.match(own, /content-security-policy: default-src 'none'/);
    });
    await t.step("another origin is refused", async () => {
      const last = origin.replace("http://", "");
      for (
        const other of [
          ...["http://evil.example", `https://${last}`],
          ...[`http://evil.example/${last}`, `http://1${last}`, "null"],
        ]
      ) {
        const evil = { origin: other };
        assert.equal(await statusOf(post("/pause", {}, evil)), 403);
      }
      const own = { origin };
      assert.equal(await statusOf(post("/rate", { rate: 0.1 }, own)), 200);
    });
    await t.step("without the token, or with another one, too", async () => {
      for (const path of ["/pause", "/stop", "/predict"]) {
        const other = { "x-token": `${token.slice(0, -1)}?` };
        assert.equal(await statusOf(post(path, {}, other)), 403);
      }
      assert.equal(await statusOf(fetch(`${origin}/events`)), 403);
    });
    await t.step("there are no other paths and methods", async () => {
      const paths = ["/deno.json", "/page/style.css", "/constructor"];
      for (const path of paths) {
        assert.equal(await statusOf(fetch(`${origin}${path}`)), 404);
      }
      const above = await rawRequest(port, "/../../../deno.json", [
        `host: 127.0.0.1:${port}`,
      ]);
      assert.match(above, /^HTTP\/1.1 404 /);
      assert.equal(await statusOf(fetch(`${origin}/pause`)), 405);
    });
    await t.step("what is sent must be what is wanted", async () => {
      const errors: [string, object, number, RegExp][] = [
        [
          "/rate",
          { rate: -1 },
          400,
          /'rate' must be a finite number of 0 or more/,
        ],
        ["/predict", { pixels: [1, 2] }, 400, /there must be 4 numbers/],
        ["/predict", { pixels: ["a", 1, 1, 1] }, 400, /there must be 4/],
        ["/predict", {}, 400, /there must be 4 numbers/],
        ["/save", {}, 409, /no file was named/],
        ["/rate", { text: "x".repeat(2 ** 21) }, 413, /1048576 bytes or less/],
      ];
      for (const [path, body, status, message] of errors) {
        const response = await post(path, body);
        assert.match((await response.json()).error, message);
        assert.equal(response.status, status);
      }
    });
  });
});

Deno.test("buttons pause, change the rate, predict and stop; a page that opens is told everything", async () => {
  await withTraining(async (dashboard, mlp) => {
    const { origin, token, post } = access(dashboard);
    await (await post("/rate", { rate: 0.125 })).body?.cancel();
    await (await post("/pause")).body?.cancel();
    // Between two batches from here on.
    const [row] = await mlp.predictRows([[0.1, 0.2, 0.3, 0.4]]);
    const { epoch } = mlp.position;
    const answer = await (await post("/predict", {
      pixels: [0.1, 0.2, 0.3, 0.4],
    })).json();
    assert.deepEqual(Object.values(answer.probabilities), [...row]);

    const opened = await fetch(`${origin}/events?token=${token}`);
    const [event] = await takeEvents(opened, 1);
    assert.deepEqual(event.hello.layers, [4, 6, 3]);
    assert.equal(event.hello.asked.fields.length, 4);
    assert.equal(event.now.phase, "paused");
    assert.ok(event.epochs.length >= epoch);
    assert.equal(mlp.position.epoch, epoch);

    await (await post("/resume")).body?.cancel();
    const again = await fetch(`${origin}/events?token=${token}`);
    const events = await takeEvents(again, 20);
    const { phase } = events.findLast(({ now }) => now !== undefined).now;
    assert.equal(phase, "training");
    const last = events.flatMap(({ epochs }) => epochs).at(-1);
    assert.equal(last.learningRate, 0.125);
    assert.ok(events.some(({ batches }) => batches[0].length > 0));
    // Only the first has what doesn't change.
    assert.deepEqual(
      events.map(({ hello }) => hello !== undefined).slice(0, 2),
      [
        true,
        false,
      ],
    );
    // Ten pages at a time.
    await Promise.all(Array.from({ length: 10 }, async () => {
      const page = await fetch(`${origin}/events?token=${token}`);
      const told = await takeEvents(page, 3);
      const newest = told.flatMap(({ epochs }) => epochs).at(-1);
      assert.ok(newest.epoch > last.epoch);
    }));
    await (await post("/stop")).body?.cancel();
    assert.equal(dashboard.stopped, true);
  });
});

/** The first events of a stream. */
async function takeEvents(
  { body }: Response,
  count: number,
  // deno-lint-ignore no-explicit-any -- what JSON.parse() returns
): Promise<any[]> {
  let text = "";
  for await (
    const part of body!.pipeThrough(new TextDecoderStream()).values()
  ) {
    text += part;
    const events = text.split("\n\n");
    if (events.length <= count) continue;
    return events.slice(0, count).map((event) =>
      JSON.parse(event.slice("data: ".length))
    );
  }
  throw new Error("The stream has ended");
}

Deno.test("a busy port falls to the next one", async () => {
  const answering = () => new Response("here");
  const first = listen("127.0.0.1", 0, answering);
  const second = listen("127.0.0.1", first.port, answering);
  assert.ok(second.port > first.port && second.port < first.port + 20);
  assert.equal(await (await fetch(second.address)).text(), "here");
  await Promise.all([first.server.shutdown(), second.server.shutdown()]);
});

Deno.test("for a page that never reads nothing is kept, and others get the newest", async () => {
  const feed = new Feed(2);
  const padding = "x".repeat(100_000);
  const made = [0, 0];
  let newest = 0;
  let told = 0;
  const { port, address, server } = listen("127.0.0.1", 0, () => {
    const page = feed.size;
    const stream = feed.open(() => {
      made[page]++;
      return JSON.stringify({ newest, padding });
    });
    return new Response(stream ?? null, { status: stream ? 200 : 503 });
  });
  using sleeping = await Deno.connect({ hostname: "127.0.0.1", port });
  await sleeping.write(
    new TextEncoder().encode(`GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`),
  );
  while (feed.size === 0) await new Promise((resolve) => setTimeout(resolve));
  const reading = await fetch(address);
  const reader = reading.body!.getReader();
  // 200 MB, were it kept.
  for (; told < 2_000; told++) {
    newest = told;
    feed.tell();
    if (told % 4 === 0) await reader.read();
  }
  assert.ok(made[0] < 500, `${made[0]} messages`);
  let text = "";
  while (!text.includes('"newest":1999')) {
    feed.tell();
    text += new TextDecoder().decode((await reader.read()).value);
  }
  assert.ok(made[1] < 2_000);
  assert.equal((await fetch(address)).status, 503);
  sleeping.close();
  await reader.cancel();
  await server.shutdown();
});
