import type { LiveGrant, LockName, PageTable, Parts, Pte } from "../driver.js";
import type { UnmapWait } from "./addressspace.js";
import type { Callers } from "./callers.js";
import type { Footprint } from "./footprint.js";
import type { DriverOps } from "./ops.js";
import type { KernelState, Segment } from "./state.js";
import { pteAddress } from "./xen.js";

/** What a key needs of the driver. */
export type KeyedOps = Pick<DriverOps, "view" | "privateKey" | "sharedKey">;

/**
 * The state as an exact canonical string: equal for two states if and only if they differ in nothing but the names of
 * grants (handles) and memory blocks, and in what is dead. Grants get their names in the order in which they appear in the
 * page tables, then in the driver's own records; those that appear in neither have no name and are kept as a sorted
 * multiset. How many handles and blocks there ever were is not in it.
 */
export function canonicalKey(state: KernelState, ops: KeyedOps): string {
  const names = new GrantNames(state.xen.grants);
  // The page tables come first, all of them: they give the grants their names.
  let key = "";
  for (const table of state.tables) key += `${tableKey(table, names)};`;
  state.segments.forEach((segment, seg) => {
    key += `${segmentKey(state, segment, seg)}:`;
    if (segment.life !== "freed" && ops.view(seg) !== null) key += sized(ops.privateKey(seg, names.rename));
    key += ";";
  });
  for (const wait of state.waits) key += waitKey(wait);
  key += `;${restKey(state, ops)};${state.mutexes.held.map(lockKey).join()};${names.key()}`;
  return state.panic === null ? key : `${key};${state.panic}`;
}

/**
 * The same taken apart; `null` where it does not come apart. A segment's grants have names among themselves: since none of
 * them is met anywhere else, equal parts are equal keys, and the reverse.
 */
export function canonicalParts(state: KernelState, ops: KeyedOps, footprint: Footprint): Parts | null {
  if (state.panic !== null || state.mutexes.held.length > 0) return null;
  const segments: string[] = [];
  for (let seg = 0; seg < state.segments.length; seg++) {
    const part = partKey(state, ops, footprint, seg);
    if (part === null) return null;
    segments.push(part);
  }
  return { segments, rest: `${segments.length};${restKey(state, ops)}` };
}

/** `null` if it takes more than what is the segment's own to say all of it. */
function partKey(state: KernelState, ops: KeyedOps, footprint: Footprint, seg: number): string | null {
  const segment = state.segments[seg];
  const table = state.tables[seg];
  const wait = state.waits[seg];
  if (segment === undefined || table === undefined || wait === undefined) return null;
  const own = state.xen.grants.filter((grant) => grant.seg === seg);
  const names = new GrantNames(own);
  let key = `${tableKey(table, names)};${segmentKey(state, segment, seg)};${waitKey(wait)};`;
  if (segment.life !== "freed") {
    const others = state.xen.grants.filter((grant) => grant.seg !== seg);
    let foreign = false;
    const rename = (handle: number): string => {
      if (others.some((grant) => grant.handle === handle)) foreign = true;
      return names.rename(handle);
    };
    footprint.begin();
    const recorded = ops.view(seg) !== null;
    if (recorded) key += sized(ops.privateKey(seg, rename));
    const touched = footprint.end();
    if (!recorded || foreign || touched === null || touched.some((other) => other !== seg)) return null;
  }
  return `${key}${names.key()}`;
}

/** What is nobody's. */
function restKey({ vnode, kmem }: KernelState, ops: KeyedOps): string {
  return `${vnode.holds},${vnode.mappedPages},${kmem.blocks.length},${sized(ops.sharedKey())}`;
}

function waitKey({ flag, asleep, signalled }: UnmapWait): string {
  return `${digit(flag)}${digit(asleep)}${digit(signalled)}`;
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

function grantKey({ seg, page, gref, domid, writable }: LiveGrant): string {
  // Segment and page say as much as the machine address of the PTE.
  return `${seg}.${page}.${gref}.${domid}${digit(writable)}`;
}

function tableKey({ ptes, locks, callerLocks }: PageTable, names: GrantNames): string {
  let key = "";
  for (const pte of ptes) key += `${pteKey(pte, names)},`;
  return `${key}${locks},${callerLocks}`;
}

function pteKey(pte: Pte | null, names: GrantNames): string {
  if (pte === null) return "";
  switch (pte.kind) {
    case "throwaway":
      return "t";
    case "foreign":
      return `f${pte.mfn.toString(36)}.${pte.domid}${digit(pte.writable)}`;
    case "grant":
      // What the grant is stands with the grant: a grant's PTE is cleared when it dies.
      return names.rename(pte.handle);
  }
}

function segmentKey({ mutexes }: KernelState, segment: Segment, seg: number): string {
  if (segment.life === "freed") return "freed";
  const lock = digit(mutexes.initialised.includes(seg));
  return `${segment.life},${segment.prot},${segment.maxprot},${lock},${callersKey(segment.callers, seg)}`;
}

/** For each page: is it registered, rightly or at which other address, and do callers hold its lock? */
function callersKey({ registered, locking }: Callers, seg: number): string {
  let key = "";
  registered.forEach((pte_ma, page) => {
    if (pte_ma === null) key += "-";
    else if (pte_ma === pteAddress(seg, page)) key += `=${digit(locking[page] === true)}`;
    else key += `~${pte_ma.toString(36)}.${digit(locking[page] === true)}`;
  });
  return key;
}

function lockKey({ lock, seg }: LockName): string {
  return seg === null ? lock : `${lock}${seg}`;
}

/** A string of any content so that it can be told where it ends. */
function sized(text: string): string {
  return `${text.length}:${text}`;
}

function digit(flag: boolean): string {
  return flag ? "1" : "0";
}
