/** Mistakes in the files that `predict` reads: one line, exit status 2. */
import { encodeNpy } from "../../src/data/npy.ts";
import { pngFile } from "../data/png_files.ts";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

const TRAIN = "--epochs 1 --hidden 2 --quiet --save";

Deno.test.beforeAll(async () => {
  await line.output("train", `--dataset iris.csv ${TRAIN} iris.json`);
  line.write(
    "toys.csv",
    "size,color,kind\n1,red,a\n2,blue,b\n3,red,a\n4,blue,b\n5,red,b\n",
  );
  await line.output("train", `--dataset toys.csv ${TRAIN} toys.json`);
  line.write("toys.doc", "");
  line.write(
    "digits.json",
    JSON.stringify({
      format: "lockstep",
      version: 1,
      description: {
        layers: [784, 1],
        activations: [],
        output: "linear",
        loss: "halfSquaredError",
        seed: 1,
      },
      weights: [new Array(785).fill(0)],
    }),
  );
  Deno.mkdirSync(line.path("folder.csv"));
  line.write(
    "small.png",
    pngFile({ width: 2, height: 1, depth: 8, colorType: 0, values: [1, 2] }),
  );
  line.write("pairs.npy", encodeNpy(new Float32Array(12), [6, 2]));
  line.write("five.npy", encodeNpy(new Float32Array(5), [5]));
  line.write("none.npy", encodeNpy(new Float32Array(), [0, 4]));
  line.write("nan.npy", encodeNpy(new Float32Array(8).with(6, NaN), [2, 4]));
  line.write("empty.npy", "");
  const images = (count: number, side: number) => {
    const bytes = new Uint8Array(16 + count * side * side);
    const header = new DataView(bytes.buffer);
    [0x803, count, side, side].forEach((value, at) =>
      header.setUint32(4 * at, value)
    );
    return bytes;
  };
  line.write("quarters-idx3-ubyte", images(4, 14));
  line.write("labels-idx1-ubyte", images(1, 28).fill(1, 3, 4));
  line.write(
    "narrow.csv",
    Array.from({ length: 784 }, () => "0,".repeat(782) + "0").join("\n"),
  );
  line.write("few.csv", "0,".repeat(699) + "0\n");
});

const PREDICT: [args: string, message: RegExp, stdin?: string][] = [
  ["iris.csv", /'--model FILE' must be given$/m],
  [
    "--model iris.json iris.csv b.csv",
    /^Cannot read 'b.csv' as there is no such file$/m,
  ],
  [
    "--model iris.json no.csv",
    /^Cannot read 'no.csv' as there is no such file$/m,
  ],
  [
    "--model iris.json toys.doc",
    /^Cannot read 'toys.doc' as its name must end, before a '.gz', in '.csv', .* or '.png'$/m,
  ],
  [
    "--model iris.json --format jpg iris.csv",
    /'--format' must be 'csv' or .*: current value is 'jpg'$/m,
  ],
  [
    "--model iris.json --header x iris.csv",
    /'--header' must be 'yes' or 'no' or 'auto'/,
  ],
  [
    "--model iris.json --kernels x iris.csv",
    /'--kernels' must be 'auto' or .*: current value is 'x'$/m,
  ],
  [
    "--model iris.json --workers 0 iris.csv",
    /'--workers' must be a whole number from 1 to 256: current value is 0$/m,
  ],
  [
    "--model iris.json --epochs 1",
    /'--epochs' is no option$/m,
  ],
  [
    "--model iris.json folder.csv",
    /^Cannot read 'folder.csv' as there must be an image in PNG or more$/m,
  ],
  [
    "--model iris.json",
    /^Cannot read 'stdin' as there must be rows: it is empty$/m,
    "",
  ],
  [
    "--model iris.json",
    /^Cannot read 'stdin' as there must be 4 columns, or names of them: columns are 'column 1', 'column 2', 'column 3'$/m,
    "1,2,3\n",
  ],
  [
    "--model toys.json",
    /^Cannot read 'stdin' as there must be 'color': columns are 'size', 'hue'$/m,
    "size,hue\n1,red\n",
  ],
  [
    "--model toys.json",
    /^Cannot read 'stdin' as 'line 2, size' must be a number .*: current value is 'big'$/m,
    "size,color\nbig,red\n",
  ],
  [
    "--model toys.json",
    /^Cannot read 'stdin' as 'line 2, size' must be a number .*: current value is 'very.*big'$/m,
    'size,color\n"very\nbig",red\n',
  ],
  [
    "--model toys.json",
    /^Cannot read 'stdin' as rows must have 2 cells as line 1 has: line 2 has 1: mend them, /m,
    "1,red\n2\n",
  ],
  [
    "--model digits.json small.png",
    /^Cannot read 'small.png' as its size must be 28 × 28 pixels: current value is 2 × 1$/m,
  ],
  [
    "--model toys.json small.png",
    /^Cannot read 'small.png' as 'shape' must be samples × 3, with .*: current value is \[1, 1, 2\]$/m,
  ],
  [
    "--model digits.json --format png iris.csv",
    /^Cannot read 'iris.csv' as its start must be .* as of a PNG image/,
  ],
  [
    "--model digits.json labels-idx1-ubyte",
    /^Cannot read 'labels-idx1-ubyte' as its magic number must be 0x00000803 of images: current value is 0x00000801 of labels$/m,
  ],
  [
    "--model iris.json empty.npy",
    /^Cannot read 'empty.npy' as 'magic number' must be that of .npy/,
  ],
  // As many numbers as of some samples, but of other ones.
  [
    "--model iris.json five.npy",
    /^Cannot read 'five.npy' as 'shape' must be samples × 4, with a sample or more: current value is \[5\]$/m,
  ],
  [
    "--model iris.json none.npy",
    /^Cannot read 'none.npy' as 'shape' must be samples × 4, with .*: current value is \[0, 4\]$/m,
  ],
  [
    "--model iris.json nan.npy",
    /^Cannot read 'nan.npy' as 'x of sample 1 at 2' must be a number within ±3.4e38: current value is NaN$/m,
  ],
  [
    "--model iris.json pairs.npy",
    /^Cannot read 'pairs.npy' as 'shape' must be samples × 4, with .*: current value is \[6, 2\]$/m,
  ],
  [
    "--model digits.json quarters-idx3-ubyte",
    /^Cannot \w+ .*'quarters-idx3-ubyte' .*(784|28).*(196|14)/,
  ],
  ["--model digits.json narrow.csv", /^Cannot \w+ .*'narrow.csv' .*784.*783/],
  ["--model digits.json few.csv", /^Cannot \w+ .*'few.csv' .*784.*700/],
];

Deno.test("predict from files that aren't what they should be", async (test) => {
  await line.refusedAll(
    test,
    PREDICT.map(([args, message, stdin]) => ({
      name: "predict",
      args,
      message,
      ...(stdin === undefined
        ? {}
        : { title: `predict ${args} of ${JSON.stringify(stdin)}`, stdin }),
    })),
  );
});
