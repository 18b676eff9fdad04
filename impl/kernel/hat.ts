import type { PageTable, Pte } from "../driver.js";
import type { PageRange } from "./addressspace.js";
import { PanicReason } from "./panic.js";

/**
 * The page table over one segment (contract section 4, HAT). Pure functions from table to table. A function that works
 * page by page may break a rule half way: the table is then as it was at that moment, and `breach` says which rule.
 */
export interface HatStep {
  readonly table: PageTable;
  readonly breach: PanicReason | null;
}

/** Frame 0, read-only, not foreign. */
export const THROWAWAY: Pte = { kind: "throwaway" };

export function emptyTable(pages: number): PageTable {
  return { ptes: new Array<Pte | null>(pages).fill(null), locks: 0, callerLocks: 0 };
}

/** The table with another PTE at `page`; what was there does not matter. */
export function withPte(table: PageTable, page: number, pte: Pte | null): PageTable {
  if (table.ptes[page] === pte) return table;
  const ptes = table.ptes.slice();
  ptes[page] = pte;
  return { ptes, locks: table.locks, callerLocks: table.callerLocks };
}

/**
 * `hat_devload` of the throwaway frame: page by page, with `lock` a lock is counted first, then the PTE is loaded. Any
 * valid PTE but a throwaway one is a different frame.
 */
export function devload(table: PageTable, range: PageRange, lock: boolean): HatStep {
  const edit = new Edit(table);
  for (let page = range.first; page < range.first + range.count; page++) {
    if (lock) edit.locks++;
    const pte = edit.at(page);
    if (pte !== null && pte.kind !== "throwaway") return edit.done(PanicReason.devloadRemap);
    edit.put(page, THROWAWAY);
  }
  return edit.done(null);
}

/** `hat_unlock`: drops a lock for each valid PTE in the range. */
export function unlock(table: PageTable, range: PageRange): HatStep {
  const edit = new Edit(table);
  for (let page = range.first; page < range.first + range.count; page++) {
    if (edit.at(page) === null) continue;
    if (edit.locks <= 0) return edit.done(PanicReason.unlockNoLock);
    edit.locks--;
  }
  return edit.done(null);
}

/**
 * `hat_unload`: invalidates the valid PTEs in the range; with `dropLocks` (UNLOCK) it first drops a lock for each. At 0 a
 * DEBUG kernel panics and a release kernel goes below.
 */
export function unload(table: PageTable, range: PageRange, dropLocks: boolean, debug: boolean): HatStep {
  const edit = new Edit(table);
  for (let page = range.first; page < range.first + range.count; page++) {
    if (edit.at(page) === null) continue;
    if (dropLocks) {
      if (debug && edit.locks <= 0) return edit.done(PanicReason.unloadNoLock);
      edit.locks--;
    }
    edit.put(page, null);
  }
  return edit.done(null);
}

/** A table being changed: copies the PTEs at the first change, and keeps the table's identity if nothing changes. */
class Edit {
  locks: number;
  readonly #table: PageTable;
  #copy: (Pte | null)[] | null = null;

  constructor(table: PageTable) {
    this.#table = table;
    this.locks = table.locks;
  }

  at(page: number): Pte | null {
    return (this.#copy ?? this.#table.ptes)[page] ?? null;
  }

  put(page: number, pte: Pte | null): void {
    if (this.at(page) === pte) return;
    this.#copy ??= this.#table.ptes.slice();
    this.#copy[page] = pte;
  }

  done(breach: PanicReason | null): HatStep {
    const { ptes, locks, callerLocks } = this.#table;
    if (this.#copy === null && this.locks === locks) return { table: this.#table, breach };
    return { table: { ptes: this.#copy ?? ptes, locks: this.locks, callerLocks }, breach };
  }
}
