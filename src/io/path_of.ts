import { fileURLToPath } from "node:url";

/** The path of a file that is named by a path or a URL. */
export function pathOf(path: string | URL): string {
  return path instanceof URL ? fileURLToPath(path) : path;
}
