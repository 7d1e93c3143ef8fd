import { WrongValueError } from "../../checks/errors.ts";
import { TRAIN_OPTION_ROWS } from "./option_table.ts";
import type { TrainOptions } from "./train_options.ts";
import type { TrainSettings } from "./train_settings.ts";

/** How an option, and an option with its value, are written. */
export interface Spelling {
  readonly name: (option: string) => string;
  readonly set: (
    option: string,
    values: readonly (string | number)[],
  ) => string;
}

/** As in a script. */
const IN_SCRIPTS: Spelling = {
  name: (option) => `'${option}'`,
  set: (option, values) =>
    `${option}: ${
      values.map((value) => typeof value === "string" ? `'${value}'` : value)
        .join(" or ")
    }`,
};

/**
 * Refuses options that nothing reads in a training, so that nobody waits for what they do.
 *
 * @param used What the training uses.
 *
 * @throws {RangeError} If there is one; it is told what would read it.
 */
export function refuseUnread(
  given: TrainOptions,
  used: Pick<TrainSettings, "optimizer" | "schedule" | "patience">,
  { name, set }: Spelling = IN_SCRIPTS,
): void {
  for (const [option, { readBy }] of TRAIN_OPTION_ROWS) {
    if (given[option] === undefined || readBy === undefined) continue;
    const { optimizer, schedule, patience } = readBy;
    if (
      optimizer?.includes(used.optimizer) ||
      schedule?.includes(used.schedule) || (patience && used.patience > 0)
    ) continue;
    const reader = [
      optimizer && ` by the optimizer '${used.optimizer}'`,
      schedule && ` by the schedule '${used.schedule}'`,
      patience && ` without ${name("patience")}`,
    ].filter((part) => part !== undefined).join("");
    const remedies = [
      optimizer && set("optimizer", optimizer),
      schedule && set("schedule", schedule),
      patience && set("patience", [10]),
    ].filter((part) => part !== undefined).join(" or ");
    throw new WrongValueError(
      `Cannot train as ${
        name(option)
      } is not read${reader}: leave it out, or write ${remedies}`,
    );
  }
}
