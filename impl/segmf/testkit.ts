import type { Call, Driver, KernelCall, KernelKind, Outcome, PageRecord, Prot, Pte, RecordedValue } from "../driver.js";
import { scripted } from "../kernel/answers.js";
import { PAGE_SIZE } from "../kernel/services.js";
import { CORRECTED, segmfDriver } from "./edition.js";
import type { ErratumId } from "./errata.js";
import type { MutantId } from "./mutants.js";

/** For the tests of this room: a driver on its kernel, short ways to call it, and its state as one line of text. */

export interface StageOptions {
  readonly errata?: Iterable<ErratumId>;
  readonly mutants?: Iterable<MutantId>;
  readonly kernel?: KernelKind;
  readonly pages?: number;
  readonly maxGrefs?: number;
}

/** A call and the answers to what the kernel asks during it, in order; success where they run out. */
export type Step = readonly [call: Call, ...answers: number[]];

export class Stage {
  readonly driver: Driver;

  constructor(options: StageOptions = {}) {
    const { errata = CORRECTED, mutants = [], kernel = "debug", pages = 4, maxGrefs = 16 } = options;
    const machine = { kernel, pages, maxGrefs };
    this.driver = segmfDriver({ machine, errata: new Set(errata), mutants: new Set(mutants) });
  }

  do(call: Call, ...answers: number[]): Outcome {
    return this.driver.perform(call, scripted(answers));
  }

  /** Performs the steps and returns the outcome of the last. */
  play(...steps: readonly Step[]): Outcome {
    const outcomes = steps.map(([call, ...answers]) => this.do(call, ...answers));
    const last = outcomes.at(-1);
    if (last === undefined) throw new Error("a play has at least one step");
    return last;
  }

  /** `domid softlockcnt | map | page table | locks`, or `freed`, of a segment. */
  text(seg = 0): string {
    const { segments, pageTables } = this.driver.observe();
    const segment = segments[seg];
    const table = pageTables[seg];
    if (table === undefined) return "none";
    const below = `${table.ptes.map(pteText).join(" ")} | ${table.locks}`;
    if (segment === undefined || segment === null) return `freed | ${below}`;
    const life = segment.stillborn ? "stillborn " : "";
    return `${life}${segment.domid} ${segment.softlockcnt} | ${segment.map.map(recordText).join(" ")} | ${below}`;
  }

  /** The live grants by handle: `handle:ref@seg.page`. */
  grants(): string {
    return this.driver
      .observe()
      .grants.map(({ handle, gref, seg, page }) => `${handle}:${gref}@${seg}.${page}`)
      .join(" ");
  }
}

/** What came of a call: its value, or the panic. */
export function verdict({ ret, panic }: Outcome): string {
  return panic === null ? `${ret}` : panic;
}

/** The recorded kernel calls, one line each: the function and its arguments. */
export function callTexts({ calls }: Outcome): string[] {
  return calls.map(callText);
}

function callText({ fn, ...args }: KernelCall): string {
  return [fn, ...Object.values(args).map(valueText)].join(" ");
}

function valueText(value: RecordedValue): string {
  if (typeof value === "bigint") return value.toString(16);
  if (value === null || typeof value !== "object") return `${value}`;
  return `[${value.map((element) => Object.values(element).map(valueText).join(" ")).join(", ")}]`;
}

function recordText(record: PageRecord): string {
  if (record.type === "empty") return ".";
  if (record.type === "mfn") return `m${record.mfn.toString(16)}`;
  const { gref, writable, mapped, handle, pte_ma } = record;
  return `g${gref}${writable ? "w" : "r"}${mapped ? `#${handle}` : "?"}@${pte_ma.toString(16)}`;
}

function pteText(pte: Pte | null): string {
  if (pte === null) return ".";
  if (pte.kind === "throwaway") return "t";
  const mode = `${pte.domid}${pte.writable ? "w" : "r"}`;
  return pte.kind === "foreign" ? `f${pte.mfn.toString(16)}.${mode}` : `g${pte.gref}#${pte.handle}.${mode}`;
}

// Calls. The domain is 7 and the segment 0 unless something else is said.

export function create(prot: Prot = "rw", seg = 0): Call {
  return { call: "create", seg, prot, maxprot: "rwx" };
}

export function frames(page: number, count: number, more: { mfn?: number; domid?: number; seg?: number } = {}): Call {
  return { call: "add_mfns", seg: 0, page, count, mfn: 0x100 + page, domid: 7, ...more };
}

/** At the page's true PTE, or at another address. */
export function register(page: number, pte_ma?: bigint, seg = 0): Call {
  return { call: "add_gref_pte", seg, page, pte_ma: pte_ma ?? BigInt(0x9000 + 0x1000 * seg + 8 * page) };
}

export function grants(
  page: number,
  grefs: readonly number[],
  more: { writable?: boolean; domid?: number; seg?: number } = {},
): Call {
  return { call: "add_grefs", seg: 0, page, grefs, writable: false, domid: 7, ...more };
}

export function release(page: number, count: number, seg = 0): Call {
  return { call: "release_grefs", seg, page, count };
}

export function dup(into = 1): Call {
  return { call: "dup", seg: 0, into };
}

/** Of the whole segment, or of some pages. */
export function unmap(pages: number, seg = 0, page = 0): Call {
  return { call: "unmap", seg, addr: page * PAGE_SIZE, len: pages * PAGE_SIZE };
}

/** The same call with somebody waiting for the address space. */
export function waiting<C extends Call>(call: C): C {
  return { ...call, waiting: true };
}
