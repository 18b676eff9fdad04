import type { Returned } from "../../impl/driver.js";
import type { Edge } from "./edge.js";

/** One thing after another that may come of an edge; a result is a way from the root. */
class Node {
  readonly #fn: string | null;
  readonly #page: Told;
  readonly #rc: Told;
  /** What may come next, as a list by `other`: only few things ever do. */
  #first: Node | null = null;
  other: Node | null = null;
  /** The result that ends here. */
  text: string | null = null;

  constructor(fn: string | null, page: Told, rc: Told) {
    this.#fn = fn;
    this.#page = page;
    this.#rc = rc;
  }

  after(fn: string | null, page: Told, rc: Told): Node {
    let last: Node | null = null;
    for (let node = this.#first; node !== null; node = node.other) {
      if (node.#rc === rc && node.#page === page && node.#fn === fn) return node;
      last = node;
    }
    const next = new Node(fn, page, rc);
    if (last === null) this.#first = next;
    else last.other = next;
    return next;
  }
}

/** What is none of these is no member of a kernel call by that name. */
type Told = Returned | undefined;

/**
 * What comes of edges, as text: what they returned, the panic, what they broke, which kernel calls were made and answered how.
 * Results are few: each text is written once.
 */
export class Results {
  readonly #root = new Node(null, null, null);

  of(edge: Edge): string {
    const { outcome, breaches } = edge;
    let node = this.#root.after(outcome.panic, outcome.ret, breaches.length);
    if (breaches.length > 0) for (const { invariant } of breaches) node = node.after(invariant, null, null);
    for (const { fn, page, rc } of outcome.calls) node = node.after(fn, page as Told, rc as Told);
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
