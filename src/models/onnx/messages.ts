/**
 * The messages of an [ONNX](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) file, as far as a network of dense
 * layers needs them. Fields that aren't here are skipped in reading, but for those of the file as a whole.
 */
import { WrongValueError } from "../../checks/errors.ts";
import { checkFields } from "./fields.ts";
import { MESSAGES } from "./schema.ts";

/** Number of float32 among the types of values. */
export const FLOAT = 1;

/** Numbers of whole numbers and text among the types of values. */
export const INT32 = 6;
export const INT64 = 7;
export const STRING = 8;
export const BOOL = 9;

/** Numbers of the types of attributes that are known here. */
export const ATTRIBUTE_TYPES = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  floats: 6,
  ints: 7,
  strings: 8,
};

/** The number of {@linkcode TensorProto.dataLocation} of a tensor that is in another file. */
export const EXTERNAL = 1;

/** A text by name. */
export interface StringStringEntry {
  readonly key?: string;
  readonly value?: string;
}

/**
 * A constant tensor, row-major, its values in the list of its type, little-endian in `rawData`, or in the file that
 * `externalData` names.
 */
export interface TensorProto {
  readonly name?: string;
  readonly dims: readonly number[];
  readonly dataType?: number;
  readonly floatData: readonly number[];
  readonly int32Data?: readonly number[];
  readonly int64Data?: readonly number[];
  readonly stringData?: readonly Uint8Array[];
  readonly rawData?: Uint8Array;
  readonly externalData?: readonly StringStringEntry[];
  readonly dataLocation?: number;
}

/** A setting of a node. */
export interface AttributeProto {
  readonly name?: string;
  readonly type?: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly t?: TensorProto;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  readonly strings?: readonly Uint8Array[];
}

/** One operation: what it takes, makes, and is called. */
export interface NodeProto {
  readonly name?: string;
  readonly opType?: string;
  readonly domain?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}

/** A size, or the name of one that varies. */
export interface Dimension {
  readonly dimValue?: number;
  readonly dimParam?: string;
}

/** An input or output of the graph. */
export interface ValueInfoProto {
  readonly name?: string;
  readonly type?: {
    readonly tensorType?: {
      readonly elemType?: number;
      readonly shape?: { readonly dim: readonly Dimension[] };
    };
  };
}

/** All operations, in an order in which they can be computed. */
export interface GraphProto {
  readonly name?: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}

/** A file. */
export interface ModelProto {
  readonly irVersion?: number;
  readonly producerName?: string;
  readonly opsetImport: readonly {
    readonly domain?: string;
    readonly version?: number;
  }[];
  readonly graph?: GraphProto;
  readonly metadataProps: readonly StringStringEntry[];
}

/** The type of a file, for the library that reads and writes such messages. */
async function modelProto() {
  const { default: protobuf } = await import(
    // deno-lint-ignore no-import-prefix -- a script elsewhere that imports this has another import map
    "npm:protobufjs@8.8.1/light.js"
  );
  const nested = Object.fromEntries(
    Object.entries(MESSAGES).map(([message, fields]) => [message, {
      fields: Object.fromEntries(
        Object.entries(fields).map(([field, [id, type]]) => [
          field,
          typeof type === "string"
            ? { id, type }
            : { id, type: type[0], rule: "repeated" },
        ]),
      ),
    }]),
  );
  return protobuf.Root.fromJSON({ nested }).lookupType("ModelProto");
}

/** Writes an ONNX file. */
export async function encodeOnnx(
  model: ModelProto,
): Promise<Uint8Array<ArrayBuffer>> {
  const type = await modelProto();
  return new Uint8Array(type.encode(type.fromObject(model)).finish());
}

/**
 * Reads an ONNX file. Bytes that follow it are refused, unless they are one more entry of a list, or a field that isn't
 * there yet: two files of messages one after another are one, by the rules of protocol buffers.
 *
 * @param name Of the file, for errors.
 *
 * @throws {RangeError} If it isn't one.
 */
export async function decodeOnnx(
  bytes: Uint8Array,
  name: string,
): Promise<ModelProto> {
  const type = await modelProto();
  try {
    checkFields(bytes);
    return type.toObject(type.decode(bytes), {
      arrays: true,
      longs: Number,
    }) as ModelProto;
  } catch (cause) {
    // A fault of the program, not of the file.
    if (cause instanceof TypeError) throw cause;
    throw new WrongValueError(
      `Cannot read '${name}' as it must be whole ONNX data: ${
        (cause as Error).message
      }`,
      { cause },
    );
  }
}
