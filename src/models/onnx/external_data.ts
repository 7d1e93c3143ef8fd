/** Constants that are in files beside the model, as exporters write them for large ones. */
import { WrongValueError } from "../../checks/errors.ts";
import { describe, wrong } from "../../checks/validate.ts";
import type { FileBeside, FindBeside } from "../../io/read_beside.ts";
import {
  EXTERNAL,
  FLOAT,
  type GraphProto,
  INT32,
  INT64,
  type TensorProto,
} from "./messages.ts";
import { countOf } from "./tensors.ts";

/** Bytes of a value of each type that may be there. */
const VALUE_BYTES: ReadonlyMap<number, number> = new Map([
  [FLOAT, 4],
  [INT32, 4],
  [INT64, 8],
]);

/**
 * Reads the constants of a graph that are in other files.
 *
 * @throws {RangeError} If a file isn't in the model's folder, or has fewer values than the graph says.
 * @throws {Deno.errors.NotFound} If there is no such file.
 */
export async function withExternalData(
  graph: GraphProto,
  find: FindBeside,
  action: string,
): Promise<GraphProto> {
  const files = new Map<string, Promise<FileBeside>>();
  /** Bytes of each file that were read: no part belongs to two constants, or a small file could become a large one. */
  const taken = new Map<string, number>();

  const read = async (tensor: TensorProto): Promise<TensorProto> => {
    if (tensor.dataLocation !== EXTERNAL) return tensor;
    const name = tensor.name ?? "";
    const { location, from, length } = placeOf(tensor, name, action);
    if (!files.has(location)) files.set(location, find(location));
    const file = await files.get(location)!;
    const total = (taken.get(location) ?? 0) + length;
    taken.set(location, total);
    if (from + length > file.size || total > file.size) {
      throw new WrongValueError(
        `Cannot read '${file.path}' as it must have ${
          Math.max(from + length, total)
        } bytes or more for ${describe(name)}: current value is ${file.size}`,
      );
    }
    const rawData = await file.read(from, length);
    return { ...tensor, rawData, dataLocation: 0 };
  };

  const initializer: TensorProto[] = [];
  // One after another, so that the first that is wrong is told of.
  for (const tensor of graph.initializer) initializer.push(await read(tensor));
  return { ...graph, initializer };
}

/** Where the values of a constant are, as many as its sizes say. */
function placeOf(tensor: TensorProto, name: string, action: string) {
  const fields = new Map(
    tensor.externalData?.map(({ key = "", value = "" }) => [key, value]),
  );
  const size = VALUE_BYTES.get(tensor.dataType ?? 0);
  if (size === undefined) {
    const wanted = `${FLOAT} (float32)`;
    throw new WrongValueError(
      wrong(action, `${name}.data_type`, wanted, tensor.dataType),
    );
  }
  const wanted = size * countOf(tensor, name, action);
  const whole = (key: string, fallback: number) => {
    const text = fields.get(key);
    if (text === undefined) return fallback;
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value)) return value;
    throw new WrongValueError(
      wrong(action, `${name}.${key}`, "a whole number", text),
    );
  };
  const from = whole("offset", 0);
  const length = whole("length", wanted);
  if (length !== wanted) {
    const dims = describe(tensor.dims);
    throw new WrongValueError(
      wrong(action, `${name}.length`, `${wanted} for dims ${dims}`, length),
    );
  }
  return { location: fields.get("location") ?? "", from, length };
}
