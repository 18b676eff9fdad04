/**
 * The vocabulary that every room shares, as types only: what may be called, what the kernel may answer, what can be
 * seen of a driver, and what a driver *is*. The TypeScript editions and a compiled `seg_mf.c` are the same to whoever
 * speaks it. Names follow the scenario format (`segmf-scenario/1`); the calls are those of contract section 2.
 */

/** A 64-bit machine word: a frame number, a machine address. */
export type Word = bigint;

/** Page protections as the letters `r`, `w`, `x` in that order, or `none`. */
export type Prot = "none" | "r" | "w" | "x" | "rw" | "rx" | "wx" | "rwx";

export type FaultType = "invalid" | "prot" | "softlock" | "softunlock";
export type AccessType = "read" | "write" | "exec" | "other";

/** The seg_ops slots that change nothing and answer from their arguments alone (`fault` has arguments of its own). */
export type PassiveOp =
  | "faulta"
  | "setprot"
  | "checkprot"
  | "kluster"
  | "sync"
  | "incore"
  | "lockop"
  | "getprot"
  | "getoffset"
  | "gettype"
  | "getvp"
  | "advise"
  | "dump"
  | "pagelock"
  | "setpagesize"
  | "getmemid"
  | "getpolicy"
  | "capable"
  | "inherit";

interface OnSegment {
  /** The segment's number: 0 for the first that came to be. */
  readonly seg: number;
  /** From this call until they are woken, somebody waits to unmap in the segment's address space. */
  readonly waiting?: boolean;
}

interface OnRange extends OnSegment {
  /** First page, counted from the segment's base. */
  readonly page: number;
  readonly count: number;
}

export interface CreateCall extends OnSegment {
  readonly call: "create";
  readonly prot: Prot;
  readonly maxprot: Prot;
}
export interface AddMfnsCall extends OnRange {
  readonly call: "add_mfns";
  /** First machine frame, below 2^52. */
  readonly mfn: number;
  readonly domid: number;
  /** The segment belongs to another driver for the length of this call. */
  readonly foreign?: boolean;
}
export interface AddGrefPteCall extends OnSegment {
  readonly call: "add_gref_pte";
  readonly page: number;
  /** The machine address given for the page's PTE. */
  readonly pte_ma: Word;
}
export interface AddGrefsCall extends OnSegment {
  readonly call: "add_grefs";
  readonly page: number;
  readonly grefs: readonly number[];
  readonly writable: boolean;
  readonly domid: number;
  readonly foreign?: boolean;
}
export interface ReleaseGrefsCall extends OnRange {
  readonly call: "release_grefs";
}
export interface DupCall extends OnSegment {
  readonly call: "dup";
  /** The number of the child, the next that comes to be. */
  readonly into: number;
}
export interface UnmapCall extends OnSegment {
  readonly call: "unmap";
  /** Bytes from the segment's base. */
  readonly addr: number;
  readonly len: number;
}
export interface FreeCall extends OnSegment {
  readonly call: "free";
}
export interface FaultCall extends OnRange {
  readonly call: "fault";
  readonly type: FaultType;
  readonly rw: AccessType;
}
export interface PassiveCall extends OnRange {
  readonly call: PassiveOp;
  /** `kluster` only, in pages. */
  readonly delta?: number;
  /** `setprot` and `checkprot` only. */
  readonly prot?: Prot;
}

/** One call of the driver by the kernel or by another driver (contract section 2). */
export type Call =
  | CreateCall
  | AddMfnsCall
  | AddGrefPteCall
  | AddGrefsCall
  | ReleaseGrefsCall
  | DupCall
  | UnmapCall
  | FreeCall
  | FaultCall
  | PassiveCall;

