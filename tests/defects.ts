import assert from "node:assert/strict";

/** What is passed, the type of the error, and its message. */
export type Defect<T = unknown> = [T, new () => Error, string];

/** Whether an error is of a type, with exactly this message. */
export function matches(
  type: new () => Error,
  message: string,
): (error: Error) => boolean {
  return (error) => {
    assert.ok(error instanceof type, `${error.name}: ${error.message}`);
    assert.equal(error.message, message);
    return true;
  };
}
