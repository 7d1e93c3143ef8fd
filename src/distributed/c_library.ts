/** Libraries of the system, opened so that those which they load in turn find their symbols. Needs all of `--allow-ffi`. */
import { SystemError } from "../checks/errors.ts";

/** Symbols that are looked up when first used, and visible to libraries which are opened later: plugins of an MPI need that. */
const RTLD_LAZY_GLOBAL = 0x101;

const SYMBOLS = {
  dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
  dlsym: { parameters: ["pointer", "buffer"], result: "pointer" },
  dlerror: { parameters: [], result: "pointer" },
  getenv: { parameters: ["buffer"], result: "pointer" },
  setenv: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  sched_yield: { parameters: [], result: "i32" },
} as const;

type Loader = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

let opened: Loader | undefined;

/** @throws {SystemError} If this isn't Linux with the GNU C library, or the permission is missing. */
function loader(): Loader {
  if (opened !== undefined) return opened;
  if (Deno.build.os !== "linux") {
    throw new SystemError(
      `Cannot open an MPI as that is known for Linux only: this is ${Deno.build.os}`,
    );
  }
  const { state } = Deno.permissions.querySync({ name: "ffi" });
  if (state !== "granted") {
    throw new SystemError(
      "Cannot open an MPI as the permission is missing: run again with --allow-ffi",
    );
  }
  return opened = Deno.dlopen("libc.so.6", SYMBOLS).symbols;
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

function textAt(pointer: Deno.PointerValue): string | undefined {
  return pointer === null
    ? undefined
    : Deno.UnsafePointerView.getCString(pointer);
}

/** A variable of the environment, for which Deno's own function needs one more permission. */
export function variable(name: string): string | undefined {
  return textAt(loader().getenv(cString(name)));
}

/** Gives a variable of the environment a value for the libraries that are opened later, unless it has one. */
export function setDefault(name: string, value: string): void {
  loader().setenv(cString(name), cString(value), 0);
}

/** Lets other threads have the core first, if some wait for one. */
export function giveWay(): void {
  loader().sched_yield();
}

/** A library that stays open as long as the process lives. */
export class CLibrary {
  readonly #handle: Deno.PointerObject;

  /** @throws {SystemError} If there is no such library, in the system's words. */
  constructor(name: string) {
    const { dlopen, dlerror } = loader();
    const handle = dlopen(cString(name), RTLD_LAZY_GLOBAL);
    if (handle === null) {
      throw new SystemError(textAt(dlerror()) ?? `${name} can't be opened`);
    }
    this.#handle = handle;
  }

  /** The address of a symbol, or `null` if it isn't there. */
  symbol(name: string): Deno.PointerValue {
    return loader().dlsym(this.#handle, cString(name));
  }
}
