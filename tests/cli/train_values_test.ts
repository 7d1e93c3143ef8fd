/** Wrong values of options: `train` refuses them before it trains. */
import assert from "node:assert/strict";
import { Mlp, samplesFrom } from "../../mod.ts";
import { parseOptions, UsageError } from "../../src/cli/arguments.ts";
import { TRAIN_OPTIONS, trainCommand } from "../../src/cli/train_options.ts";
import { refuseUnreadFlags } from "../../src/cli/training_flags.ts";

const MISTAKES: [string, RegExp][] = [
  ["--no-such", /as '--no-such' is no option$/],
  ["-epochs 1", /'-epochs' is no option: did you mean '--epochs'\?$/],
  ["-h", /'-h' is no option: did you mean '--help'\?$/],
  ["--learning_rate 1", /no option: did you mean '--learning-rate'\?$/],
  ["--learningRate=1", /no option: did you mean '--learning-rate'\?$/],
  ["--lr 1", /'--lr' is no option: did you mean '--learning-rate'\?$/],
  ["--optimiser adam", /no option: did you mean '--optimizer'\?$/],
  ["--epochs 1 --epochs 1", /'--epochs' is there twice$/],
  ["--quiet --quiet", /'--quiet' is there twice$/],
  ["extra", /Unexpected argument 'extra'/],
  ["--epochs", /'--epochs <value>' argument missing/],
  ["--quiet=yes", /'--quiet' does not take an argument/],
  ["--json --quiet", /'--json' and '--quiet' exclude each other$/],
  ["--test-split x", /'--test-split' must be a number: current value is 'x'$/],
  ["--test-split 1", /'--test-split' must be a number from 0 up to but not 1/],
  ["--test-split 2", /'--test-split' must be .*: current value is 2$/],
  ["--checkpoint-every x", /'--checkpoint-every' must be a number: .* 'x'$/],
];

const NETWORKS: [string, RegExp][] = [
  ["--hidden 70,x", /'--hidden' must be a number: current value is 'x'$/],
  ["--hidden 70,", /'--hidden' must be a number: current value is ''$/],
  ["--hidden 70,0", /'layers\[2\]' must be .*: current value is 0$/],
  [
    "--activation cube",
    /'activation' must be 'sigmoid' or 'tanh' or 'relu' or .*: current value is 'cube'$/,
  ],
  ["--activation relu,tanh,elu", /'activation.length' must be 2 /],
  [
    "--output cube",
    /'output' must be 'sigmoid' or .*: current value is 'cube'$/,
  ],
  [
    "--loss halfSquaredError",
    /'loss' must be 'crossEntropy' for the output 'softmax'/,
  ],
  [
    "--output sigmoid --loss x",
    /'loss' must be 'binaryCrossEntropy' or 'crossEntropy' or 'halfSquaredError' or 'huber': current value is 'x'$/,
  ],
  ["--initializer x", /'initializer' must be 'uniform' or 'glorot' or/],
  [
    "--seed -1",
    /'seed' must be a whole number from 0 to 4294967295: current value is -1$/,
  ],
  ["--kernels gpu", /'kernels' must be 'auto' or .*: current value is 'gpu'$/],
  [
    "--workers 0",
    /'workers' must be a whole number from 1 to 256: current value is 0$/,
  ],
  [
    "--workers 257",
    /'workers' must be a whole number from 1 to 256: current value is 257$/,
  ],
];

