/**
 * The messages of an [ONNX](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) file, as far as a network of dense
 * layers needs them. Fields that aren't here are skipped in reading, but for those of the file as a whole.
 */
import { WrongValueError } from "../../errors.ts";
import { checkModelFields } from "./fields.ts";

/** Number of float32 among the types of values. */
export const FLOAT = 1;

/** Numbers of the types of attributes that are known here. */
export const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, tensor: 4 };

/** The number of {@linkcode TensorProto.dataLocation} of a tensor that is in another file. */
export const EXTERNAL = 1;

/** A constant tensor, row-major, its values in `floatData` or little-endian in `rawData`. */
export interface TensorProto {
  readonly name?: string;
  readonly dims: readonly number[];
  readonly dataType?: number;
  readonly floatData: readonly number[];
  readonly rawData?: Uint8Array;
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
  readonly metadataProps: readonly {
    readonly key?: string;
    readonly value?: string;
  }[];
}

/** Number and type of each field, a list where the type is in brackets. */
const MESSAGES: Readonly<
  Record<string, Readonly<Record<string, [number, string | [string]]>>>
> = {
  ModelProto: {
    irVersion: [1, "int64"],
    producerName: [2, "string"],
    graph: [7, "GraphProto"],
    opsetImport: [8, ["OperatorSetIdProto"]],
    metadataProps: [14, ["StringStringEntryProto"]],
  },
  OperatorSetIdProto: { domain: [1, "string"], version: [2, "int64"] },
  StringStringEntryProto: { key: [1, "string"], value: [2, "string"] },
  GraphProto: {
    node: [1, ["NodeProto"]],
    name: [2, "string"],
    initializer: [5, ["TensorProto"]],
    input: [11, ["ValueInfoProto"]],
    output: [12, ["ValueInfoProto"]],
  },
  NodeProto: {
    input: [1, ["string"]],
    output: [2, ["string"]],
    name: [3, "string"],
    opType: [4, "string"],
    attribute: [5, ["AttributeProto"]],
    domain: [7, "string"],
  },
  AttributeProto: {
    name: [1, "string"],
    f: [2, "float"],
    i: [3, "int64"],
    s: [4, "bytes"],
    t: [5, "TensorProto"],
    type: [20, "int32"],
  },
  TensorProto: {
    dims: [1, ["int64"]],
    dataType: [2, "int32"],
    floatData: [4, ["float"]],
    name: [8, "string"],
    rawData: [9, "bytes"],
    dataLocation: [14, "int32"],
  },
  ValueInfoProto: { name: [1, "string"], type: [2, "TypeProto"] },
  TypeProto: { tensorType: [1, "TensorTypeProto"] },
  TensorTypeProto: {
    elemType: [1, "int32"],
    shape: [2, "TensorShapeProto"],
  },
  TensorShapeProto: { dim: [1, ["DimensionProto"]] },
  DimensionProto: { dimValue: [1, "int64"], dimParam: [2, "string"] },
};

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
    checkModelFields(bytes);
    const message = type.decode(bytes);
    return type.toObject(message, {
      arrays: true,
      longs: Number,
    }) as ModelProto;
  } catch (cause) {
    throw new WrongValueError(
      `Cannot read '${name}' as it must be whole ONNX data: ${
        (cause as Error).message
      }`,
      { cause },
    );
  }
}
