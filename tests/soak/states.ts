import { Mlp } from "../../mod.ts";
import type { Scene } from "./draw.ts";

/**
 * The hash of the weights after each batch of a scene's training, the initial ones first, as one undisturbed worker computes
 * them: all states that the network may ever be seen in.
 */
export async function statesOf(scene: Scene): Promise<string[]> {
  const { network, samples, training } = scene;
  await using mlp = new Mlp({ preset: "article", ...network, workers: 1 });
  const states = [await mlp.weightsSha256()];
  await mlp.fit(samples, {
    ...training,
    onBatch: async () => void states.push(await mlp.weightsSha256()),
  });
  return states;
}
