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

/** Sees all that can be seen of a driver and its kernel. Parts that read the same as the last time are the same objects. */
export class Observer {
  readonly #view: View;
  /** What was seen last, or in the state that was restored since. */
  sights: Sights = [];
  #waits: KernelState["waits"] = [];
  #waiting: readonly boolean[] = [];

  constructor(view: View) {
    this.#view = view;
  }

  observe(state: KernelState): Observation {
    const segments: (SegmentState | null)[] = [];
    for (let seg = 0; seg < state.segments.length; seg++) segments.push(this.#segment(state, seg));
    if (state.waits !== this.#waits) {
      this.#waits = state.waits;
      this.#waiting = state.waits.map(({ asleep }) => asleep);
    }
    return {
      segments,
      pageTables: state.tables,
      grants: state.xen.grants,
      vnode: state.vnode,
      memory: { blocks: state.kmem.blocks.length },
      waiting: this.#waiting,
      heldLocks: state.mutexes.held,
    };
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
