import type { Communicator } from "../distributed/communicator.ts";
import { Mlp } from "../mlp/mlp.ts";
import { coresFor } from "../mlp/mlp_settings.ts";
import type { KeptRows } from "./kept_rows.ts";
import type { TrainingData } from "./training_data.ts";
import type { TrainCommand } from "./train_options.ts";
import { defaultWorkers } from "./worker_count.ts";

/** Makes the network that a command line asks for, with as many workers as pay. */
export function newNetwork(
  command: TrainCommand,
  data: TrainingData,
  { training: options, rows, ...ranks }: {
    readonly training: Record<string, string | boolean>;
    readonly rows: KeptRows;
    readonly distributed?: Communicator;
  },
): Mlp {
  const { network: given, hidden, training: { epochs } } = command;
  const { train, encoder, target, classNames, preprocessing, image } = data;
  const training = {
    ...options,
    ...(image === undefined ? {} : { image }),
    rows,
  };
  const layers = [train.inputs, ...hidden, train.outputs];
  const work = { layers, samples: train.count, epochs };
  const cores = coresFor(ranks.distributed);
  const workers = defaultWorkers(work, cores);
  const network = {
    // Else as many as there are cores, of which small batches need fewer.
    ...(workers < cores ? { workers } : {}),
    ...given,
    ...ranks,
  };
  if (encoder !== undefined) {
    return new Mlp({
      ...network,
      encoder,
      hidden,
      training: target === undefined ? training : { ...training, target },
    });
  }
  return new Mlp({
    ...network,
    task: "classes",
    layers,
    ...(classNames === undefined ? {} : { classNames }),
    ...(preprocessing === undefined ? {} : { preprocessing }),
    training,
  });
}
