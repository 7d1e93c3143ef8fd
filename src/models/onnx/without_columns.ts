/** Takes the nodes of columns, which this program wrote, off a graph that is read. */
import { WrongValueError } from "../../checks/errors.ts";
import type { Preprocessing } from "../../data/preprocessing.ts";
import { type ColumnNodes, columnNodes, PREFIX, valueInfo } from "./columns.ts";
import {
  encodeOnnx,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from "./messages.ts";

/**
 * A graph without the nodes of its columns, which begins with what they make.
 *
 * @throws {RangeError} If they aren't those that the columns ask for.
 */
export async function withoutColumns(
  graph: GraphProto,
  preprocessing: Preprocessing,
  inputs: number,
  action: string,
): Promise<GraphProto> {
  const wanted = columnNodes(preprocessing);
  if (wanted === undefined) return graph;
  const own = ({ name = "" }: NodeProto | TensorProto) =>
    name.startsWith(PREFIX);
  const found = {
    node: graph.node.filter(own),
    initializer: graph.initializer.filter(own),
    input: graph.input,
  };
  const [a, b] = [await bytesOf(found), await bytesOf(wanted)];
  if (a.length !== b.length || a.some((byte, at) => byte !== b[at])) {
    throw new WrongValueError(
      `Cannot ${action} as the nodes of its columns must be as they were written: another program has changed them`,
    );
  }
  return {
    ...graph,
    node: graph.node.filter((node) => !own(node)),
    initializer: graph.initializer.filter((tensor) => !own(tensor)),
    input: [valueInfo(wanted.value, inputs)],
  };
}

async function bytesOf(
  { node, initializer, input }: Omit<ColumnNodes, "value">,
): Promise<Uint8Array> {
  const graph = { node, initializer, input, output: [] };
  return await encodeOnnx({ graph, opsetImport: [], metadataProps: [] });
}