/** What the kernel asks its environment during a call. The answer is a number: 0 is success, else an errno or status. */
export type Question =
  | { readonly kind: "addmap"; readonly seg: number }
  | { readonly kind: "update_va_mapping"; readonly seg: number; readonly page: number }
  /** Does the hypercall as a whole succeed? Non-zero: nothing is done, no status written. `op` counts the call's hypercalls of that kind from 0. */
  | { readonly kind: "map_grant_ref"; readonly op: number; readonly count: number }
  /** Is this element mapped? Not asked of an element that the hypervisor refuses by itself (a bad address). */
  | { readonly kind: "map_grant_ref_status"; readonly op: number; readonly element: number }
  /** Asked during `release_grefs` only. */
  | { readonly kind: "unmap_grant_ref"; readonly op: number; readonly count: number }
  /** Is the element forced to fail? 0: the kernel works the status out. Asked during `release_grefs` only. */
  | { readonly kind: "unmap_grant_ref_status"; readonly op: number; readonly element: number };

export type QuestionKind = Question["kind"];

export interface Answered {
  readonly question: Question;
  readonly answer: number;
}

/** Where the kernel's answers come from: a script, an explorer that branches, or plain success. */
export interface AnswerSource {
  answer(question: Question): number;
}

export type RecordedValue = number | bigint | boolean | string | null | readonly RecordedElement[];
export interface RecordedElement {
  readonly [argument: string]: number | bigint | boolean | string | null;
}

/** One call of the driver into the kernel: the function, then its arguments and, where it has one, its result. */
export interface KernelCall {
  readonly fn: string;
  readonly [argument: string]: RecordedValue;
}

/** What the driver's own map says of a page. */
export type PageRecord =
  | { readonly type: "empty" }
  | { readonly type: "mfn"; readonly mfn: Word }
  | {
      readonly type: "gref";
      readonly gref: number;
      readonly writable: boolean;
      readonly mapped: boolean;
      readonly handle: number;
      /** The machine address that the grant is (to be) mapped at. */
      readonly pte_ma: Word;
    };

/** What the page table says of a page. `throwaway` is frame 0, read-only, not foreign. */
export type Pte =
  | { readonly kind: "throwaway" }
  | { readonly kind: "foreign"; readonly mfn: Word; readonly domid: number; readonly writable: boolean }
  | {
      readonly kind: "grant";
      readonly gref: number;
      readonly handle: number;
      readonly domid: number;
      readonly writable: boolean;
    };

/** A mutex by the name that recorded calls use: `segment`, `a_contents` (one a segment) or `freemem_lock`. */
export interface LockName {
  readonly lock: "segment" | "a_contents" | "freemem_lock";
  /** `null` for `freemem_lock`, of which there is one. */
  readonly seg: number | null;
}

/** The page table over one segment. It outlives the segment, so that residue can be seen. */
export interface PageTable {
  readonly ptes: readonly (Pte | null)[];
  /** The table's lock count; negative only on a release kernel. */
  readonly locks: number;
  /** How many of those locks callers hold: one for each page that they registered and have not given up. */
  readonly callerLocks: number;
}

/** A segment that has data attached: live or stillborn. */
export interface SegmentState {
  readonly stillborn: boolean;
  readonly prot: Prot;
  readonly maxprot: Prot;
  /** 0 while unset. */
  readonly domid: number;
  /** Read as a signed number. */
  readonly softlockcnt: number;
  readonly map: readonly PageRecord[];
  /** What callers registered: the `pte_ma` given for each page. Known to the kernel side, whatever the driver kept. */
  readonly registered: readonly (Word | null)[];
}

/** A grant that the hypervisor holds mapped. `seg` and `page` say whose PTE it was mapped into. */
export interface LiveGrant {
  readonly handle: number;
  readonly gref: number;
  readonly domid: number;
  readonly writable: boolean;
  readonly pte_ma: Word;
  readonly seg: number;
  readonly page: number;
}

