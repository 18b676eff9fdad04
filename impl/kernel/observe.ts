import type { Observation, SegmentState } from "../driver.js";
import type { View } from "./recorder.js";
import type { KernelState } from "./state.js";

/** All that can be seen of a driver and its kernel. Parts that did not change since an earlier one may be the same objects. */
export function observe(state: KernelState, view: View): Observation {
  return {
    segments: state.segments.map((_, seg) => segmentState(state, seg, view)),
    pageTables: state.tables,
    grants: state.xen.grants,
    vnode: state.vnode,
    memory: { blocks: state.kmem.blocks.length },
    waiting: state.waits.map((unmapWait) => unmapWait.asleep),
    heldLocks: state.mutexes.held,
  };
}

/** `null` once freed, and where a panic left a segment without data: before it had any, or after it was given back. */
function segmentState(state: KernelState, seg: number, view: View): SegmentState | null {
  const segment = state.segments[seg];
  if (segment === undefined || segment.life === "freed") return null;
  const seen = view(seg);
  if (seen === null) return null;
  return {
    stillborn: segment.life === "stillborn",
    prot: segment.prot,
    maxprot: segment.maxprot,
    domid: seen.domid,
    softlockcnt: seen.softlockcnt,
    map: seen.map,
    registered: segment.callers.registered,
  };
}
