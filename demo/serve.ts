/** `deno task demo`: makes the page that learns digits, and serves it as any static server would. */
import { buildDemo } from "./build.ts";
import { serveFolder } from "./serve_folder.ts";

const FOLDER = new URL("../dist/demo/", import.meta.url);

await buildDemo(FOLDER);
const { addr } = serveFolder(FOLDER, 8000);
console.log(`http://${addr.hostname}:${addr.port}/`);
