import type { Option } from "./arguments.ts";

/** Options that say where samples are, and what they are. */
export const DATA_OPTIONS = {
  dataset: {
    value: "NAME",
    help:
      "mnist (10,000 digits), mnist-60k (60,000 and 10,000), idx:FOLDER or FILE.csv",
    default: "mnist",
    file: "read",
  },
  target: {
    value: "COLUMN",
    help:
      "CSV: name or number (from 0, or -1 from the end) of the column to learn, or several with commas (default: the last)",
  },
  task: {
    value: "NAME",
    help: "CSV: classify, regress, or auto by what the target looks like",
    default: "auto",
  },
  delimiter: {
    value: "C",
    help: "CSV: what separates cells (default: found out)",
  },
  header: {
    value: "WHEN",
    help: "CSV: whether the first line has names: yes, no or auto",
    default: "auto",
  },
} as const satisfies Record<string, Option>;
