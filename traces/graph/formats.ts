import { AUT_FORMAT, writeAut } from "./aut.js";
import { DOT_FORMAT, writeDot } from "./dot.js";
import type { Graph } from "./graph.js";
import { GRAPHML_FORMAT, writeGraphml } from "./graphml.js";
import { GRAPH_FORMAT, writeGraphJson } from "./json.js";
import { MERMAID_GRAPH_FORMAT, writeMermaidGraph } from "./mermaid.js";
import { RV_FORMAT, writeRv } from "./rv.js";

/** A format that a graph can be written in. Writers are pure: the same graph is the same text, on every machine. */
export interface GraphFormat {
  /** As `--to` names it. */
  readonly name: string;
  /** What it is, for help. */
  readonly about: string;
  /** What the names of its files end in. */
  readonly extension: string;
  /** What the format is called, with its version. */
  readonly format: string;
  /** Whether it is made to be looked at, so that there is a limit on how much is written. */
  readonly drawn: boolean;
  /** Whether nodes may be in nodes, as they are in a statechart. */
  readonly nests: boolean;
  /** Whether one event may lead to one node only, so that the graph is made so. */
  readonly deterministic: boolean;
  readonly write: (graph: Graph) => string;
}

const FOR_TOOLS = { drawn: false, nests: true, deterministic: false };
const DRAWN = { drawn: true, nests: true, deterministic: false };

export const GRAPH_FORMATS: readonly GraphFormat[] = [
  {
    ...FOR_TOOLS,
    name: "aut",
    about: "Aldebaran, for bisimulation tools",
    extension: ".aut",
    format: AUT_FORMAT,
    nests: false,
    write: writeAut,
  },
  { ...DRAWN, name: "dot", about: "a picture, for Graphviz", extension: ".dot", format: DOT_FORMAT, write: writeDot },
  {
    ...DRAWN,
    name: "mermaid",
    about: "a picture, as a Mermaid state diagram",
    extension: ".mmd",
    format: MERMAID_GRAPH_FORMAT,
    write: writeMermaidGraph,
  },
  {
    ...FOR_TOOLS,
    name: "graphml",
    about: "GraphML, for graph tools",
    extension: ".graphml",
    format: GRAPHML_FORMAT,
    write: writeGraphml,
  },
  {
    ...DRAWN,
    name: "rv",
    about: "the protocol as a deterministic automaton, in the DOT dialect of Linux runtime verification",
    extension: ".dot",
    format: RV_FORMAT,
    nests: false,
    deterministic: true,
    write: writeRv,
  },
  {
    ...FOR_TOOLS,
    name: "json",
    about: "JSON (segmf-graph/1)",
    extension: ".json",
    format: GRAPH_FORMAT,
    write: writeGraphJson,
  },
];
