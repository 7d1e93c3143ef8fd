/** `deno task serve`: predictions of a model over HTTP, and a page to try it. */
import { basename } from "node:path";
import { requireNumber, wholeFrom } from "../checks/validate.ts";
import { ModelServer } from "../serve/model_server.ts";
import { QuickNetwork } from "../serve/quick_network.ts";
import { loadAssets } from "../web/assets.ts";
import {
  type FlagValues,
  numberOf,
  type Option,
  requiredText,
  textOf,
} from "./arguments.ts";
import { runCommand } from "./command.ts";
import {
  COMMON_OPTIONS,
  COMPUTE_OPTIONS,
  MODEL_OPTION,
} from "./common_options.ts";
import { listenForSignals } from "./interrupt.ts";
import { openModel } from "./open_model.ts";
import { note, print, printJson } from "./print.ts";
import { portOf, requireListening } from "./listening.ts";

const OPTIONS = {
  ...MODEL_OPTION,
  host: {
    value: "HOST",
    help: "where it can be reached: another one needs --allow-net",
    default: "127.0.0.1",
  },
  port: {
    value: "N",
    help: "its port, or the next one that isn't busy; 0 for any",
    default: "8080",
  },
  "max-body": {
    value: "BYTES",
    help: "most bytes of a request",
    default: "8388608",
  },
  "max-rows": {
    value: "N",
    help: "most rows of a request",
    default: "10000",
  },
  timeout: {
    value: "SECONDS",
    help: "how long a request may take",
    default: "30",
  },
  ...COMPUTE_OPTIONS,
  workers: {
    value: "N",
    help:
      "threads, 1 to 256, besides that which answers: more are for networks of some million weights",
    default: "1",
  },
  ...COMMON_OPTIONS,
} as const satisfies Record<string, Option>;

const USAGE = `Usage: deno task serve --model FILE [options]

Answers POST /predict with rows as JSON or CSV, GET /health and GET /metrics
(Prometheus), and shows a page at / to try the model.`;

const EXAMPLES = [
  [
    "deno task serve --model iris.json",
    "answers at http://127.0.0.1:8080/",
  ],
  [
    "deno task serve --model iris.json --port 0 --max-rows 100 --timeout 5",
    "takes any port that is free, and small requests alone",
  ],
] as const;

/** Seconds that a request may take. */
const TIMEOUT = {
  wanted: "a number from 0.001 to 86400",
  holds: (value: number) => value >= 0.001 && value <= 86_400,
};

async function run(flags: FlagValues): Promise<void> {
  const action = "read the command line";
  const number = (name: "max-body" | "max-rows" | "timeout") =>
    requireNumber(
      ...[action, `--${name}`, numberOf(flags, OPTIONS, name)] as const,
      name === "timeout" ? TIMEOUT : wholeFrom(1),
    );
  const limits = {
    mostBytes: number("max-body"),
    mostRows: number("max-rows"),
    mostMilliseconds: 1000 * number("timeout"),
  };
  const path = requiredText(flags, OPTIONS, "model");
  const hostname = textOf(flags, OPTIONS, "host")!;
  const wanted = portOf("--port", textOf(flags, OPTIONS, "port")!);
  await using mlp = await openModel({
    ...flags,
    workers: textOf(flags, OPTIONS, "workers"),
  });
  await requireListening(hostname, "serve");
  await using network = await QuickNetwork.of(mlp);
  const { predict } = network;
  const server = new ModelServer({
    ...{ mlp, predict, name: basename(path) },
    assets: await loadAssets("serve"),
    ...{ hostname, port: wanted, ...limits },
  });
  const { address, port } = server;
  if (wanted !== 0 && port !== wanted) {
    note(`Port ${wanted} is busy: the server is at ${port}`);
  }
  if (flags.json === true) printJson({ event: "listening", address, port });
  else print(`Serving '${basename(path)}' at ${address}`);
  using signals = listenForSignals();
  const { promise, resolve } = Promise.withResolvers<void>();
  signals.signal.addEventListener("abort", () => resolve());
  await promise;
  await server.end();
}

await runCommand({ usage: USAGE, examples: EXAMPLES, options: OPTIONS, run });
