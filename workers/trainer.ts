/** The entry of a worker: sets itself up once, then runs plans on request. */
import { WrongValueError } from "../src/checks/errors.ts";
import { PROVIDERS } from "../src/providers/providers.ts";
import type { Plan } from "../src/plan/plan.ts";
import { Lockstep, RunAborted } from "../src/pool/lockstep.ts";
import { abortRun, CONTROL_BYTES } from "../src/pool/control.ts";
import type {
  FromWorker,
  InitMessage,
  RunMessage,
  ToWorker,
} from "../src/pool/messages.ts";
import { workerPort } from "../src/runtime/worker_port.ts";
import { type Context, runPlan } from "../src/pool/run_plan.ts";

const plans = new Map<number, Plan>();
let context: Context;
let control: Int32Array<SharedArrayBuffer>;

/** The pool at the other end. */
const pool = workerPort<ToWorker, FromWorker>();

function reply(message: FromWorker): void {
  pool.post(message);
}

async function init(message: InitMessage): Promise<void> {
  const { ith, nth, memory, provider } = message;
  control = new Int32Array(
    memory.buffer as unknown as SharedArrayBuffer,
    message.control,
    CONTROL_BYTES / Int32Array.BYTES_PER_ELEMENT,
  );
  const lockstep = new Lockstep(control, nth, ith, message.spins);
  const { open } = PROVIDERS[provider.name];
  context = { ith, memory, ...await open(memory, provider.setup), lockstep };
  reply({ type: "ready" });
}

function run(message: RunMessage): void {
  if (message.plan !== undefined) plans.set(message.planId, message.plan);
  const plan = plans.get(message.planId);
  if (plan === undefined) {
    throw new WrongValueError(
      `Cannot run plan ${message.planId}: it is unknown`,
    );
  }
  runPlan(context, plan, message.run);
  reply({ type: "done" });
}

function fail(error: unknown): void {
  if (error instanceof RunAborted) return reply({ type: "aborted" });
  if (control !== undefined) abortRun(control);
  const { name, message, stack } = error instanceof Error
    ? error
    : new Error(String(error));
  reply({ type: "failed", name, message, stack });
}

pool.onMessage(async (data) => {
  try {
    if (data.type === "init") await init(data);
    else if (data.type === "run") run(data);
    else plans.delete(data.planId);
  } catch (error) {
    fail(error);
  }
});
