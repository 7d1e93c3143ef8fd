/** What this runs on, by name: the runtime with its versions, and the machine as far as it is told. */
import { builtin, IN_DENO } from "./builtins.ts";

/** How many threads can run at a time. Node 20 has no `navigator`. */
export function cores(): number {
  return globalThis.navigator?.hardwareConcurrency ??
    builtin("node:os")!.availableParallelism();
}

/** What Node 22 and pages call themselves. */
function runtimeName(): string {
  const { navigator, process } = globalThis as {
    navigator?: Navigator;
    process?: { version: string };
  };
  return navigator?.userAgent ?? `Node ${process?.version.slice(1)}`;
}

export function machineFacts(): Readonly<Record<string, string>> {
  const machine = `${cores()} cores`;
  if (!IN_DENO) return { "Runtime": runtimeName(), "Machine": machine };
  return {
    "Deno": Deno.version.deno,
    "V8": Deno.version.v8,
    "Machine": `${Deno.build.target}, ${machine}`,
  };
}
