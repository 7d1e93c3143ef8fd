import { explainedError, SystemError } from "../checks/errors.ts";

/** The classes that the runtime has for what a system refuses. */
const CLASSES: readonly unknown[] = Object.values(Deno.errors);

/**
 * Whether an error is what the system says: of one of the runtime's classes, or a plain `Error` where it has none, as for a
 * full disk. A fault of the program is of another class.
 */
function isOfSystem(error: unknown): error is Error {
  return error instanceof Error &&
    (error.constructor === Error || CLASSES.includes(error.constructor));
}

/**
 * Names the file in what the system throws, with the same class, so that a caller can tell one failure from another. A fault
 * of the program stays what it is.
 *
 * @param folder In which a file is to be written: the permission is needed for all of it, as another file comes first.
 */
export function systemError(
  action: "read" | "write",
  path: string,
  cause: unknown,
  folder?: string,
): unknown {
  if (!isOfSystem(cause)) return cause;
  if (cause instanceof Deno.errors.NotCapable) {
    // To give a file its name takes the permission to read as well.
    const kind = /^Requires read/.test(cause.message) ? "read" : action;
    const permission = `--allow-${kind}${
      folder === undefined ? "" : `=${folder}`
    }`;
    return explainedError(
      new Deno.errors.NotCapable(
        `Cannot ${action} '${path}' as the permission is missing: run again with ${permission}`,
        { cause },
      ),
    );
  }
  if (cause instanceof Deno.errors.NotFound) {
    const missing = folder === undefined ? "file" : `folder '${folder}'`;
    return explainedError(
      new Deno.errors.NotFound(
        `Cannot ${action} '${path}' as there is no such ${missing}`,
        { cause },
      ),
    );
  }
  const Kind = CLASSES.includes(cause.constructor)
    ? cause.constructor as ErrorConstructor
    : SystemError;
  return explainedError(
    new Kind(
      `Cannot ${action} '${path}' as the system refuses: ${cause.message}`,
      { cause },
    ),
  );
}
