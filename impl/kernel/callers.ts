import type { PageTable, Word } from "../driver.js";
import { THROWAWAY, withPte } from "./hat.js";
import { PanicReason } from "./panic.js";

/**
 * What callers know of one segment (contract section 4, Callers): the PTEs that they registered, and the page-table locks
 * that they hold for it.
 */
export interface Callers {
  /** For each page the machine address that its registration gave, right or wrong. */
  readonly registered: readonly (Word | null)[];
  /** Do they hold a lock for the page? From its first registration until they are told of an unmap. */
  readonly locking: readonly boolean[];
}

export function noCallers(pages: number): Callers {
  return { registered: new Array<Word | null>(pages).fill(null), locking: new Array<boolean>(pages).fill(false) };
}

export interface CallersStep {
  readonly callers: Callers;
  readonly table: PageTable;
  readonly breach: PanicReason | null;
}

/**
 * What a caller does before it tells the driver where a page's PTE is: it takes a lock on the page table, once a page,
 * and sees to it that the PTE is valid.
 */
export function register(callers: Callers, table: PageTable, page: number, pte_ma: Word): CallersStep {
  let { registered, locking } = callers;
  if (registered[page] !== pte_ma) registered = registered.with(page, pte_ma);
  let after = table;
  if (locking[page] !== true) {
    locking = locking.with(page, true);
    after = { ptes: table.ptes, locks: table.locks + 1, callerLocks: table.callerLocks + 1 };
  }
  if (after.ptes[page] === null) after = withPte(after, page, THROWAWAY);
  const same = registered === callers.registered && locking === callers.locking;
  return { callers: same ? callers : { registered, locking }, table: after, breach: null };
}

/**
 * What callers do when the whole segment is about to be unmapped: they drop the locks that they hold, whatever the PTEs
 * are, and unload the throwaway PTEs of those pages. If the driver dropped their locks before, a DEBUG kernel panics and a
 * release kernel's count goes below 0, as with `hat_unload`.
 */
export function giveUp(callers: Callers, table: PageTable, debug: boolean): CallersStep {
  if (table.callerLocks === 0) return { callers, table, breach: null };
  if (debug && table.locks < table.callerLocks) return { callers, table, breach: PanicReason.callersNoLock };
  const ptes = table.ptes.map((pte, page) =>
    callers.locking[page] === true && pte?.kind === "throwaway" ? null : pte,
  );
  return {
    callers: { registered: callers.registered, locking: callers.locking.map(() => false) },
    table: { ptes, locks: table.locks - table.callerLocks, callerLocks: 0 },
    breach: null,
  };
}
