/**
 * Values of a [Summary](https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/summary.proto), as
 * TensorBoard reads them, and the events they are in.
 */
import {
  bytes,
  double,
  doubles,
  type Field,
  float,
  joined,
} from "./protobuf.ts";
import { message, wholeNumber } from "./protobuf.ts";

/** Bars of a histogram. */
const BARS = 30;

/** TensorFlow's number of the type of text. */
const TEXT = 7;

/** A number of an epoch. */
export function scalar(tag: string, value: number): Field {
  return message(1, bytes(1, tag), float(2, value));
}

/** How often values are in each of equal ranges between the least and the greatest one. */
export function histogram(tag: string, values: Float32Array): Field {
  let [least, greatest, sum, squares] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    sum += value;
    squares += value * value;
  }
  const width = (greatest - least) / BARS;
  const counts = new Array<number>(width === 0 ? 1 : BARS).fill(0);
  for (const value of values) {
    const at = width === 0 ? 0 : Math.floor((value - least) / width);
    counts[Math.min(at, counts.length - 1)]++;
  }
  const limits = counts.map((_, at) =>
    at === counts.length - 1 ? greatest : least + width * (at + 1)
  );
  return message(
    1,
    bytes(1, tag),
    message(
      5,
      ...[double(1, least), double(2, greatest), double(3, values.length)],
      ...[double(4, sum), double(5, squares)],
      ...[doubles(6, limits), doubles(7, counts)],
    ),
  );
}

/** Text in Markdown. */
export function text(tag: string, markdown: string): Field {
  const size = message(2, message(2, wholeNumber(1, 1)));
  const tensor = [wholeNumber(1, TEXT), size, bytes(8, markdown)];
  const plugin = message(9, message(1, bytes(1, "text")));
  return message(1, bytes(1, tag), message(8, ...tensor), plugin);
}

/** A picture in shades of gray, as a PNG file. */
export function image(
  tag: string,
  { width, height, png }: {
    readonly width: number;
    readonly height: number;
    readonly png: Uint8Array;
  },
): Field {
  const size = [wholeNumber(1, height), wholeNumber(2, width)];
  const picture = [...size, wholeNumber(3, 1), bytes(4, png)];
  return message(1, bytes(1, tag), message(4, ...picture));
}

/** What is known at an epoch, at a time in seconds since 1970. */
export function summaryEvent(
  time: number,
  epoch: number,
  values: readonly Field[],
): Uint8Array<ArrayBuffer> {
  const summary = message(5, ...values);
  return joined([double(1, time), wholeNumber(2, epoch), summary]);
}

/** The first event of a file. */
export function versionEvent(time: number): Uint8Array<ArrayBuffer> {
  return joined([double(1, time), bytes(3, "brain.Event:2")]);
}

/** Says that a training starts at an epoch: what other files have from there on is from before it was interrupted. */
export function startEvent(
  time: number,
  epoch: number,
): Uint8Array<ArrayBuffer> {
  const started = message(7, wholeNumber(1, 1));
  return joined([double(1, time), wholeNumber(2, epoch), started]);
}
