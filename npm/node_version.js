/** Imported before all else: older versions can't even load the library, and say something else. */
const { versions, getBuiltinModule } = globalThis.process ?? {};
if (versions?.node !== undefined && getBuiltinModule === undefined) {
  throw new Error(
    `Cannot run in this Node as Lockstep needs 20.16, 22.3 or later: current version is ${versions.node}`,
  );
}
