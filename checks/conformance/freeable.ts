import type { EdgeList } from "./edgelist.js";
import type { WorldGraph } from "./worldgraph.js";

/**
 * From how many states no path leads to every segment freed (invariant `freeable`). All states must have been expanded.
 * Goes through the states until nothing changes; first by the edges that change the rest alone, since it is those by
 * which segments end, and most states are settled by them.
 */
export function unfreeable(graph: WorldGraph): number {
  const free = new Uint8Array(graph.store.size);
  for (const endsOnly of [true, false]) {
    for (let changed = true; changed; ) {
      changed = false;
      for (let id = 0; id < free.length; id++) {
        if (free[id] === 1 || !isFreeable(graph, id, free, endsOnly)) continue;
        free[id] = 1;
        changed = true;
      }
    }
  }
  return free.reduce((count, settled) => count + 1 - settled, 0);
}

/** Whether no segment is alive in a state, or an edge leads from it to one that is known to be freeable. */
function isFreeable(graph: WorldGraph, id: number, free: Uint8Array, endsOnly: boolean): boolean {
  const segments = graph.look(id);
  let alive = false;
  for (let seg = 0; seg < segments; seg++) {
    const list = graph.list(seg);
    if (list === undefined) throw new Error(`state ${id} was not expanded`);
    if (leadsToFree(graph, list, seg, free, endsOnly)) return true;
    alive ||= list.alive;
  }
  return !alive;
}

function leadsToFree(graph: WorldGraph, list: EdgeList, seg: number, free: Uint8Array, endsOnly: boolean): boolean {
  const { targets } = list;
  const stride = graph.stride(list);
  const rest = graph.key[0];
  for (let at = 0; at < targets.length; at += stride) {
    // In both kinds of targets the rest comes second.
    if (endsOnly && targets[at + 1] === rest) continue;
    graph.aim(list, seg, at);
    if (free[graph.store.find(graph.target, 0)] === 1) return true;
  }
  return false;
}
