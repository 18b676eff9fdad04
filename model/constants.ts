import type { Word } from "../impl/driver.js";

/** The numbers that the contract names (sections 2 and 3, and scenario.md for `pte_ma` and MAP_SHARED). */

export const EACCES = 13;
export const EFAULT = 14;
export const EINVAL = 22;
export const ENOTSUP = 48;

/** The domain id by which a domain calls itself; no foreign domain. */
export const DOMID_SELF = 0x7ff0;
export const MAP_SHARED = 1;
export const PAGE_BYTES = 4096;

/** Where the PTE of a page really is, by the convention that scenarios follow. */
export function pteAddress(seg: number, page: number): Word {
  return BigInt(0x9000 + 0x1000 * seg + 8 * page);
}
