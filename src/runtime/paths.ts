/** Paths of files. In a page there are none: then those of Linux, for names in errors. */
import { builtin } from "./builtins.ts";

const path = builtin("node:path");

/** The folder of a path. */
export function dirname(name: string): string {
  if (path !== undefined) return path.dirname(name);
  const at = name.lastIndexOf("/");
  return at < 0 ? "." : name.slice(0, at);
}

/** The last name of a path. */
export function basename(name: string): string {
  return path?.basename(name) ?? name.slice(name.lastIndexOf("/") + 1);
}

/** Names one below the other. */
export function join(...names: string[]): string {
  return path?.join(...names) ?? names.join("/");
}

/**
 * The path of a file that a URL names.
 *
 * @throws {Error} If it doesn't name a file of this machine.
 */
export function fileURLToPath(url: URL): string {
  const found = builtin("node:url")?.fileURLToPath(url);
  if (found === undefined) throw new TypeError("there are no files here");
  return found;
}
