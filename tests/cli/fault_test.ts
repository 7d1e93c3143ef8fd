/** A bug in the program isn't shown as a mistake of the user: it has its stack, and another exit status. */
import assert from "node:assert/strict";
import { CommandLine, ROOT } from "./command_line.ts";

const line = new CommandLine();

/** Bugs with the same messages as mistakes of the user. */
const FAULTS: Record<string, [body: string, message: string]> = {
  "a TypeError of the engine": [
    "const [first] = JSON.parse('[]'); first.name;",
    "TypeError: Cannot read properties of undefined (reading 'name')",
  ],
  "an Error that begins like a mistake": [
    "throw new Error(\"Cannot read 'f' as 'x' must be y: current value is z\");",
    "Error: Cannot read 'f' as 'x' must be y: current value is z",
  ],
  "a RangeError of the engine": [
    "new Array(-1);",
    "RangeError: Invalid array length",
  ],
};

for (const [name, [body, message]] of Object.entries(FAULTS)) {
  Deno.test(`${name} in a command is shown with its stack, exit status 1`, async () => {
    line.write(
      "main.ts",
      `import { runCommand } from ${
        JSON.stringify(`${ROOT}src/cli/command.ts`)
      };
      await runCommand({ usage: "", options: {}, run: async () => { ${body} } });`,
    );
    const { code, stderr, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-config", "--allow-read", "main.ts"],
      cwd: line.folder,
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stderr);
    assert.ok(text.includes(`Uncaught (in promise) ${message}\n`), text);
    assert.match(text, /^ +at .*main\.ts:\d+:\d+/m);
    assert.equal(stdout.length, 0);
    assert.equal(code, 1);
  });
}
