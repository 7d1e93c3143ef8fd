import type { Plan, Run } from "../plan/plan.ts";

/** What runs plans: workers, or the calling thread itself. */
export interface Pool {
  /** Whether it can't be used any more. */
  readonly closed: boolean;
  /** Whether it was ended in the middle of a run. */
  readonly forced: boolean;
  start(): Promise<void>;
  /** Runs a plan; returns how many stages were done, if it was stopped. */
  run(plan: Plan, run: Run, signal?: AbortSignal): Promise<number | undefined>;
  forget(plan: Plan): void;
  dispose(): Promise<void>;
}
