import type { ImageSize } from "../data/formats.ts";
import { isBuiltIn } from "../data/load_dataset.ts";
import type { Mlp } from "./mlp.ts";

/** The digits that come with the program. */
const DIGIT: ImageSize = { width: 28, height: 28 };

/** The size of the images that a model was trained on, if it is known. */
export function imageSizeOf(
  { layers, training }: Pick<Mlp, "layers" | "training">,
): ImageSize | undefined {
  const found = /^(\d+)x(\d+)$/.exec(`${training?.image}`);
  const [width, height] = (found ?? []).slice(1).map(Number);
  const size = found !== null
    ? { width, height }
    // The command line leaves out the name of its default.
    : training !== undefined && isBuiltIn(training.dataset ?? "mnist")
    ? DIGIT
    : undefined;
  return size && size.width * size.height === layers[0] ? size : undefined;
}
