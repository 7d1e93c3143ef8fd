import assert from "node:assert/strict";
import {
  Mlp,
  type MlpOptions,
  type Samples,
  type TrainOptions,
} from "../../mod.ts";
import type { Xoshiro128 } from "../../src/units/random.ts";
import { softSamples } from "../soft_samples.ts";
import { between, pick } from "./draw.ts";
import { within } from "./within.ts";

/** One buffer that is filled again and again gives the bits of as many buffers. */
export async function refills(random: Xoshiro128): Promise<void> {
  const count = between(random, 10, 80);
  const layers = [between(random, 1, 30), between(random, 1, 20), 3];
  const scaled = {
    offset: Array.from({ length: layers[0] }, () => random.below(9) / 8),
    scale: Array.from({ length: layers[0] }, () => 1 + random.below(9) / 8),
  };
  const network: MlpOptions = {
    layers,
    output: "softmax",
    ...(pick(random, [true, false]) ? { preprocessing: scaled } : {}),
  };
  const pieces = Array.from({ length: between(random, 2, 4) }, (_, n) => {
    const samples = softSamples("softmax", count, layers[0], 3, n);
    // Some are sparse and some are not, so that their layout differs.
    if (pick(random, [true, false])) {
      for (let at = 0; at < samples.x.length; at++) {
        if (random.below(6) > 0) samples.x[at] = 0;
      }
    }
    return samples;
  });
  const options = { optimizer: "adam", batchSize: 16 } as const;
  const buffer = softSamples("softmax", count, layers[0], 3, 99);
  const fill = ({ x, y }: Samples) => {
    buffer.x.set(x);
    buffer.y.set(y);
    return buffer;
  };
  const hash = async (
    use: (mlp: Mlp, options: TrainOptions) => Promise<unknown>,
  ): Promise<string> => {
    await using mlp = new Mlp({
      preset: "article",
      ...network,
      workers: between(random, 1, 3),
    });
    await within("pieces", use(mlp, options));
    return await mlp.weightsSha256();
  };
  const partial =
    (refill: boolean) => async (mlp: Mlp, options: TrainOptions) => {
      for (const piece of pieces) {
        await mlp.partialFit(refill ? fill(piece) : piece, options);
      }
    };
  assert.equal(await hash(partial(true)), await hash(partial(false)));
  const stream = (refill: boolean) => (mlp: Mlp, options: TrainOptions) =>
    mlp.fit(function* () {
      for (const piece of pieces) yield refill ? fill(piece) : piece;
    }, { ...options, epochs: 2 });
  assert.equal(await hash(stream(true)), await hash(stream(false)));
}
