/**
 * Small deliberate faults of the corrected driver, for the checks' own sake: each breaks an invariant that no erratum of
 * the shipped driver breaks, or one clause of it that none does, so that the checks can be seen to find it. No driver in
 * the field has them.
 */
interface MutantShape {
  readonly id: string;
  /** The member of `Deviations` that the driver's code asks for: the id in camel case. */
  readonly switch: string;
  readonly title: string;
  /** The id of the invariant of contract section 5 that it is meant to break. */
  readonly breaks: string;
}

const LIST = [
  {
    id: "frames-do-not-advance",
    switch: "framesDoNotAdvance",
    title: "add_mfns maps the first frame into every page of its range",
    breaks: "success-exact",
  },
  {
    id: "grants-read-only",
    switch: "grantsReadOnly",
    title: "add_grefs maps read-only whatever the flags say",
    breaks: "success-exact",
  },
  {
    id: "refused-frame-given-back-twice",
    switch: "refusedFrameGivenBackTwice",
    title: "A refused frame takes two soft locks off softlockcnt",
    breaks: "softlock-nonnegative",
  },
  {
    id: "add-rebinds",
    switch: "addRebinds",
    title: "An add for another domain binds the segment to that one instead of being refused",
    breaks: "domid-once",
  },
  {
    id: "self-allowed",
    switch: "selfAllowed",
    title: "DOMID_SELF is a domain like any other",
    breaks: "domid-once",
  },
  {
    id: "failure-unbinds",
    switch: "failureUnbinds",
    title: "An add that the hypervisor refuses leaves the segment unbound",
    breaks: "domid-once",
  },
  {
    id: "callers-domain-mapped",
    switch: "callersDomainMapped",
    title: "An add to a bound segment is not refused, and maps from the domain that its caller names",
    breaks: "one-domain",
  },
  {
    id: "frames-writable",
    switch: "framesWritable",
    title: "Frames are mapped writable whatever the segment's protections say",
    breaks: "write-permission",
  },
  {
    id: "grants-writable",
    switch: "grantsWritable",
    title: "Grants are mapped writable whatever the flags say",
    breaks: "write-permission",
  },
  {
    id: "softlock-unguarded",
    switch: "softlockUnguarded",
    title: "softlockcnt changes without freemem_lock",
    breaks: "lock-discipline",
  },
  {
    id: "wake-under-freemem-lock",
    switch: "wakeUnderFreememLock",
    title: "Waiters are woken, and a_contents taken, before freemem_lock is let go",
    breaks: "lock-discipline",
  },
  {
    id: "lock-order-reversed",
    switch: "lockOrderReversed",
    title: "release_grefs takes freemem_lock before the segment's lock",
    breaks: "lock-discipline",
  },
  {
    id: "refusal-keeps-lock",
    switch: "refusalKeepsLock",
    title: "A refused add returns with the segment's lock held",
    breaks: "lock-discipline",
  },
  {
    id: "dup-without-hold",
    switch: "dupWithoutHold",
    title: "dup does not hold the vnode for the child",
    breaks: "vnode-balance",
  },
  {
    id: "unmap-without-delmap",
    switch: "unmapWithoutDelmap",
    title: "unmap does not uncount the segment's mapping",
    breaks: "vnode-balance",
  },
  {
    id: "free-keeps-map",
    switch: "freeKeepsMap",
    title: "free does not give back the memory of the page records",
    breaks: "no-residue",
  },
  {
    id: "unmap-keeps-frames",
    switch: "unmapKeepsFrames",
    title: "unmap drops the locks of frames and leaves their translations",
    breaks: "no-residue",
  },
  {
    id: "child-binds-parent",
    switch: "childBindsParent",
    title: "Binding a child binds the older segments of its family as well",
    breaks: "fork-isolation",
  },
  {
    id: "bound-never-unmaps",
    switch: "boundNeverUnmaps",
    title: "unmap of a bound segment fails with ENOTSUP",
    breaks: "freeable",
  },
] as const satisfies readonly MutantShape[];

export type MutantId = (typeof LIST)[number]["id"];
export type MutantSwitch = (typeof LIST)[number]["switch"];

export interface Mutant extends MutantShape {
  readonly id: MutantId;
  readonly switch: MutantSwitch;
}

/** All mutants; every one works alone on the corrected driver. */
export const MUTANTS: readonly Mutant[] = LIST;
