/**
 * Errors that the caller can mend: a wrong type, a wrong value, a call at the wrong time, a system that refuses. Their classes
 * tell them from bugs in this program, never their messages. Each class has the `name` of the built-in one that it extends,
 * so that `instanceof RangeError` and `error.name` work as everywhere else. Messages may quote names and values from files;
 * what a terminal would obey is made visible in them.
 */
import { visibleMessage } from "./visible.ts";

/** A value has the wrong type. */
export class WrongTypeError extends TypeError {
  constructor(message = "", options?: ErrorOptions) {
    super(visibleMessage(message), options);
  }
}

/** A value has the right type but is out of its range, or a file isn't what it should be. */
export class WrongValueError extends RangeError {
  constructor(message = "", options?: ErrorOptions) {
    super(visibleMessage(message), options);
  }
}

/** A call comes at the wrong time, such as training a network that was disposed. */
export class StateError extends Error {
  constructor(message = "", options?: ErrorOptions) {
    super(visibleMessage(message), options);
  }
}

/** The system refuses, and the runtime has no class for why: a full disk, for one. */
export class SystemError extends Error {
  constructor(message = "", options?: ErrorOptions) {
    super(visibleMessage(message), options);
  }
}

/** Errors of the runtime's own classes whose messages were written here. */
const explained = new WeakSet<Error>();

/** Marks an error of one of the runtime's classes, such as `Deno.errors.NotFound`, as one that the caller can mend. */
export function explainedError<E extends Error>(error: E): E {
  const { message } = error;
  error.message = visibleMessage(message);
  // The stack begins with the message.
  error.stack = error.stack?.replace(message, () => error.message);
  explained.add(error);
  return error;
}

/** Whether the caller can mend what went wrong. Then the message says how, and the stack isn't needed. */
export function isMistake(error: unknown): error is Error {
  return error instanceof WrongTypeError ||
    error instanceof WrongValueError || error instanceof StateError ||
    error instanceof SystemError ||
    (error instanceof Error && explained.has(error));
}
