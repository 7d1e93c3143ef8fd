/** A model behind HTTP: what comes in, what goes out, and its limits. */
import assert from "node:assert/strict";
import { Mlp, TableEncoder, type TableRow } from "../../mod.ts";
import {
  ModelServer,
  type ModelServerOptions,
} from "../../src/serve/model_server.ts";
import { QuickNetwork } from "../../src/serve/quick_network.ts";
import { loadAssets } from "../../src/web/assets.ts";
import { rawRequest } from "../dashboard/raw_request.ts";

const assets = await loadAssets("serve");

const ROWS: readonly TableRow[] = Array.from({ length: 12 }, (_, at) => ({
  size: at,
  color: ["red", "green", "blue"][at % 3],
  kind: at < 6 ? "small" : "large",
}));

/** Serves a network of a table, and ends it. */
async function withServer(
  options: Partial<ModelServerOptions>,
  use: (
    post: (
      body: string | object,
      type?: string,
      accept?: string,
    ) => Promise<{ status: number; found: Json }>,
    server: ModelServer,
    mlp: Mlp,
  ) => Promise<void>,
): Promise<void> {
  const encoder = await TableEncoder.fit(ROWS, { target: "kind" });
  await using mlp = new Mlp({ encoder, hidden: [4], workers: 1 });
  await using network = await QuickNetwork.of(options.mlp ?? mlp);
  const server = new ModelServer({
    ...{
      mlp,
      predict: network.predict,
      assets,
      name: "kinds.json",
      hostname: "127.0.0.1",
      port: 0,
    },
    ...{ mostBytes: 20_000, mostRows: 300, mostMilliseconds: 60_000 },
    ...options,
  });
  const post = async (
    body: string | object,
    type = "application/json",
    accept = "*/*",
  ) => {
    const response = await fetch(`${server.address}predict`, {
      method: "POST",
      headers: { "content-type": type, accept },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const isCsv = response.headers.get("content-type")!.startsWith("text/csv");
    const found = isCsv ? await response.text() : await response.json();
    return { status: response.status, found };
  };
  try {
    await use(post, server, mlp);
  } finally {
    await server.end();
  }
}

// deno-lint-ignore no-explicit-any -- what JSON.parse() returns
type Json = any;

Deno.test("rows by name, in order and in CSV give what the network says of them; requests at once go together", async () => {
  await withServer({}, async (post, { address }, mlp) => {
    const rows = [{ size: 3, color: "red" }, { size: 9.5, color: "blue" }];
    const wanted = (await mlp.predictTable(rows)).map(({ task: _, ...row }) =>
      row
    );
    const csv = "color,size\nred,3\nblue,9.5\n";
    for (
      const [body, type, accept] of [
        [{ rows }, undefined],
        [rows, "application/json; charset=utf-8"],
        [rows.map(({ size, color }) => [size, color]), undefined],
        [csv, "text/csv; charset=utf-8", "text/csv;q=0.5, application/*"],
      ] as const
    ) {
      const { status, found } = await post(body, type, accept);
      assert.deepEqual([status, found], [
        200,
        { task: "classes", predictions: wanted },
      ]);
    }
    const lines = wanted.map((row) =>
      "label" in row ? `${row.label},${row.probability}\n` : ""
    );
    for (
      const [body, type, accept] of [
        [csv, "text/csv", undefined],
        [rows, undefined, "text/csv"],
      ] as const
    ) {
      const { status, found } = await post(body, type, accept);
      assert.deepEqual([status, found], [
        200,
        `label,probability\n${lines.join("")}`,
      ]);
    }
    const pink = await fetch(`${address}predict`, {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: "color,size\nred,3\npink,9.5\n",
    });
    await pink.body?.cancel();
    const note =
      "'color' has what training had not in 1 of 2 rows, such as 'pink' in line 3, taken for none of its categories";
    assert.equal(decodeURIComponent(pink.headers.get("x-notes")!), note);
    const { found: { notes } } = await post([rows[0], { size: 9, color: "" }]);
    assert.deepEqual(notes, [
      "'color' is missing in 1 of 2 rows, taken for none of its categories",
    ]);
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, at) => post([{ size: at, color: "red" }])),
    );
    const one = await mlp.predictTable([{ size: 59, color: "red" }]);
    const { label, probability } = all[59].found.predictions[0];
    assert.ok(one[0].task === "classes");
    assert.deepEqual([label, probability], [one[0].label, one[0].probability]);

    const text = await (await fetch(`${address}metrics`)).text();
    const metric = (name: string) =>
      Number(new RegExp(`^${name} (.*)$`, "m").exec(text)![1]);
    assert.equal(metric('lockstep_requests_total{status="200"}'), 68);
    assert.equal(metric("lockstep_rows_total"), 76);
    assert.equal(metric("lockstep_request_seconds_count"), 68);
    assert.ok(metric("lockstep_calls_total") < 68);
    assert.equal(metric("lockstep_rows_waiting"), 0);
    const health = await fetch(`${address}health`);
    assert.deepEqual(await health.json(), {
      status: "ok",
      model: "kinds.json",
    });
  });
});

