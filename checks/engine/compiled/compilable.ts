import { transitionsOf } from "../chart.js";
import type { Layout } from "./layout.js";
import { isInside } from "./layout.js";
import { Uncompilable } from "./uncompilable.js";

/**
 * Throws `Uncompilable` for what XState does to its list of active nodes in charts that can't be told by their state
 * value: a parallel node whose history node has no default target, left by way of that history node, drops out of the
 * list while its regions stay in it.
 */
export function assertCompilable(layout: Layout): void {
  for (const history of layout.historyNodes) {
    const { parent, state } = history;
    if (parent === null || parent.kind !== "parallel" || state.config.target !== undefined) continue;
    for (const node of layout.nodes) {
      if (node !== parent && !isInside(node, parent)) continue;
      if (transitionsOf(node.state).some(({ transition }) => transition.target?.includes(state) === true)) {
        throw new Uncompilable(state, `it has no default target, and '${node.state.id}' inside its parent goes to it.`);
      }
    }
  }
}
