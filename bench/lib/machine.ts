/** What a figure was measured on, in one line: date, processor, cores, runtime. */
export async function machine(): Promise<string> {
  const date = new Date().toISOString().slice(0, 10);
  const { deno, v8 } = Deno.version;
  return `${date}, ${await processor()}, ${navigator.hardwareConcurrency} cores, Deno ${deno} (V8 ${v8})`;
}

/** Name of the processor, where the system tells it. */
async function processor(): Promise<string> {
  try {
    const text = await Deno.readTextFile("/proc/cpuinfo");
    const name = /^model name\s*:\s*(.*)$/m.exec(text);
    if (name !== null) return name[1].trim();
  } catch (error) {
    // Not Linux: then the architecture has to do.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return Deno.build.arch;
}
