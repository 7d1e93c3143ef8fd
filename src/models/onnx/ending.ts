/** What comes behind a network in files of others: labels, and probabilities by name. */
import { WrongValueError } from "../../checks/errors.ts";
import { describe, wrong } from "../../checks/validate.ts";
import type { Graph } from "./graph.ts";
import type { NodeProto } from "./messages.ts";
import { isLabelOperator, refuseNode, type Setting } from "./operators.ts";

/** How a graph ends. */
export interface Ending {
  /** The node that puts the probability of the other class before that of the one, if there is one. */
  readonly pair?: NodeProto;
  /** The first node that makes classes of probabilities. */
  readonly labels?: NodeProto;
  readonly classNames?: readonly string[];
}

/** What a value behind the network is. */
type Meaning = "probabilities" | "index" | "label";

const BEGINNINGS: readonly string[] = ["ArgMax", "ZipMap"];

/**
 * Looks whether a value is what the network has computed: an output of the graph, or what labels are made of. If it is,
 * takes all that is behind it.
 *
 * @throws {RangeError} If anything but labels is made of it, or there are outputs of another kind.
 */
export function endingOf(graph: Graph, value: string): Ending | undefined {
  const pair = pairOf(graph, value);
  const end = pair?.output[0] ?? value;
  const begins = graph.consumers(end).some(({ opType = "" }) =>
    BEGINNINGS.includes(opType)
  );
  if (pair === undefined && !begins && !graph.outputs.has(value)) return;
  return new Behind(graph).walk(end, pair);
}

/** 1 - p and p side by side, of the one probability p. */
function pairOf(graph: Graph, p: string): NodeProto | undefined {
  const consumers = graph.consumers(p);
  if (consumers.length !== 2 || graph.outputs.has(p)) return;
  const other = consumers.find(({ opType, input }) =>
    opType === "Sub" && input[1] === p
  );
  const pair = other && graph.only(other.output[0], "Concat");
  if (!pair || !consumers.includes(pair)) return;
  if (!graph.takesScalar(other, p, 1)) return;
  graph.use(other, "labels");
  graph.use(pair, "labels");
  if (pair.input.join() !== [other.output[0], p].join()) {
    refuseNode(graph.action, pair, "must have 1 - p before p");
  }
  return pair;
}

/** Walks over all nodes behind the network. */
class Behind {
  readonly #graph: Graph;
  readonly #reached = new Set<string>();
  #labels: NodeProto | undefined;
  #classNames: readonly string[] | undefined;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  walk(end: string, pair: NodeProto | undefined): Ending {
    const left: [string, Meaning][] = [[end, "probabilities"]];
    // What nodes make is appended, and comes later.
    for (const [value, meaning] of left) {
      if (this.#graph.outputs.has(value)) this.#reached.add(value);
      for (const node of this.#graph.consumers(value)) {
        left.push([node.output[0], this.#take(node, value, meaning)]);
      }
    }
    const others = [...this.#graph.outputs].filter((name) =>
      !this.#reached.has(name)
    );
    if (others.length > 0) {
      throw new WrongValueError(
        wrong(
          this.#graph.action,
          "outputs",
          `${describe(end)} and the labels made of it alone`,
          others,
        ),
      );
    }
    return {
      ...(pair && { pair }),
      ...(this.#labels && { labels: this.#labels }),
      ...(this.#classNames && { classNames: this.#classNames }),
    };
  }

  /** What a node makes. */
  #take(node: NodeProto, value: string, meaning: Meaning): Meaning {
    const { action } = this.#graph;
    if (!isLabelOperator(node)) {
      refuseNode(
        action,
        node,
        `must not take ${
          describe(value)
        }, an output or what labels are made of`,
      );
    }
    const settings = this.#graph.use(node, "labels");
    switch (node.opType) {
      case "Identity":
      case "Cast":
      case "Reshape":
      case "Squeeze":
        // Of probabilities, nothing but what changes nothing.
        if (meaning === "probabilities" && node.opType !== "Identity") break;
        return meaning;
      case "ArgMax":
        if (meaning !== "probabilities") break;
        if (!node.attribute.some(({ name }) => name === "axis")) {
          refuseNode(action, node, "must have axis 1 or -1: it is left out");
        }
        this.#labels ??= node;
        return "index";
      case "ZipMap":
        if (meaning !== "probabilities") break;
        this.#labels ??= node;
        this.#name(node, zipped(settings));
        return "label";
      case "ArrayFeatureExtractor":
      case "Gather":
        if (meaning !== "index" || node.input[1] !== value) break;
        this.#name(node, this.#graph.texts(node, node.input[0]));
        return "label";
    }
    refuseNode(action, node, `must not take ${describe(value)}`);
  }

  /** Keeps names of classes, which must be the same wherever they are. */
  #name(node: NodeProto, names: readonly string[]): void {
    const known = this.#classNames ??= names;
    if (
      known.length === names.length &&
      known.every((name, at) => name === names[at])
    ) return;
    refuseNode(
      this.#graph.action,
      node,
      `must have the classes ${describe(known)}: current value is ${
        describe(names)
      }`,
    );
  }
}

function zipped(settings: Readonly<Record<string, Setting>>): string[] {
  const { classlabels_int64s: numbers, classlabels_strings: texts } = settings;
  const names = Array.isArray(texts) && texts.length > 0 ? texts : numbers;
  return Array.isArray(names) ? names.map(String) : [];
}
