/** The page that `train --report` and `evaluate --report` write. */
import { asTyped, typedWords } from "./typed_words.ts";
import { createHash } from "node:crypto";
import { isCsr } from "../data/csr.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { isBuiltIn } from "../data/load_dataset.ts";
import { kindOf } from "../data/read_arrays.ts";
import type { EpochEvent, History } from "../history/events.ts";
import { chooseProvider } from "../engine/choose_kernels.ts";
import { writeAtomically } from "../io/write_atomically.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { type Findings, reportPage } from "../report/training_report.ts";
import type { FlagValues, Option } from "./arguments.ts";
import { computeOptionsOf } from "./common_options.ts";
import { hashOfFile } from "./data_hash.ts";
import { imageSizeOf } from "../mlp/image_size.ts";
import { requireEnding, requireWritable } from "./require_writable.ts";

const ENDINGS = [".html", ".htm"];

/** The option that asks for it. */
export const REPORT_OPTION = {
  report: {
    value: "FILE",
    help:
      "write a page with scores, curves, mistakes and how to repeat it (.html)",
    file: "written",
  },
} as const satisfies Record<string, Option>;

/**
 * Refuses a report that can't be written, before the work.
 *
 * @throws {UsageError} If its name has another ending.
 */
export async function requireReport(flags: FlagValues): Promise<void> {
  const path = flags.report as string | undefined;
  if (path === undefined) return;
  requireEnding(path, ENDINGS);
  await requireWritable(path);
}

/** How a training went that came to its end. */
export interface Courses {
  /** Of an ensemble: that of the last network. */
  readonly history: History;
  /** Of an ensemble: the epochs of each network. */
  readonly members?: readonly History["epochs"][];
}

/** A report that is to be written, and what is known for it until then. */
export class ReportFile {
  readonly path: string;
  readonly #facts: Record<string, string | number>;
  readonly #epochs: EpochEvent[] = [];

  /**
   * @param task The command that is to be repeated.
   * @param facts What else the page is to say of it, such as {@linkcode hashesOf} the data.
   */
  constructor(
    path: string,
    task: "train" | "evaluate",
    facts: Readonly<Record<string, string>>,
  ) {
    this.path = path;
    this.#facts = { "Command": commandOf(task), ...facts };
  }

  /** Hears of an epoch. */
  epoch(event: EpochEvent): void {
    this.#epochs.push(event);
  }

  /** Writes the page, in place of the one that may be there. */
  async write(
    mlp: Mlp,
    flags: FlagValues,
    findings: Pick<
      Findings,
      | "samples"
      | "rows"
      | "scores"
      | "importance"
      | "dependence"
      | "notes"
    >,
    { history, members }: Partial<Courses> = {},
  ): Promise<void> {
    const size = imageSizeOf(mlp);
    const html = await reportPage(mlp, {
      ...findings,
      title: `Report on ${mlp.targetNames?.join(", ") ?? "a network"}`,
      facts: {
        ...this.#facts,
        "Written": new Date().toISOString(),
        "Kernels": (await chooseProvider(computeOptionsOf(flags).kernels!, mlp))
          .words,
      },
      course: members === undefined
        ? { ...history, epochs: this.#epochs }
        : { members, epochs: members.flat() },
      ...(size === undefined ? {} : { size }),
    });
    await writeAtomically(this.path, new TextEncoder().encode(html));
  }
}

function datasetOf(flags: FlagValues): string {
  return `${flags.dataset ?? "mnist"}`;
}

/** The command as a shell takes it. */
function commandOf(task: string): string {
  const { state } = Deno.permissions.querySync({ name: "ffi" });
  const name = state === "granted" && task === "train" ? "train:native" : task;
  const quoted = typedWords().map((word) =>
    /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
  );
  return asTyped(`deno task ${[name, ...quoted].join(" ")}`);
}

/** Checksums of the files that samples come from; of other data, of the samples themselves. */
export async function hashesOf(
  flags: FlagValues,
  parts: readonly (Samples | SparseSamples | undefined)[],
): Promise<Record<string, string>> {
  const dataset = datasetOf(flags);
  const isFile = !isBuiltIn(dataset) && dataset !== "-" &&
    await kindOf(dataset) !== "folder";
  if (!isFile) return { "Samples, SHA-256": hashOfSamples(parts) };
  const targets = flags.targets as string | undefined;
  return {
    "Data, SHA-256": await hashOfFile(dataset),
    ...(targets === undefined
      ? {}
      : { "Targets, SHA-256": await hashOfFile(targets) }),
  };
}

function hashOfSamples(
  parts: readonly (Samples | SparseSamples | undefined)[],
): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    if (part === undefined) continue;
    const { x, y } = part;
    const arrays = isCsr(x) ? [x.data, x.indices, x.indptr, y] : [x, y];
    for (const { buffer, byteOffset, byteLength } of arrays) {
      // Copied, as what is in shared memory can't be hashed.
      hash.update(new Uint8Array(buffer, byteOffset, byteLength).slice());
    }
  }
  return hash.digest("hex");
}