/** All that can be seen of a driver and its kernel while no call is under way (or where a panic stopped one). */
export interface Observation {
  /** By segment number; `null` once freed. */
  readonly segments: readonly (SegmentState | null)[];
  /** By segment number, freed ones included. */
  readonly pageTables: readonly PageTable[];
  /** In order of handle. */
  readonly grants: readonly LiveGrant[];
  readonly vnode: { readonly holds: number; readonly mappedPages: number };
  /** Live kernel memory blocks. */
  readonly memory: { readonly blocks: number };
  /** By segment number: does somebody wait to unmap in its address space? */
  readonly waiting: readonly boolean[];
  readonly heldLocks: readonly LockName[];
}

/** What a segment looks like at the instant the driver enters the kernel. Unchanged parts keep their identity. */
export interface SegmentMoment {
  readonly seg: number;
  readonly domid: number;
  readonly softlockcnt: number;
  readonly map: readonly PageRecord[];
  readonly ptes: readonly (Pte | null)[];
}

/** An instant within a call: just before kernel call number `at` takes effect; the last one is the return. */
export interface Moment {
  readonly at: number;
  readonly segments: readonly SegmentMoment[];
  readonly held: readonly LockName[];
}

/** A returned value as scenario.md prints it: `null` for a call that returns nothing, a string only beyond 2^53. */
export type Returned = number | string | null;

/** What came of one call. Plain data. */
export interface Outcome {
  readonly ret: Returned;
  /** The kernel's reason if it panicked; the driver can't be called any further. */
  readonly panic: string | null;
  readonly calls: readonly KernelCall[];
  /** What was asked, and answered, in order. */
  readonly asked: readonly Answered[];
  /** Instants at which the invariants marked † are judged; the last is the return (or the panic). */
  readonly moments: readonly Moment[];
  /**
   * The numbers of the segments of whose state the driver, or the kernel and the callers on its behalf, read or wrote
   * anything during the call, in ascending order: its record, page table, address space and locks, registered PTEs, grants
   * mapped into it, and the driver's own memory for it. `null` where that can't be told. What is nobody's (`Parts.rest`)
   * does not count, and neither does what observers look at.
   */
  readonly touched: readonly number[] | null;
}

/** A state's canonical key taken apart (`Driver.parts`). Plain data. */
export interface Parts {
  /** By segment number, freed ones included: an exact canonical key of all that is the segment's. */
  readonly segments: readonly string[];
  /** An exact canonical key of all that is no segment's: counts, and static data of a C file. */
  readonly rest: string;
}

export type KernelKind = "debug" | "release";

/** The machine a driver runs on. */
export interface Machine {
  readonly kernel: KernelKind;
  /** Pages of every segment, 1 to 512. */
  readonly pages: number;
  /** SEGMF_MAX_GREFS: the most refs of one call. 16 in the field. */
  readonly maxGrefs: number;
}

declare const snapshotBrand: unique symbol;
/** Everything of a driver and its kernel at one moment, opaque; restorable any number of times, in any order. */
export interface Snapshot {
  readonly [snapshotBrand]: true;
}

/**
 * A driver on its strict kernel. Deterministic: the same snapshot, call and answers give the same outcome and state.
 * A new driver has no segment; `create` makes segment 0.
 */
export interface Driver {
  /** How reports name it: `corrected`, `illumos`, a set of errata, a file. */
  readonly name: string;
  readonly machine: Machine;
  /** Performs one call to its return or to a panic. Never throws for what the driver does. */
  perform(call: Call, answers: AnswerSource): Outcome;
  observe(): Observation;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
  /**
   * The state as an exact canonical key: equal for two states if and only if no sequence of calls can tell them apart
   * by more than names (grant handles, memory blocks). Holds what is live, not dead memory.
   */
  key(): string;
  /**
   * The same, taken apart: two states have equal parts if and only if their keys are equal. A call whose outcome touched
   * no other segment than s does the same, up to names, in every state that has the same part s and the same rest.
   * `null` where the state does not come apart: a record names a grant of another segment, two segments share memory,
   * a lock is held, a live segment has no record to read, or the kernel has panicked.
   */
  parts(): Parts | null;
}
