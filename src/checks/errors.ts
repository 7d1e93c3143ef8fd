/**
 * What the caller can mend: a wrong type, a wrong value, a call at the wrong time, a system that refuses. They are told from
 * faults of the program by what they are, never by their words. Each keeps the name of the built-in class that it extends,
 * so that `instanceof RangeError` and `error.name` are as everywhere else. Their messages may hold text of others, and are
 * fit to be shown.
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

/** Errors of the runtime's own classes that name what was tried. */
const explained = new WeakSet<Error>();

/** Marks an error of the runtime's own class, such as `Deno.errors.NotFound`, whose message says what was tried and why not. */
export function explainedError<E extends Error>(error: E): E {
  const { message } = error;
  error.message = visibleMessage(message);
  // It begins with the message.
  error.stack = error.stack?.replace(message, () => error.message);
  explained.add(error);
  return error;
}

/** Whether the caller can mend what went wrong: the message alone says how, and nobody needs the stack. */
export function isMistake(error: unknown): error is Error {
  return error instanceof WrongTypeError ||
    error instanceof WrongValueError || error instanceof StateError ||
    error instanceof SystemError ||
    (error instanceof Error && explained.has(error));
}
