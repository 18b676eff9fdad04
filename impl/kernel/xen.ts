import type { LiveGrant, Word } from "../driver.js";

/**
 * The hypervisor's side of grants (contract section 4, Xen): which are mapped, and where. A grant stays mapped until it
 * is unmapped by its handle and address; what becomes of the PTE meanwhile does not matter to it.
 */
export interface Xen {
  /** In order of handle. */
  readonly grants: readonly LiveGrant[];
  readonly nextHandle: number;
}

/** Xen's public status values. */
export const GNTST_okay = 0;
export const GNTST_bad_handle = -4;
export const GNTST_bad_virt_addr = -5;

export const NO_GRANTS: Xen = { grants: [], nextHandle: 1 };

const FIRST_PTE = 0x9000;
const SEGMENT_STRIDE = 0x1000;
const PTE_BYTES = 8;

/** The machine address of a page's PTE. */
export function pteAddress(seg: number, page: number): Word {
  return BigInt(FIRST_PTE + SEGMENT_STRIDE * seg + PTE_BYTES * page);
}

/** The page of segment `seg` whose PTE is at this machine address; `null` if it is none of its `pages`. */
export function pageOfPte(seg: number, address: Word, pages: number): number | null {
  if (address < 0n || address > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  const page = (Number(address) - FIRST_PTE - SEGMENT_STRIDE * seg) / PTE_BYTES;
  return Number.isInteger(page) && page >= 0 && page < pages ? page : null;
}

/** Maps a grant under the handle `xen.nextHandle`. */
export function mapGrant(xen: Xen, grant: LiveGrant): Xen {
  return { grants: [...xen.grants, grant], nextHandle: xen.nextHandle + 1 };
}

/** The live grant of this handle, if it is mapped at this address. */
export function findGrant(xen: Xen, handle: number, address: Word): LiveGrant | undefined {
  for (const grant of xen.grants) {
    if (grant.handle === handle) return grant.pte_ma === address ? grant : undefined;
  }
  return undefined;
}

export function unmapGrant(xen: Xen, grant: LiveGrant): Xen {
  return { grants: xen.grants.filter((other) => other !== grant), nextHandle: xen.nextHandle };
}
