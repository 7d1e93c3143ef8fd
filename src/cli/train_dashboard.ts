/** `train --dashboard`: a page in the browser that shows the training. */
import type { Dashboard } from "../dashboard/dashboard.ts";
import { basename } from "node:path";
import type { Mlp } from "../mlp/mlp.ts";
import {
  type FlagValues,
  type Option,
  textOf,
  UsageError,
} from "./arguments.ts";
import { listenForSignals } from "./interrupt.ts";
import { portOf, requireListening } from "./listening.ts";
import { note } from "./print.ts";
import type { Report } from "./report.ts";
import type { Files, How } from "./train_run.ts";

export const DASHBOARD_OPTIONS = {
  dashboard: {
    help:
      "show the training on a page, with its address on stderr: needs --allow-net=127.0.0.1, as the task train:watch has",
  },
  "dashboard-host": {
    value: "HOST",
    help: "where the page can be reached",
    default: "127.0.0.1",
  },
  "dashboard-port": {
    value: "N",
    help: "its port, or the next one that isn't busy; 0 for any",
    default: "8321",
  },
  "dashboard-stay": { help: "keep the page when the training is over" },
} as const satisfies Record<string, Option>;

/** Spans that a worker keeps for the page. */
export const SHOWN_SPANS = 1_024;

/**
 * Trains with a page that shows it, if one is asked for.
 *
 * @param train Tells whether the training came to its end.
 *
 * @throws {StateError} If it can't listen.
 */
export async function withDashboard(
  flags: FlagValues,
  mlp: Mlp,
  epochs: number,
  how: How,
  train: (how: How) => Promise<boolean>,
): Promise<void> {
  if (flags.dashboard !== true) {
    await train(how);
    return;
  }
  const dashboard = await openDashboard(flags, mlp, epochs, how.files);
  const report = shownReport(how.report, dashboard);
  try {
    const files = { ...how.files, dashboard };
    const done = await train({ ...how, report, files });
    dashboard.end("ended");
    if (done && flags["dashboard-stay"] === true) await stay(dashboard);
  } catch (error) {
    dashboard.end("failed", (error as Error).message);
    throw error;
  } finally {
    await dashboard.close();
  }
}

async function openDashboard(
  flags: FlagValues,
  mlp: Mlp,
  epochs: number,
  files: Files,
): Promise<Dashboard> {
  const text = (name: "dashboard-host" | "dashboard-port") =>
    textOf(flags, DASHBOARD_OPTIONS, name)!;
  const hostname = text("dashboard-host");
  const port = portOf("--dashboard-port", text("dashboard-port"));
  await requireListening(hostname, "train:watch");
  const [{ Dashboard }, { loadAssets }] = await Promise.all([
    import("../dashboard/dashboard.ts"),
    import("../web/assets.ts"),
  ]);
  const dashboard = new Dashboard({
    ...{ hostname, port, mlp, epochs, save: saving(mlp, files) },
    assets: await loadAssets("dashboard"),
    facts: { dataset: basename(`${flags.dataset ?? "mnist"}`) },
  });
  if (port !== 0 && dashboard.port !== port) {
    note(`Port ${port} is busy: the page is at ${dashboard.port}`);
  }
  note(`Watch the training at ${dashboard.address}`);
  return dashboard;
}

/** What writes the files that were asked for, and tells which; nothing if none were. */
function saving(
  mlp: Mlp,
  { save, checkpoint }: Files,
): (() => Promise<string>) | undefined {
  if (save === undefined && checkpoint === undefined) return undefined;
  return async () => {
    if (save !== undefined) await mlp.save(save);
    if (checkpoint !== undefined) await mlp.saveCheckpoint(checkpoint);
    return [save, checkpoint].filter((path) => path !== undefined)
      .map((path) => basename(path)).join(", ");
  };
}

/** @throws {UsageError} If options of the page are given, and no page. */
export function requireDashboard(flags: FlagValues): void {
  if (flags.dashboard === true) return;
  const unread = Object.keys(DASHBOARD_OPTIONS).find((name) =>
    flags[name] !== undefined
  );
  if (unread === undefined) return;
  throw new UsageError(
    `Cannot train as '--${unread}' is not read without '--dashboard': leave it out, or write --dashboard`,
  );
}

/** A report that tells the page as well. */
function shownReport(report: Report, dashboard: Dashboard): Report {
  return {
    ...report,
    start(event) {
      dashboard.start(event);
      report.start(event);
    },
    epoch(event) {
      dashboard.epoch(event);
      report.epoch(event);
    },
    end(event) {
      const { trainAccuracy, testAccuracy, trainR2, testR2, seconds } = event;
      const scores = { trainAccuracy, testAccuracy, trainR2, testR2 };
      dashboard.result({ ...scores, seconds });
      report.end(event);
    },
  };
}

/** Waits until the page is closed with its button, or a signal comes. */
async function stay(dashboard: Dashboard): Promise<void> {
  note("The training is over: end the page with its button, or Ctrl-C");
  using signals = listenForSignals();
  const interrupted = Promise.withResolvers<void>();
  signals.signal.addEventListener("abort", () => interrupted.resolve());
  await Promise.race([dashboard.closed, interrupted.promise]);
}
