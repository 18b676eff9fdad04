import { instance, type Viz } from "@viz-js/viz";
import type { ReadGraph } from "../testkit.js";

/** For tests: what Graphviz itself, which @viz-js/viz has as WebAssembly, reads in a DOT file. */

interface DotJson {
  /** Subgraphs, which have lists of nodes, and nodes. */
  readonly objects?: readonly (Attributes & {
    readonly _gvid: number;
    readonly name: string;
    readonly nodes?: unknown;
  })[];
  readonly edges?: readonly (Attributes & { readonly tail: number; readonly head: number })[];
}

interface Attributes {
  readonly label?: string;
  readonly shape?: string;
  readonly style?: string;
}

export interface DrawnGraph extends ReadGraph {
  /** Labels of the nodes, with their line breaks. */
  readonly labels: readonly string[];
  readonly shapes: readonly string[];
}

export type DotReader = (text: string) => DrawnGraph;

/** A reader that throws what Graphviz says is wrong. */
export async function dotReader(): Promise<DotReader> {
  const graphviz = await instance();
  return (text) => readDot(graphviz, text);
}

/** Arrows with several lines are as many edges; nodes and arrows that show where to begin are none. */
function readDot(graphviz: Viz, text: string): DrawnGraph {
  const drawn = graphviz.render(text, { format: "dot_json", engine: "osage" });
  const errors = drawn.errors.filter(({ level }) => level === "error");
  if (drawn.status === "failure" || errors.length > 0) throw new Error(JSON.stringify(errors));
  const { objects = [], edges = [] }: DotJson = JSON.parse(drawn.output);
  const names = new Map(objects.map(({ _gvid, name }) => [_gvid, name]));
  const nameOf = (at: number) => names.get(at) ?? "";
  const nodes = objects.filter(({ name }) => !/^(?:cluster|start|__init)_|^%/.test(name));
  return {
    nodes: nodes.map(({ name }) => name),
    labels: nodes.map(({ label = "" }) => linesIn(label).join("\n")),
    shapes: nodes.map(({ shape = "" }) => shape),
    edges: edges
      .map(({ tail, head, label = "" }) => ({ from: nameOf(tail), to: nameOf(head), label }))
      .filter(({ from }) => !/^(?:start|__init)_/.test(from))
      .flatMap(({ label, ...edge }) => linesIn(label).map((line) => ({ ...edge, label: line }))),
  };
}

/** The lines that a label is drawn as. */
function linesIn(label: string): readonly string[] {
  const characters = label.replaceAll(/\\(.)/gs, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
  return characters.split("\n").map((line) => line.replaceAll("&amp;", "&"));
}
