import { cpus } from "node:os";

/** What a figure was measured on, in one line: date, processor, cores, runtime. */
export function machine(): string {
  const date = new Date().toISOString().slice(0, 10);
  const { deno, v8 } = Deno.version;
  return `${date}, ${
    cpus()[0].model.trim()
  }, ${navigator.hardwareConcurrency} cores, Deno ${deno} (V8 ${v8})`;
}
