/** Modules of Node. Deno has them as well; pages in a browser don't, so that they aren't imported but asked for. */

/** Those that are used. */
interface Builtins {
  "node:fs": typeof import("node:fs");
  "node:os": typeof import("node:os");
  "node:path": typeof import("node:path");
  "node:stream": typeof import("node:stream");
  "node:timers": typeof import("node:timers");
  "node:url": typeof import("node:url");
  "node:worker_threads": typeof import("node:worker_threads");
  "node:zlib": typeof import("node:zlib");
}

/** A module of Node, or nothing where there is none. */
export function builtin<Name extends keyof Builtins>(
  name: Name,
): Builtins[Name] | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?(name: string): unknown };
  };
  return process?.getBuiltinModule?.(name) as Builtins[Name] | undefined;
}

/** Whether this is Deno, which alone can call machine code and asks for permissions. */
export const IN_DENO: boolean = "Deno" in globalThis;