Deno.test("what can't be answered has a status and says why", async () => {
  await withServer({ mostMilliseconds: 700 }, async (post, server) => {
    const many = Array.from({ length: 301 }, () => [1, "red"]);
    const cases: [string | object, string | undefined, number, RegExp][] = [
      ["{", undefined, 400, /^Cannot read 'the body' as its text must be JSON/],
      [{ row: [] }, undefined, 400, /must be { "rows": \[...\] } or a list/],
      [[], undefined, 400, /with one row or more/],
      [[{ size: 1 }], undefined, 400, /a row must have 'color'/],
      [[{ size: "many", color: "red" }], undefined, 400, /'many'/],
      ["size\n1,2\n", "text/csv", 400, /^Cannot read 'the body'/],
      ["size,color\n", "text/csv", 400, /must be/],
      ["size", "text/plain", 415, /must be application\/json or text\/csv/],
      [many, undefined, 413, /must be 300 rows or fewer: current value is 301/],
      [["x".repeat(20_001)], undefined, 413, /must be 20000 bytes or less/],
    ];
    for (const [body, type, status, message] of cases) {
      const answer = await post(body, type);
      assert.match(answer.found.error, message);
      assert.equal(answer.status, status);
    }
    const other = await post(ROWS, undefined, "image/png, text/csv;q=0");
    assert.equal(other.status, 406);
    assert.match(
      other.found.error,
      /'Accept' must allow application\/json or /,
    );
    const { port, address } = server;
    const late = await rawRequest(
      ...[port, "/predict", ["host: localhost", "content-length: 9"]] as const,
      ...["POST", "to come"] as const,
    );
    assert.match(late, /^HTTP\/1.1 408 [^]*takes too long to come/);
    const evil = await rawRequest(port, "/model", ["host: evil.example"]);
    assert.match(evil, /^HTTP\/1.1 421 /);
    for (const [path, status] of [["predict", 405], ["kinds.json", 404]]) {
      const response = await fetch(`${address}${path}`);
      await response.body?.cancel();
      assert.equal(response.status, status);
    }
    assert.equal(
      (await post(ROWS.map(({ kind: _, ...row }: Json) => row))).status,
      200,
    );
  });
});

Deno.test("a network without an encoder takes lists of numbers; one bad request of many fails alone", async () => {
  await using mlp = new Mlp({ layers: [3, 2], task: "numbers", workers: 1 });
  await withServer({ mlp }, async (post) => {
    const [good, wide, ...bad] = await Promise.all(
      [[[1, 2, 3]], [[1e300, 1, 1]], [[1, 2]], [[1, 2, "3"]], [{ a: 1 }]]
        .map((rows) => post({ rows })),
    );
    const outputs = await mlp.predict([[1, 2, 3]]);
    assert.deepEqual(Object.values(good.found.predictions[0].values), [
      ...outputs,
    ]);
    assert.equal(wide.status, 400);
    assert.match(wide.found.error, /must be a finite number/);
    const messages = bad.map(({ found }) => found.error);
    assert.match(messages[0], /'rows\[0\]' must have 3 numbers: .* 2$/);
    assert.match(messages[1], /'rows\[0\]\[2\]' must be a finite number/);
    assert.match(messages[2], /'rows\[0\]' must be a list of 3 numbers/);
  });
});

Deno.test("few rows, which the calling thread computes, have the bits of many, which workers do", async () => {
  await using mlp = new Mlp({ layers: [200, 700, 5], workers: 2 });
  await using network = await QuickNetwork.of(mlp);
  const x = Float32Array.from({ length: 200 * 60 }, (_, at) => Math.sin(at));
  const wanted = await mlp.predict(x);
  assert.deepEqual(await network.predict(x), wanted);
  for (const rows of [1, 29]) {
    const found = await network.predict(x.slice(0, 200 * rows));
    assert.deepEqual(found, wanted.slice(0, 5 * rows));
  }
});
