/** What this runs on, by name: the runtime with its versions, and the machine as far as it is told. */
import { IN_DENO } from "./builtins.ts";

export function machineFacts(): Readonly<Record<string, string>> {
  const cores = `${navigator.hardwareConcurrency} cores`;
  if (!IN_DENO) return { "Runtime": navigator.userAgent, "Machine": cores };
  return {
    "Deno": Deno.version.deno,
    "V8": Deno.version.v8,
    "Machine": `${Deno.build.target}, ${cores}`,
  };
}
