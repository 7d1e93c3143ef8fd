/** Every reader with a few hundred broken files; `deno task fuzz` tries more. */
import assert from "node:assert/strict";
import { fuzz, READERS } from "./readers.ts";

for (const reader of READERS) {
  Deno.test(`whatever is broken in ${reader.name}, it is read or refused by name`, async () => {
    for (const bytes of reader.files) await reader.read(bytes, reader.name);
    const { read, refused } = await fuzz(reader, { runs: 300, seed: 1 });
    // Some files must be refused and some must be read: else the mutations test nothing.
    const { minimumRead = 1 } = reader;
    assert.ok(
      read >= minimumRead && refused > 20,
      `${read} read, ${refused} refused`,
    );
  });
}
