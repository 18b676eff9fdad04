import type { LiveGrant, Parts } from "../driver.js";
import type { Footprint } from "./footprint.js";
import { digit, grantKey, isLockThere, lockKey, pteKey, segmentKey, sized, waitKey } from "./keywords.js";
import type { DriverOps } from "./ops.js";
import type { KnownParts } from "./parts.js";
import { PartWriter } from "./parts.js";
import type { KernelState } from "./state.js";

/** What a key needs of the driver. */
export type KeyedOps = Pick<DriverOps, "view" | "privateKey" | "sharedKey" | "stamp">;

/** What was found out of a state. */
export interface Reading {
  /** `null` if nothing was but parts of it. */
  readonly state: KernelState | null;
  readonly parts: Parts | null;
  readonly known: KnownParts;
}

/**
 * Says what a state is as exact canonical strings: equal for two states if and only if they differ in nothing but the names
 * of grants (handles) and memory blocks, and in what is dead. How many handles and blocks there ever were is not in it.
 */
export class Canon {
  readonly #ops: KeyedOps;
  readonly #parts: PartWriter;
  #state: KernelState | null = null;
  #stamp = 0;
  #last: Parts | null = null;

  constructor(ops: KeyedOps, footprint: Footprint) {
    this.#ops = ops;
    this.#parts = new PartWriter(ops, footprint);
  }

  /** What is known already, to be kept with a snapshot. */
  reading(state: KernelState): Reading {
    const { known } = this.#parts;
    return this.#isRead(state) ? { state, parts: this.#last, known } : { state: null, parts: null, known };
  }

  /** The driver is in a state again that is known so well. */
  recall({ state, parts, known }: Reading): void {
    this.#state = state;
    this.#stamp = this.#ops.stamp();
    this.#last = parts;
    this.#parts.known = known;
  }

  /** The whole: its parts, where it comes apart. */
  key(state: KernelState): string {
    const parts = this.parts(state);
    if (parts === null) return `!${wholeKey(state, this.#ops)}`;
    let key = parts.rest;
    for (const part of parts.segments) key += `;${sized(part)}`;
    return key;
  }

  /**
   * A segment's grants have names among themselves: since none of them is met anywhere else, equal parts are equal states.
   * `null` where it takes more than what is a segment's own to say all of it. The same object where it is known to be so.
   */
  parts(state: KernelState): Parts | null {
    if (!this.#isRead(state)) {
      this.#last = this.#partsOf(state);
      this.#state = state;
      this.#stamp = this.#ops.stamp();
    }
    return this.#last;
  }

  #isRead(state: KernelState): boolean {
    return this.#state !== null && this.#ops.stamp() === this.#stamp && saysSame(this.#state, state);
  }

  #partsOf(state: KernelState): Parts | null {
    if (state.panic !== null || state.mutexes.held.length > 0) return null;
    const segments: string[] = [];
    for (let seg = 0; seg < state.segments.length; seg++) {
      const part = this.#parts.part(state, seg);
      if (part === null) return null;
      segments.push(part);
    }
    return { segments, rest: `${segments.length};${restKey(state, this.#ops)}` };
  }
}

/** Is all that parts are made of the same? */
function saysSame(a: KernelState, b: KernelState): boolean {
  return (
    a === b ||
    (a.kmem === b.kmem &&
      a.tables === b.tables &&
      a.segments === b.segments &&
      a.waits === b.waits &&
      a.vnode === b.vnode &&
      a.xen === b.xen &&
      a.mutexes.initialised === b.mutexes.initialised &&
      a.mutexes.held === b.mutexes.held &&
      a.panic === b.panic)
  );
}

/**
 * A state that does not come apart. Grants get their names in the order in which they appear in the page tables, then in the
 * driver's own records; those that appear in neither have no name and are kept as a sorted multiset.
 */
function wholeKey(state: KernelState, ops: KeyedOps): string {
  const names = new GrantNames(state.xen.grants);
  // The page tables come first, all of them: they give the grants their names.
  let key = "";
  for (const { ptes, locks, callerLocks } of state.tables) {
    for (const pte of ptes) key += `${pte?.kind === "grant" ? names.rename(pte.handle) : pteKey(pte)},`;
    key += `${locks},${callerLocks};`;
  }
  state.segments.forEach((segment, seg) => {
    key += `${segmentKey(segment, seg)}${digit(isLockThere(state, seg))}:`;
    if (segment.life !== "freed" && ops.view(seg) !== null) key += sized(ops.privateKey(seg, names.rename));
    key += ";";
  });
  for (const wait of state.waits) key += waitKey(wait);
  key += `;${restKey(state, ops)};${state.mutexes.held.map(lockKey).join()};${names.key()}`;
  return state.panic === null ? key : `${key};${state.panic}`;
}

/** Gives live grants names in the order in which their handles are met. */
class GrantNames {
  readonly #grants: readonly LiveGrant[];
  readonly #named: LiveGrant[] = [];

  constructor(grants: readonly LiveGrant[]) {
    this.#grants = grants;
  }

  /** The canonical name of a handle; all handles that are not live have one name. */
  readonly rename = (handle: number): string => {
    const known = this.#named.findIndex((grant) => grant.handle === handle);
    if (known >= 0) return `h${known}`;
    const grant = this.#grants.find((live) => live.handle === handle);
    if (grant === undefined) return "dead";
    this.#named.push(grant);
    return `h${this.#named.length - 1}`;
  };

  /** Every live grant: those that have a name in the order of names, then the others. */
  key(): string {
    if (this.#grants.length === 0) return "";
    const others = this.#grants.filter((grant) => !this.#named.includes(grant)).map(grantKey);
    return `${this.#named.map(grantKey).join()}/${others.sort().join()}`;
  }
}

/** What is nobody's. */
function restKey({ vnode, kmem }: KernelState, ops: KeyedOps): string {
  return `${vnode.holds},${vnode.mappedPages},${kmem.blocks.length},${sized(ops.sharedKey())}`;
}
