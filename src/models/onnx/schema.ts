/** How the messages of an ONNX file are written, as far as a network of dense layers needs them. */

/** A type of a value, or the name of another message. */
type FieldType = string;

/** Number and type of each field, a list where the type is in brackets. */
export type MessageSchema = Readonly<
  Record<string, readonly [number, FieldType | readonly [FieldType]]>
>;

/** The messages by name; see [onnx.proto](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). None is within itself. */
export const MESSAGES: Readonly<Record<string, MessageSchema>> = {
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
    floats: [7, ["float"]],
    ints: [8, ["int64"]],
    strings: [9, ["bytes"]],
    type: [20, "int32"],
  },
  TensorProto: {
    dims: [1, ["int64"]],
    dataType: [2, "int32"],
    floatData: [4, ["float"]],
    int32Data: [5, ["int32"]],
    stringData: [6, ["bytes"]],
    int64Data: [7, ["int64"]],
    name: [8, "string"],
    rawData: [9, "bytes"],
    externalData: [13, ["StringStringEntryProto"]],
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
