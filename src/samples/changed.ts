import { StateError } from "../checks/errors.ts";

/** @throws {Error} As samples aren't those that were looked at before: the caller has changed them. */
export function refuseChanged(): never {
  throw new StateError(
    "Cannot copy samples as their arrays must not change meanwhile: they did",
  );
}
