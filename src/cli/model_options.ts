import type { Option } from "./arguments.ts";

/** Options that say what computes. */
export const COMPUTE_OPTIONS = {
  kernels: {
    value: "NAME",
    help:
      "auto, blas (with --allow-ffi), wasm, wasm-sparse (skips zeros) or typescript",
    default: "auto",
  },
  workers: {
    value: "N",
    help: "threads, 1 to 256; results don't depend on it (default: all cores)",
  },
} as const satisfies Record<string, Option>;

/** Options of every command. */
export const COMMON_OPTIONS = {
  config: { value: "FILE", help: "JSON with options by name", file: "read" },
  json: { help: "JSON on stdout, and nothing else" },
  help: { help: "show this text" },
} as const satisfies Record<string, Option>;
