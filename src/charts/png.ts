/** Pictures as PNG, by resvg, in WebAssembly as well; with a font of its own, as it reads none of the system. */
import { fileURLToPath } from "node:url";
import { readBytes } from "../io/read_bytes.ts";

/** Not literals where they are imported: Deno downloads those before a program starts, whether or not it comes there. */
const PACKAGE = "npm:@resvg/resvg-wasm@2.6.2";
const FONT = "npm:@fontsource/dejavu-sans@5.3.0/package.json";

/** Files of the packages, by the module that is imported of each. */
const WASM_FILE = "index_bg.wasm";
const FONT_FILE = "files/dejavu-sans-latin-400-normal.woff2";

/** What of resvg is used. */
interface Resvg {
  initWasm(wasm: Uint8Array<ArrayBuffer>): Promise<void>;
  readonly Resvg: new (svg: string, options: object) => {
    render(): { asPng(): Uint8Array<ArrayBuffer>; free(): void };
    free(): void;
  };
}

let ready: Promise<{ readonly resvg: Resvg; readonly font: Uint8Array }>;

async function prepare() {
  const resvg = await import(PACKAGE) as Resvg;
  // A file of a package is found once something of it is imported.
  await import(FONT, { with: { type: "json" } });
  const read = (specifier: string) =>
    readBytes(fileURLToPath(import.meta.resolve(specifier)));
  await resvg.initWasm(await read(`${PACKAGE}/${WASM_FILE}`));
  return { resvg, font: await read(FONT.replace("package.json", FONT_FILE)) };
}

/**
 * Draws a picture as it is on a screen in the light, two pixels for each of its units.
 *
 * @param svg Of this program: what it refers to isn't read.
 */
export async function pngOf(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const { resvg, font } = await (ready ??= prepare());
  const family = "DejaVu Sans";
  const drawing = new resvg.Resvg(svg, {
    font: {
      ...{ fontBuffers: [font], loadSystemFonts: false },
      ...{ defaultFontFamily: family, sansSerifFamily: family },
    },
    fitTo: { mode: "zoom", value: 2 },
  });
  try {
    const image = drawing.render();
    const png = image.asPng();
    image.free();
    return png;
  } finally {
    drawing.free();
  }
}
