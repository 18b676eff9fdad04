import type { Returned } from "../../impl/driver.js";
import type { Edge } from "./edge.js";

/** One thing after another that may come of an edge; a result is a way from the root. */
class Node {
  readonly #next = new Map<string | number | null | undefined, Node>();
  /** The result that ends here. */
  text: string | null = null;

  after(step: string | number | null | undefined): Node {
    let node = this.#next.get(step);
    if (node === undefined) {
      node = new Node();
      this.#next.set(step, node);
    }
    return node;
  }
}

/**
 * What comes of edges, as text: what they returned, the panic, what they broke, which kernel calls were made and answered how.
 * Results are few: each text is written once.
 */
export class Results {
  readonly #root = new Node();

  of(edge: Edge): string {
    const { outcome, breaches } = edge;
    let node = this.#root.after(outcome.ret).after(outcome.panic);
    if (breaches.length > 0) for (const { invariant } of breaches) node = node.after(invariant);
    for (const { fn, page, rc } of outcome.calls) {
      // What is none of these is no member of a call by that name.
      node = node
        .after(fn)
        .after(page as Returned | undefined)
        .after(rc as Returned | undefined);
    }
    node.text ??= resultOf(edge);
    return node.text;
  }
}

function resultOf({ outcome, breaches }: Edge): string {
  let text = `${outcome.ret} ${outcome.panic}`;
  for (const { invariant } of breaches) text += ` ${invariant}`;
  for (const { fn, page, rc } of outcome.calls) text += `;${fn},${page},${rc}`;
  return text;
}
