import type { ProviderName } from "../providers/names.ts";
import type { Plan, Run } from "../plan/plan.ts";

/** Sets up a worker when it starts. */
export interface InitMessage {
  readonly type: "init";
  /** The worker's number, from 0. */
  readonly ith: number;
  /** How many workers there are. */
  readonly nth: number;
  readonly memory: WebAssembly.Memory;
  /** Byte offset of the control block. */
  readonly control: number;
  /** How often to poll for the end of a stage before sleeping. */
  readonly spins: number;
  /** The provider of kernels, and what opens it. */
  readonly provider: { readonly name: ProviderName; readonly setup: unknown };
}

/** Tells a worker to run a plan, which it keeps under its number. */
export interface RunMessage {
  readonly type: "run";
  /** Absent if the worker already has it. */
  readonly plan?: Plan;
  readonly planId: number;
  readonly run: Run;
}

/** Tells a worker to forget a plan. */
export interface ForgetMessage {
  readonly type: "forget";
  readonly planId: number;
}

export type ToWorker = InitMessage | RunMessage | ForgetMessage;

/** What a worker answers: once after `init`, and once after each `run`. */
export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "done" }
  | { readonly type: "aborted" }
  | {
    readonly type: "failed";
    readonly name: string;
    readonly message: string;
    readonly stack?: string;
  };
