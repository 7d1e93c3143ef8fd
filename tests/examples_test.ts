/** Every name that `mod.ts` exports shows how it is used. `deno check --doc` checks the examples, and other tests run them. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** What `deno doc --json` tells of an exported name, as far as it is looked at here. */
interface ExportedSymbol {
  readonly name: string;
  readonly declarations: readonly {
    readonly jsDoc?: {
      readonly tags?: readonly {
        readonly kind: string;
        readonly doc?: string;
      }[];
    };
    readonly def?: {
      readonly tsType?: {
        readonly kind: string;
        readonly value?: readonly { readonly kind: string }[];
      };
    };
  }[];
}

/** The names that a module exports, with their docstrings. */
async function exportsOf(module: URL): Promise<readonly ExportedSymbol[]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", fileURLToPath(module)],
    env: { NO_COLOR: "1" },
  }).output();
  const [text, errors] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  assert.equal(code, 0, errors);
  const { nodes } = JSON.parse(text) as {
    nodes: Record<string, { symbols: ExportedSymbol[] }>;
  };
  return Object.values(nodes).flatMap(({ symbols }) => symbols);
}

/** Whether a name is that of a type which lists words, such as `"sgd" | "adam"`: the options that take one show it. */
function isListOfWords({ declarations: [{ def }] }: ExportedSymbol): boolean {
  const { kind, value } = def?.tsType ?? { kind: "none" };
  return kind === "union" && value!.every(({ kind }) => kind === "literal");
}

Deno.test("every exported name has an example that imports the package", async () => {
  const exported = await exportsOf(new URL("../mod.ts", import.meta.url));
  assert.ok(exported.length > 50, `${exported.length} names`);
  assert.ok(exported.some(({ name }) => name === "Mlp"));
  const without: string[] = [];
  for (const symbol of exported) {
    const examples = symbol.declarations.flatMap(({ jsDoc }) =>
      jsDoc?.tags?.filter(({ kind }) => kind === "example") ?? []
    );
    const used = examples.length > 0 &&
      examples.every(({ doc = "" }) =>
        doc.includes('from "@lockstep/lockstep"')
      );
    if (!used && !isListOfWords(symbol)) without.push(symbol.name);
  }
  assert.deepEqual(without, []);
});
