/** Trains in Deno and Node: answers each line of stdin, the name of a function of the training, with one of JSON. */
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { start } from "./training.js";

const [library, digits] = process.argv.slice(2);
const training = start(await import(library), await readFile(digits));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await training[line]()));
}
process.exit();
