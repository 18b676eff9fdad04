import type { Observation, SegmentState } from "../driver.js";
import type { PrivateView } from "./ops.js";
import type { View } from "./recorder.js";
import type { KernelState, Segment } from "./state.js";

/** What a segment looked like, and what it was read from. */
interface Seen {
  readonly view: PrivateView;
  readonly segment: Segment;
  readonly state: SegmentState;
}

/** By segment number. Immutable, and true of any state: what it was read from says whether it can be used. */
export type Sights = readonly (Seen | undefined)[];

/**
 * Sees all that can be seen of a driver and its kernel. Parts that read the same as the last time are the same objects, and
 * so is the whole.
 */
export class Observer {
  readonly #view: View;
  /** What was seen last, or in the state that was restored since. */
  sights: Sights = [];
  last: Observation | null = null;
  readonly #waiting = new WeakMap<KernelState["waits"], readonly boolean[]>();

  constructor(view: View) {
    this.#view = view;
  }

  observe(state: KernelState): Observation {
    if (this.last === null || !this.#isSeen(this.last, state)) this.last = this.#seen(state);
    return this.last;
  }

  /** Does an observation say of the state what there is to say? */
  #isSeen(last: Observation, state: KernelState): boolean {
    if (
      last.pageTables !== state.tables ||
      last.grants !== state.xen.grants ||
      last.vnode !== state.vnode ||
      last.heldLocks !== state.mutexes.held ||
      last.memory.blocks !== state.kmem.blocks.length ||
      last.segments.length !== state.segments.length ||
      last.waiting !== this.#waitingIn(state)
    ) {
      return false;
    }
    for (let seg = 0; seg < state.segments.length; seg++) {
      if (last.segments[seg] !== this.#segment(state, seg)) return false;
    }
    return true;
  }

  #seen(state: KernelState): Observation {
    const segments: (SegmentState | null)[] = [];
    for (let seg = 0; seg < state.segments.length; seg++) segments.push(this.#segment(state, seg));
    return {
      segments,
      pageTables: state.tables,
      grants: state.xen.grants,
      vnode: state.vnode,
      memory: { blocks: state.kmem.blocks.length },
      waiting: this.#waitingIn(state),
      heldLocks: state.mutexes.held,
    };
  }

  #waitingIn({ waits }: KernelState): readonly boolean[] {
    let waiting = this.#waiting.get(waits);
    if (waiting === undefined) {
      waiting = waits.map(({ asleep }) => asleep);
      this.#waiting.set(waits, waiting);
    }
    return waiting;
  }

  /** `null` once freed, and where a panic left a segment without data: before it had any, or after it was given back. */
  #segment(state: KernelState, seg: number): SegmentState | null {
    const segment = state.segments[seg];
    if (segment === undefined || segment.life === "freed") return null;
    const view = this.#view(seg);
    if (view === null) return null;
    const seen = this.sights[seg];
    if (seen !== undefined && seen.view === view && seen.segment === segment) return seen.state;
    const { life, prot, maxprot, callers } = segment;
    const { domid, softlockcnt, map } = view;
    const stillborn = life === "stillborn";
    const now = { stillborn, prot, maxprot, domid, softlockcnt, map, registered: callers.registered };
    const sights = this.sights.slice();
    sights[seg] = { view, segment, state: now };
    this.sights = sights;
    return now;
  }
}
