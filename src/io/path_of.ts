import { fileURLToPath } from "node:url";
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";

/**
 * The path of a file that is named by a path or a URL.
 *
 * @throws {TypeError} If it is neither.
 * @throws {RangeError} If the URL is of no file.
 */
export function pathOf(action: string, path: string | URL): string {
  if (typeof path === "string") return path;
  if (!(path instanceof URL)) {
    throw new WrongTypeError(wrong(action, "path", "a path or a URL", path));
  }
  try {
    return fileURLToPath(path);
  } catch (cause) {
    const wanted = "a path, or the URL of a file on this machine";
    throw new WrongValueError(wrong(action, "path", wanted, `${path}`), {
      cause,
    });
  }
}
