import type {
  Call,
  KernelCall,
  LiveGrant,
  LockName,
  Machine,
  Moment,
  Observation,
  PageRecord,
  PageTable,
  Pte,
  SegmentState,
} from "../../impl/driver.js";
import { pteAddress } from "../constants.js";
import type { Expectation, ExpectedPage, ExpectedSegment, ExpectedState } from "../expectation.js";
import type { Judged } from "../judged.js";

/** What the tests of the invariants are built from: observations as a driver that is right would give them, and changes to them. */

export const MACHINE: Machine = { kernel: "debug", pages: 2, maxGrefs: 2 };
export const EMPTY: ExpectedPage = { type: "empty" };
/** The blocks of memory that the drivers imagined here have for each segment. */
const BLOCKS_EACH = 2;

export const SEGMENT_LOCK: LockName = { lock: "segment", seg: 0 };
export const FREEMEM_LOCK: LockName = { lock: "freemem_lock", seg: null };
export const A_CONTENTS: LockName = { lock: "a_contents", seg: 0 };

export function mfn(frame: number): ExpectedPage {
  return { type: "mfn", mfn: BigInt(frame) };
}

export function gref(ref: number, writable = false): ExpectedPage {
  return { type: "gref", gref: ref, writable };
}

/** A live segment, bound to domain 7 and `rw` unless told otherwise; its granted pages are registered. */
export function segment(pages: readonly ExpectedPage[], rest: Partial<ExpectedSegment> = {}): ExpectedSegment {
  const registered = pages.map(({ type }) => type === "gref");
  return { stillborn: false, prot: "rw", maxprot: "rwx", domid: 7, pages, registered, ...rest };
}

export function state(...segments: (ExpectedSegment | null)[]): ExpectedState {
  return { segments };
}

/** The observation of a driver that is as the specification says. Handles count up from 1 in the order of pages. */
export function observationOf(expected: ExpectedState): Observation {
  const grants: LiveGrant[] = [];
  const built = expected.segments.map((one, seg) => (one === null ? null : build(one, seg, grants)));
  const withData = built.filter((one) => one !== null);
  return {
    segments: built.map((one) => one?.segment ?? null),
    pageTables: built.map((one) => one?.table ?? emptyTable(expected)),
    grants,
    vnode: {
      holds: withData.length,
      mappedPages: withData.reduce((sum, { segment: { stillborn, map } }) => sum + (stillborn ? 0 : map.length), 0),
    },
    memory: { blocks: BLOCKS_EACH * withData.length },
    waiting: built.map(() => false),
    heldLocks: [],
  };
}

function emptyTable(expected: ExpectedState): PageTable {
  const pages = expected.segments.find((one) => one !== null)?.pages.length ?? MACHINE.pages;
  return { ptes: new Array<Pte | null>(pages).fill(null), locks: 0, callerLocks: 0 };
}

/** Builds one segment, and adds its grants to those of the hypervisor. */
function build(expected: ExpectedSegment, seg: number, grants: LiveGrant[]) {
  const { stillborn, prot, maxprot, domid } = expected;
  const map: PageRecord[] = [];
  const ptes: (Pte | null)[] = [];
  expected.pages.forEach((page, index) => {
    if (page.type === "empty") {
      map.push(page);
      ptes.push(expected.registered[index] === true ? { kind: "throwaway" } : null);
    } else if (page.type === "mfn") {
      map.push(page);
      ptes.push({ kind: "foreign", mfn: page.mfn, domid, writable: prot.includes("w") });
    } else {
      const handle = grants.length + 1;
      const pte_ma = pteAddress(seg, index);
      const what = { gref: page.gref, writable: page.writable, handle };
      map.push({ type: "gref", ...what, mapped: true, pte_ma });
      ptes.push({ kind: "grant", ...what, domid });
      grants.push({ ...what, domid, pte_ma, seg, page: index });
    }
  });
  const softlockcnt = expected.pages.filter(({ type }) => type === "mfn").length;
  const callerLocks = expected.registered.filter(Boolean).length;
  const registered = expected.registered.map((is, page) => (is ? pteAddress(seg, page) : null));
  return {
    segment: { stillborn, prot, maxprot, domid, softlockcnt, map, registered },
    table: { ptes, locks: softlockcnt + callerLocks, callerLocks },
  };
}

