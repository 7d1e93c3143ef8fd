import { explainedError, SystemError } from "../checks/errors.ts";
import {
  NotCapable,
  NotFound,
  SYSTEM_ERRORS,
} from "../runtime/system_errors.ts";

/**
 * Whether an error comes from the operating system: it is of one of the runtime's classes, or a plain `Error` where there is
 * none, as for a full disk. A bug in this program throws another class.
 */
function isOfSystem(error: unknown): error is Error {
  return error instanceof Error &&
    (error.constructor === Error || SYSTEM_ERRORS.includes(error.constructor));
}

/**
 * Makes an error of the system name the file. It keeps its class, so that a caller can tell one failure from another. All
 * other errors are returned as they are.
 *
 * @param folder Where a file is to be written. The permission is needed for the whole folder, as a temporary file is
 * written there first.
 */
export function systemError(
  action: "read" | "write",
  path: string,
  cause: unknown,
  folder?: string,
): unknown {
  if (!isOfSystem(cause)) return cause;
  if (cause instanceof NotCapable) {
    // To rename a file takes the permission to read as well.
    const kind = /^Requires read/.test(cause.message) ? "read" : action;
    const permission = `--allow-${kind}${
      folder === undefined ? "" : `=${folder}`
    }`;
    return explainedError(
      new NotCapable(
        `Cannot ${action} '${path}' as the permission is missing: run again with ${permission}`,
        { cause },
      ),
    );
  }
  if (cause instanceof NotFound) {
    const missing = folder === undefined ? "file" : `folder '${folder}'`;
    return explainedError(
      new NotFound(
        `Cannot ${action} '${path}' as there is no such ${missing}`,
        { cause },
      ),
    );
  }
  const Kind = SYSTEM_ERRORS.includes(cause.constructor)
    ? cause.constructor as ErrorConstructor
    : SystemError;
  return explainedError(
    new Kind(
      `Cannot ${action} '${path}' as the system refuses: ${cause.message}`,
      { cause },
    ),
  );
}