const TRAININGS: [string, RegExp][] = [
  ["--optimizer x", /'--optimizer' must be 'article' or 'sgd' or/],
  [
    "--class-weights balancd",
    /must be numbers with commas or 'balanced': .*, did you mean 'balanced'\?$/,
  ],
  ["--optimizer adma", /: current value is 'adma', did you mean 'adam'\?$/],
  ["--epochs 0", /'--epochs' must be .*: current value is 0$/],
  ["--epochs 1.5", /'--epochs' must be .*: current value is 1.5$/],
  ["--batch-size 0", /'--batch-size' must be .*: current value is 0$/],
  [
    "--batch-size NaN",
    /'--batch-size' must be a number: current value is 'NaN'$/,
  ],
  ["--learning-rate -1", /'--learning-rate' must be .*: current value is -1$/],
  [
    "--learning-rate Infinity",
    /'--learning-rate' must be .*: current value is Infinity$/,
  ],
  [
    "--learning-rate-decay -1e-3",
    /'--learning-rate-decay' must be .*: current value is -0.001$/,
  ],
  ["--momentum -.5", /'--momentum' must be .*: current value is -0.5$/],
  [
    "--rho 1",
    /'--rho' must be a number from 0 up to but not 1: current value is 1$/,
  ],
  ["--beta1 -1", /'--beta1' must be .*: current value is -1$/],
  ["--beta2 1", /'--beta2' must be a number from 0 up to but not 1/],
  ["--epsilon 0", /'--epsilon' must be a finite number of more than 0/],
  [
    "--weight-decay -1",
    /'--weight-decay' must be a finite number of 0 or more/,
  ],
  ["--reduction max", /'--reduction' must be 'sum' or 'mean'/],
  [
    "--l1 -1",
    /'--l1' must be a finite number of 0 or more: current value is -1$/,
  ],
  [
    "--l2 -1",
    /'--l2' must be a finite number of 0 or more: current value is -1$/,
  ],
  [
    "--dropout 1",
    /'--dropout' must be a number from 0 up to but not 1: current value is 1$/,
  ],
  [
    "--dropout 0.5,1",
    /'--dropout\[1\]' must be a number from 0 up to but not 1/,
  ],
  ["--dropout 0,0,0", /'dropout.length' must be 2 for as many hidden layers/],
  ["--clip-norm x", /'--clip-norm' must be a number: current value is 'x'$/],
  ["--schedule x", /'--schedule' must be 'article' or .* or 'plateau'/],
  ["--step-epochs 0", /'--step-epochs' must be a whole number of 1 or more/],
  ["--decay-factor 1.1", /'--decay-factor' must be a number from 0 to 1/],
  [
    "--warm-up-epochs 0.5",
    /'--warm-up-epochs' must be a whole number of 0 or more/,
  ],
  [
    "--plateau-patience 0",
    /'--plateau-patience' must be a whole number of 1 or more/,
  ],
  [
    "--min-learning-rate -1",
    /'--min-learning-rate' must be a finite number/,
  ],
  [
    "--shuffle never",
    /'--shuffle' must be 'once' or 'epoch': current value is 'never'$/,
  ],
  [
    "--trainable true,no",
    /'--trainable' must be true or false: current value is 'no'$/,
  ],
  ["--trainable true", /'trainable.length' must be 3 for as many layers/],
  ["--class-weights 1,2", /'classWeights.length' must be 3 for as many/],
  [
    "--class-weights even",
    /'--class-weights' must be numbers with commas or 'balanced'/,
  ],
  [
    "--validation-split 1",
    /'--validation-split' must be a number from 0 up to but not 1/,
  ],
  [
    "--min-learning-rate 0.1",
    /'minLearningRate' must be a number from 0 to 0.005, the learning rate: current value is 0.1$/,
  ],
  ["--validation-split 0.001", /such that of 120 samples some are left/],
  ["--patience 0.5", /'--patience' must be a whole number of 0 or more/],
  ["--min-delta -1", /'--min-delta' must be a finite number/],
  ["--monitor x", /'--monitor' must be 'loss' or 'accuracy' or/],
  ["--monitor validationLoss --patience 3", /there is no 'validationLoss'/],
];

const UNREAD: [string, RegExp][] = [
  [
    "--optimizer adam --weight-decay 0.1",
    /^Cannot train as '--weight-decay' is not read by the optimizer 'adam': leave it out, or write --optimizer adamw$/,
  ],
  [
    "--momentum 0.9 --optimizer rmsprop",
    /or write --optimizer article or sgd$/,
  ],
  ["--nesterov", /'--nesterov' is not read by the optimizer 'article': /],
  [
    "--optimizer adam --learning-rate-decay 0.1",
    /'--learning-rate-decay' is not read by the schedule 'constant': leave it out, or write --schedule article$/,
  ],
  [
    "--min-delta 0.1",
    /'--min-delta' is not read without '--patience': leave it out, or write --patience 10$/,
  ],
  [
    "--monitor loss",
    /'--monitor' is not read by the schedule 'article' without '--patience': leave it out, or write --schedule plateau or --patience 10$/,
  ],
];

/** Runs the check of arguments in this process: there are too many cases for a process each. */
async function train(args: string): Promise<void> {
  const { flags } = parseOptions(args.split(" "), TRAIN_OPTIONS);
  const { network, hidden, training } = trainCommand(flags);
  refuseUnreadFlags(training);
  const layers = [4, ...hidden, 3];
  const mlp = new Mlp({
    preset: "article",
    output: "softmax",
    ...network,
    layers,
  });
  await mlp.fit(
    samplesFrom({
      x: Array.from({ length: 120 }, () => [1, 2, 3, 4]),
      labels: Array.from({ length: 120 }, (_, at) => at % 3),
    }),
    training,
  );
}

for (
  const [name, mistakes] of Object.entries({
    "a command line that can't be read": MISTAKES,
    "options of the network out of their ranges": NETWORKS,
    "options of the training out of their ranges": TRAININGS,
    "options that nothing reads in the training": UNREAD,
  })
) {
  Deno.test(`train refuses ${name}`, async () => {
    for (const [args, message] of mistakes) {
      await assert.rejects(train(args), (error: Error) => {
        assert.match(error.message, message);
        // Others are shown as faults, with their stack.
        assert.match(error.message, /^Cannot /);
        return error instanceof RangeError || error instanceof UsageError;
      }, args);
    }
  });
}
