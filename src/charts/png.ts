/** Pictures as PNG, by resvg, in WebAssembly as well; with a font of its own, as it reads none of the system. */
import { fileURLToPath } from "node:url";
import { readBytes } from "../io/read_bytes.ts";
import {
  importPackage,
  type PackageName,
  packageSpecifier,
} from "../runtime/packages.ts";

const ACTION = "draw a PNG";

/** The file of a font with Latin, Greek and Cyrillic letters. */
const FONT = "/files/dejavu-sans-latin-400-normal.woff2";

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
  const resvg = await importPackage<Resvg>(ACTION, "@resvg/resvg-wasm");
  await resvg.initWasm(await fileOf("@resvg/resvg-wasm", "/index_bg.wasm"));
  // A file of a package is found once something of it is imported.
  await importPackage(ACTION, "@fontsource/dejavu-sans", "/package.json");
  return { resvg, font: await fileOf("@fontsource/dejavu-sans", FONT) };
}

function fileOf(name: PackageName, path: string) {
  const file = import.meta.resolve(packageSpecifier(name, path));
  return readBytes(fileURLToPath(file));
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
