import type { LiveGrant, LockName, Pte } from "../driver.js";
import type { UnmapWait } from "./addressspace.js";
import type { Callers } from "./callers.js";
import type { KernelState, Segment } from "./state.js";
import { pteAddress } from "./xen.js";

/** How the pieces of a state are written in a key. */

export function grantKey({ seg, page, gref, domid, writable }: LiveGrant): string {
  // Segment and page say as much as the machine address of the PTE.
  return `${seg}.${page}.${gref}.${domid}${digit(writable)}`;
}

/** A grant's PTE says all of the grant: it is cleared when the grant dies. */
export function pteKey(pte: Pte | null): string {
  if (pte === null) return "";
  switch (pte.kind) {
    case "throwaway":
      return "t";
    case "foreign":
      return `f${pte.mfn.toString(36)}.${pte.domid}${digit(pte.writable)}`;
    case "grant":
      return `g${pte.gref}.${pte.domid}${digit(pte.writable)}`;
  }
}

export function segmentKey(segment: Segment, seg: number): string {
  if (segment.life === "freed") return "freed";
  return `${segment.life},${segment.prot},${segment.maxprot},${callersKey(segment.callers, seg)},`;
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

/** Is the segment's lock initialised? */
export function isLockThere({ mutexes, segments }: KernelState, seg: number): boolean {
  return segments[seg]?.life !== "freed" && mutexes.initialised.includes(seg);
}

export function waitKey({ flag, asleep, signalled }: UnmapWait): string {
  return `${digit(flag)}${digit(asleep)}${digit(signalled)}`;
}

export function lockKey({ lock, seg }: LockName): string {
  return seg === null ? lock : `${lock}${seg}`;
}

/** A string of any content so that it can be told where it ends. */
export function sized(text: string): string {
  return `${text.length}:${text}`;
}

export function digit(flag: boolean): string {
  return flag ? "1" : "0";
}
