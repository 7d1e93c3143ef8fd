/** Classes of errors of the operating system: Deno's own, and elsewhere ones with the same names. */

/** How such an error is made. */
type SystemErrorClass<Name extends string> = new (
  message?: string,
  options?: ErrorOptions,
) => Error & { readonly name: Name };

const own = (globalThis as { Deno?: { errors: Record<string, unknown> } }).Deno
  ?.errors;

function named<Name extends string>(name: Name): SystemErrorClass<Name> {
  const found = own?.[name] as SystemErrorClass<Name> | undefined;
  if (found !== undefined) return found;
  return class extends Error {
    override readonly name = name;
  };
}

/** There is no such file or folder. */
export const NotFound: SystemErrorClass<"NotFound"> = named("NotFound");

/** There is something of this name already. */
export const AlreadyExists: SystemErrorClass<"AlreadyExists"> = named(
  "AlreadyExists",
);

/** A file was wanted, and this is a folder. */
export const IsADirectory: SystemErrorClass<"IsADirectory"> = named(
  "IsADirectory",
);

/** The system doesn't let this user do it. */
export const PermissionDenied: SystemErrorClass<"PermissionDenied"> = named(
  "PermissionDenied",
);

/** The runtime wasn't permitted to do it. */
export const NotCapable: SystemErrorClass<"NotCapable"> = named("NotCapable");

/** All of them. */
export const SYSTEM_ERRORS: readonly unknown[] = own === undefined
  ? [NotFound, AlreadyExists, IsADirectory, PermissionDenied, NotCapable]
  : Object.values(own);
