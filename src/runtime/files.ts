/** Files, as Deno has them; of Node where this is Node. Pages have none: there, bytes are given and returned. */
import { SystemError } from "../checks/errors.ts";
import { builtin, IN_DENO } from "./builtins.ts";
import { nodeFiles } from "./node_files.ts";
import type { Files } from "./open_file.ts";

const NO_FILES = new Proxy({} as Files, {
  get() {
    throw new SystemError(
      "Cannot use files as a page has none: give and take bytes",
    );
  },
});

function filesHere(): Files {
  if (IN_DENO) return Deno;
  const fs = builtin("node:fs");
  return fs === undefined ? NO_FILES : nodeFiles(fs.promises);
}

/** The files of this runtime. */
export const files: Files = filesHere();

/** Whether a module may be read, for a worker; in Deno the user may be asked. */
export async function mayRead(module: URL): Promise<boolean> {
  if (!IN_DENO || module.protocol !== "file:") return true;
  const { state } = await Deno.permissions.request({
    name: "read",
    path: module,
  });
  return state === "granted";
}
