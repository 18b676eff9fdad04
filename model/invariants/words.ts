import type { Call, LiveGrant, LockName, PageRecord, Pte, Word } from "../../impl/driver.js";

/** How details name things. All of them are one-line sentences in the style of `segmf-run/1`. */

export function hex(word: Word): string {
  return `0x${word.toString(16)}`;
}

export function callWords(call: Call): string {
  return `${call.call} of segment ${call.seg}`;
}

export function pageWords(seg: number, page: number): string {
  return `segment ${seg}, page ${page}`;
}

export function recordWords(record: PageRecord | undefined): string {
  if (record === undefined) return "no record";
  switch (record.type) {
    case "empty":
      return "EMPTY";
    case "mfn":
      return `MFN ${hex(record.mfn)}`;
    case "gref": {
      const access = record.writable ? "writable" : "read-only";
      return record.mapped
        ? `GREF ${record.gref} (${access}, handle ${record.handle})`
        : `GREF ${record.gref} (${access}, not mapped)`;
    }
  }
}

/** Completes "its PTE maps …". */
export function pteWords(pte: Pte | null | undefined): string {
  if (pte === null || pte === undefined) return "nothing";
  switch (pte.kind) {
    case "throwaway":
      return "the throwaway page";
    case "foreign":
      return `frame ${hex(pte.mfn)} of domain ${pte.domid}`;
    case "grant":
      return `grant ${pte.handle} (ref ${pte.gref} of domain ${pte.domid})`;
  }
}

/** As `pteWords`, with the access: for where two PTEs are compared. */
export function fullPteWords(pte: Pte | null | undefined): string {
  const words = pteWords(pte);
  if (pte === null || pte === undefined || pte.kind === "throwaway") return words;
  return `${words}, ${pte.writable ? "writable" : "read-only"}`;
}

export function grantWords(grant: Pick<LiveGrant, "handle" | "gref" | "domid">): string {
  return `grant ${grant.handle} (ref ${grant.gref} of domain ${grant.domid})`;
}

export function lockWords(lock: LockName): string {
  if (lock.seg === null) return lock.lock;
  return lock.lock === "segment" ? `the lock of segment ${lock.seg}` : `${lock.lock} of segment ${lock.seg}`;
}
