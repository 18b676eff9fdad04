import type { Graph } from "../../../traces/graph/graph.js";
import { statechartDot } from "./dot.js";
import { escaped, type Html } from "./html.js";

/** Lays graphs out and draws them. */
export type Layout = (graph: Graph, title: string, prefix: string) => Html;

const FONT = { fontname: "Helvetica", fontsize: 12 } as const;

/** Graphviz as WebAssembly. It is large: it is loaded when it is asked for. */
export async function graphviz(): Promise<Layout> {
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  return (graph, title, prefix) => {
    const drawn = viz.renderString(statechartDot(graph), {
      format: "svg",
      graphAttributes: { ...FONT, bgcolor: "transparent", ranksep: 0.4, nodesep: 0.25 },
      nodeAttributes: { ...FONT, height: 0.3, margin: "0.12,0.04" },
      edgeAttributes: { ...FONT, fontsize: 10, arrowsize: 0.7 },
    });
    return inlined(drawn, title, prefix);
  };
}

/** The drawing as an element of a page: without what begins a file, its ids unlike those of other drawings, and with a name. */
function inlined(svg: string, title: string, prefix: string): Html {
  return svg
    .slice(svg.indexOf("<svg"))
    .replaceAll(/<!--.*?-->\n?/gs, "")
    .replaceAll(/<title>.*?<\/title>\n?/gs, "")
    .replaceAll(/ id="([^"]*)"/g, ` id="${prefix}-$1"`)
    .replace("<svg", `<svg role="img" aria-label="${escaped(title)}"`)
    .trim();
}