/** The observation with some of a segment's state replaced; `null` takes the segment away. */
export function withSegment(of: Observation, seg: number, change: Partial<SegmentState> | null): Observation {
  const was = of.segments[seg];
  if (!was) throw new Error(`the fixture has no segment ${seg}`);
  return { ...of, segments: of.segments.with(seg, change === null ? null : { ...was, ...change }) };
}

export function withRecord(of: Observation, seg: number, page: number, change: PageRecord): Observation {
  const map = of.segments[seg]?.map;
  if (!map) throw new Error(`the fixture has no segment ${seg}`);
  return withSegment(of, seg, { map: map.with(page, change) });
}

export function withTable(of: Observation, seg: number, change: Partial<PageTable>): Observation {
  const was = of.pageTables[seg];
  if (!was) throw new Error(`the fixture has no page table ${seg}`);
  return { ...of, pageTables: of.pageTables.with(seg, { ...was, ...change }) };
}

export function withPte(of: Observation, seg: number, page: number, pte: Pte | null): Observation {
  const ptes = of.pageTables[seg]?.ptes;
  if (!ptes) throw new Error(`the fixture has no page table ${seg}`);
  return withTable(of, seg, { ptes: ptes.with(page, pte) });
}

/** What an observation shows, as a moment of a call. `at` is the kernel call that is about to take effect. */
function momentOf(of: Observation, at: number, ...held: LockName[]): Moment {
  const segments = of.segments.flatMap((one, seg) => {
    const ptes = of.pageTables[seg]?.ptes;
    if (!one || !ptes) return [];
    const { domid, softlockcnt, map } = one;
    return [{ seg, domid, softlockcnt, map, ptes }];
  });
  return { at, segments, held };
}

/** An instant within a call: the kernel call that is entered, what the driver looks like, and the locks held. */
export type Step = readonly [call: KernelCall, seen: Observation, ...held: LockName[]];

export interface Told {
  readonly call: Call;
  readonly before: Observation;
  /** As before, unless told otherwise. */
  readonly after?: Observation;
  /** The specification: `null` where it is no reference. The expected state only matters to `specification`. */
  readonly expectation: Expectation | null;
  /** What the call returned; as expected, unless told otherwise. */
  readonly ret?: number | null;
  readonly panic?: string;
  /** The kernel calls. Moments are those of the calls, and the return. */
  readonly steps?: readonly Step[];
  readonly machine?: Machine;
}

/** A call to judge. */
export function judged(told: Told): Judged {
  const { call, before, expectation, after = before, panic = null, steps = [], machine = MACHINE } = told;
  const moments = steps.map(([, seen, ...held], at) => momentOf(seen, at, ...held));
  moments.push(momentOf(after, steps.length, ...after.heldLocks));
  return {
    call,
    before,
    after,
    outcome: {
      ret: told.ret === undefined ? (expectation?.ret ?? null) : told.ret,
      panic,
      calls: steps.map(([kernelCall]) => kernelCall),
      asked: [],
      moments,
      touched: null,
    },
    expectation,
    machine,
  };
}

/** A call that changes nothing and returns 0: for invariants that judge the state alone. */
export function resting(of: Observation, reference: ExpectedState | null = null): Judged {
  const expectation: Expectation | null = reference && { verdict: "succeeded", ret: 0, after: reference };
  return judged({ call: { call: "getprot", seg: 0, page: 0, count: 1 }, before: of, expectation, ret: 0 });
}
