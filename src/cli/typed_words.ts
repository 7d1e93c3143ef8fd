/** What was typed: words behind the command's name, and how commands are called where it was. */

/** The words that a command reads. */
let words: readonly string[] = Deno.args;

/** Whether commands are called by `lockstep`, not as tasks. */
let isInstalled = false;

export function typedWords(): readonly string[] {
  return words;
}

/** Leaves out the name of the command, which `lockstep` reads. */
export function readByName(): void {
  words = Deno.args.slice(1);
  isInstalled = true;
}

/** Text that names commands, as they are typed here. */
export function asTyped(text: string): string {
  return isInstalled
    ? text.replaceAll(/\bdeno task (?=\w)/g, "lockstep ")
    : text;
}
