import type { Graph } from "../../../traces/graph/graph.js";
import { identifierOf } from "../../../traces/trace/trace.js";
import { scopeText } from "../../report/scope.js";
import { counted, number } from "../../report/style.js";
import { type Block, heading, paragraph, type Section } from "../document.js";
import type { PageLife, SpaceShape } from "../results/space.js";

/** How large the state space is, and what it looks like. */
export function spaceSection(spaces: readonly SpaceShape[]): Section {
  return {
    id: "space",
    title: "The state space",
    summary: "How many states there are at which depth, how they branch, and what a page goes through.",
    blocks: [
      paragraph(
        "The specification by itself, in the scopes that segmf check explores by default. A transition is one event, a call or an answer, " +
          "taken in one state; states in the middle of a call are counted.",
      ),
      ...spaces.flatMap(spaceBlocks),
    ],
    parts: [],
  };
}

function spaceBlocks(shape: SpaceShape, at: number): readonly Block[] {
  const { scope, states, transitions, byDepth, branching, page } = shape;
  const blocks: readonly Block[] = [
    heading(`space-${at + 1}`, counted(states, "state")),
    paragraph(
      `${scopeText(scope).replace("\n", "; ")}: ${counted(states, "state")}, ${counted(transitions, "transition")}.`,
    ),
    {
      kind: "bars",
      caption: `States by depth, of ${number(states)}`,
      axes: ["steps from the start", "states"],
      bars: byDepth.map((value, depth) => ({ label: String(depth), value })),
    },
    {
      kind: "bars",
      caption: `States by how many transitions they have, of ${number(states)}`,
      axes: ["transitions", "states"],
      bars: classesOf(branching),
    },
  ];
  if (at > 0) return blocks;
  return [
    ...blocks,
    {
      kind: "bars",
      caption: `States by what the first page is in them, of ${number(states)}`,
      axes: ["the first page", "states"],
      bars: Object.entries(page.states).map(([label, value]) => ({ label, value })),
    },
    {
      kind: "graph",
      caption: "What a page goes through: the calls that change it, and by how many transitions",
      graph: lifeGraph(page),
    },
  ];
}

/** Up to two transitions a state waits for an answer; at rest there are dozens, which are counted in tens. */
function classesOf(branching: SpaceShape["branching"]): readonly { readonly label: string; readonly value: number }[] {
  const classes = new Map<string, number>();
  for (const { transitions, states } of branching) {
    const tens = Math.floor(transitions / 10) * 10;
    const label = transitions < 10 ? String(transitions) : `${tens} to ${tens + 9}`;
    classes.set(label, (classes.get(label) ?? 0) + states);
  }
  return [...classes].map(([label, value]) => ({ label, value }));
}

function lifeGraph({ states, changes }: PageLife): Graph {
  const names = Object.keys(states);
  return {
    kind: "statechart",
    title: "a page's life",
    nodes: names.map((label, at) => ({
      name: `${identifierOf(label)}_${at}`,
      label,
      initial: at === 0,
      final: label === "gone" || label === "panicked",
      open: false,
      parent: null,
    })),
    edges: changes.map(({ from, to, call, times }) => ({
      from: names.indexOf(from),
      to: names.indexOf(to),
      label: `${call} (${times})`,
    })),
  };
}
