import type { Prot } from "../impl/driver.js";
import { contextWith, type SegmentContext } from "./context.js";
import type { ExpectedPage } from "./expectation.js";
import type { SegmentMachine, SpecSnapshot } from "./machine.js";
import type { Registration } from "./projection.js";

/** A live or stillborn segment of the specification: all that its state says, but who waits for its address space. */
export interface ComposedSegment {
  readonly stillborn: boolean;
  readonly prot: Prot;
  readonly maxprot: Prot;
  /** 0 while unbound. */
  readonly domid: number;
  readonly pages: readonly { readonly holds: ExpectedPage; readonly registration: Registration }[];
}

/**
 * The quiescent state in which segment 0 is as said, and no other has come to be: what `project` takes apart, put together
 * without the calls that lead there. Whether any do is the caller's concern: a grant needs a registered page, and what holds
 * anything is bound.
 *
 * @param segments how many the machine has regions for
 */
export function compose(machine: SegmentMachine, segments: number, segment: ComposedSegment): SpecSnapshot {
  const absent = Array.from({ length: segments - 1 }, (_, n) => [`segment${n + 1}`, { life: "absent" }] as const);
  const { stillborn, prot, maxprot, domid, pages } = segment;
  const composed: SegmentContext = {
    stillborn,
    prot,
    maxprot,
    pages: pages.length,
    domid,
    frames: pages.map(({ holds }) => (holds.type === "mfn" ? Number(holds.mfn) : null)),
    grefs: pages.map(({ holds }) => (holds.type === "gref" ? holds.gref : null)),
  };
  return machine.resolveState({
    value: { running: { call: "idle", segment0: { life: lifeOf(segment) }, ...Object.fromEntries(absent) } },
    context: contextWith(segments, composed),
  });
}

function lifeOf({ stillborn, domid, pages }: ComposedSegment) {
  if (stillborn) return "stillborn";
  const regions = pages.map(
    ({ holds, registration }, page) => [`page${page}`, { content: contentOf(holds), registration }] as const,
  );
  return { live: { domid: domid === 0 ? "unbound" : "bound", ...Object.fromEntries(regions) } };
}

function contentOf(holds: ExpectedPage) {
  switch (holds.type) {
    case "empty":
      return "empty";
    case "mfn":
      return "frame";
    case "gref":
      return { granted: holds.writable ? "writable" : "readonly" };
  }
}
