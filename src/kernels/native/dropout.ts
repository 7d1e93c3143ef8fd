/** Inverted dropout, step by step that of `src/kernels/assembly/dropout.ts`. */
import { type Elementwise, type Lanes, scalar } from "./lanes.ts";
import { k, masked, type Register } from "./operands.ts";

const GOLDEN = 0x9e3779b9;
const MIX_1 = 0x85ebca6b;
const MIX_2 = 0xc2b2ae35;

const CONSTANTS = {
  mix1: { bits: MIX_1 },
  mix2: { bits: MIX_2 },
  step64: { bits: 16 },
  step32: { bits: 8 },
  step16: { bits: 4 },
} as const;

/** The finalizer of MurmurHash3 by Austin Appleby (public domain). */
function mix(x: number): number {
  x = Math.imul(x ^ x >>> 16, MIX_1);
  x = Math.imul(x ^ x >>> 13, MIX_2);
  return x ^ x >>> 16;
}

function mixLanes(
  { code, constant }: {
    readonly code: Lanes["code"];
    readonly constant: (name: keyof typeof CONSTANTS) => ReturnType<
      Lanes["constant"]
    >;
  },
  x: Register,
  shifted: Register,
): void {
  const fold = (bits: number) => {
    code.emit("vpsrld", shifted, x, bits);
    code.emit("vxorps", x, x, shifted);
  };
  fold(16);
  code.emit("vpmulld", x, x, constant("mix1"));
  fold(13);
  code.emit("vpmulld", x, x, constant("mix2"));
  fold(16);
}

/** Buffers: source, target; scalars, of which the last three are integers: the factor, the place of a float plus a key, the other key, the threshold. */
export const DROPOUT: Elementwise<typeof CONSTANTS> = {
  ...{ buffers: 2, scalars: 4, constants: CONSTANTS },
  begin(lanes) {
    const places = Array.from({ length: lanes.bytes / 4 }, (_, n) => n);
    const counter = scalar(lanes, 1);
    lanes.code.emit("vpaddd", counter, counter, lanes.code.constant(places));
  },
  body(lanes, [source, target]) {
    const { code, level, bytes } = lanes;
    const [hash, spare, value] = [0, 1, 2].map((r) => lanes.register(r));
    const [factor, counter, key, threshold] = [0, 1, 2, 3].map((n) =>
      scalar(lanes, n)
    );
    const mixer = {
      code,
      constant: (name: keyof typeof CONSTANTS) => lanes.constant(name),
    };
    code.emit("vmovaps", hash, counter);
    mixLanes(mixer, hash, spare);
    code.emit("vxorps", hash, hash, key);
    mixLanes(mixer, hash, spare);
    code.emit("vmulps", value, factor, source);
    if (level === "avx512") {
      const notLess = 5;
      code.emit("vpcmpud", k(1), hash, threshold, notLess);
      code.emit("vmovaps", masked(value, k(1), true), value);
    } else {
      code.emit("vpmaxud", spare, hash, threshold);
      code.emit("vpcmpeqd", spare, spare, hash);
      code.emit("vandps", value, value, spare);
    }
    code.emit("vmovups", target, value);
    const step = lanes.constant(`step${bytes}` as keyof typeof CONSTANTS);
    code.emit("vpaddd", counter, counter, step);
  },
};

/** The two keys that places are mixed with. */
export function dropoutKeys(low: number, high: number): [number, number] {
  const first = mix(mix(high ^ GOLDEN) + low | 0);
  return [first, mix(high ^ first)];
}
