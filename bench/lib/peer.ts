import { fileURLToPath } from "node:url";
import { Progress } from "../../src/cli/display/progress.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Exit status of a peer whose package is missing. */
const MISSING = 3;

/** A program that trains the article's network, see bench/peers. */
export interface Peer {
  /** What it is, with its threads or its backend. */
  readonly name: string;
  /** The program and its own arguments, from the project's folder. */
  readonly command: readonly string[];
  /** Whether an epoch takes many seconds, so that one run must do. */
  readonly slow?: boolean;
  /** Settings in which it differs from the others. */
  readonly own?: readonly string[];
}

/** What a run of a peer printed. */
export interface PeerRun {
  readonly version: string;
  /** Seconds of each epoch. */
  readonly seconds: readonly number[];
  readonly testAccuracy: number;
}

/** The peer can't run here; the message says what installs it. */
export class PeerMissing extends Error {}

const PYTHON = "/usr/bin/python3";
const DENO = [Deno.execPath(), "run", "--no-prompt", "--allow-read"];
const NPM = [...DENO.slice(0, 2), "--no-config", "--no-lock", "--no-prompt"];

/** Lockstep itself, as the peers are run: with the kernels that it chooses without permissions, or without skipping zeros as the others, or in machine code. */
export function lockstep(
  workers: number,
  way?: "dense" | "BLAS" | "native",
): Peer {
  const own = {
    dense: ["--backend", "wasm", "--dense"],
    BLAS: ["--backend", "blas", "--dense"],
    native: ["--backend", "native"],
  };
  return {
    name: `Lockstep, ${workers} workers${way === undefined ? "" : `, ${way}`}`,
    own: way === undefined ? [] : own[way],
    command: [
      ...DENO,
      ...(way === "BLAS" || way === "native" ? ["--allow-ffi"] : []),
      "bench/peers/lockstep_mlp.ts",
      "--threads",
      `${workers}`,
    ],
  };
}

/** One of the Python programs. */
export function python(name: string, file: string, threads: number): Peer {
  return {
    name: `${name}, ${threads} threads`,
    command: [PYTHON, `bench/peers/${file}`, "--threads", `${threads}`],
  };
}

/** One of the programs whose packages are on npm. */
export function npm(
  name: string,
  file: string,
  slow: boolean,
  ...own: string[]
): Peer {
  const permissions = ["--allow-read", "--allow-env"];
  const command = [...NPM, ...permissions, `bench/peers/${file}`];
  return { name, command, slow, own };
}

/**
 * Runs a peer to its end.
 *
 * @throws {PeerMissing} If its package is not installed.
 * @throws {Error} If it fails.
 */
export async function runPeer(
  peer: Peer,
  settings: readonly string[],
): Promise<PeerRun> {
  const [program, ...args] = peer.command;
  using _ = new Progress(`Running ${peer.name}`);
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(program, {
      args: [...args, ...settings, ...(peer.own ?? [])],
      cwd: ROOT,
    }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new PeerMissing(
      `${program} is missing; install it: apt-get install python3`,
    );
  }
  const stderr = new TextDecoder().decode(output.stderr).trim();
  if (
    output.code === MISSING ||
    /Cannot compute with '(blas|native)'/.test(stderr)
  ) {
    throw new PeerMissing(stderr);
  }
  if (output.code !== 0) {
    throw new Error(`Cannot measure ${peer.name} as it failed: ${stderr}`);
  }
  const lines = new TextDecoder().decode(output.stdout).trim().split("\n");
  const events = lines.filter((line) => line.startsWith("{")).map((line) =>
    JSON.parse(line)
  );
  const end = events.find(({ event }) => event === "end");
  return {
    version: events.find(({ event }) => event === "start").version,
    seconds: events.filter(({ event }) => event === "epoch").map((epoch) =>
      epoch.seconds
    ),
    testAccuracy: end.testAccuracy,
  };
}
