import type { KernelCall, PageRecord, Pte, RecordedElement, RecordedValue, Returned, Word } from "../../impl/driver.js";
import { RUN_FORMAT, type RunResult, type RunSegment, type RunStep } from "./run.js";

export type Printable =
  | null
  | boolean
  | number
  | string
  | readonly Printable[]
  | { readonly [member: string]: Printable };
export type Members = { readonly [member: string]: Printable };

/**
 * Writes a run as one line of JSON (`segmf-run/1`) without a line break at its end. Machine words (frames, machine
 * addresses) are `"0x…"` strings. The same run is the same text: members are in a fixed order, nothing is of the day.
 */
export function formatRun(run: RunResult): string {
  const members: Members = {
    format: RUN_FORMAT,
    driver: run.driver,
    kernel: run.kernel,
    steps: run.steps.map(stepMembers),
  };
  return JSON.stringify(members);
}

function stepMembers(step: RunStep): Members {
  return {
    ret: returned(step.ret),
    panic: step.panic,
    calls: step.calls.map(callMembers),
    segments: step.segments.map((segment) => (segment === null ? null : segmentMembers(segment))),
    violations: step.violations.map(({ invariant, detail }) => ({ invariant, detail })),
    ...(step.reference === false ? { reference: false } : {}),
  };
}

/** A returned value in JSON: a number that JSON readers would round is written as the 64-bit word it is. */
export function returned(ret: Returned): Printable {
  return typeof ret !== "number" || Number.isSafeInteger(ret) ? ret : hexadecimal(BigInt.asUintN(64, BigInt(ret)));
}

/** A kernel call in JSON. */
export function callMembers({ fn, ...args }: KernelCall): Members {
  return { fn, ...mapMembers(args, argument) };
}

function argument(value: RecordedValue): Printable {
  if (typeof value === "bigint") return hexadecimal(value);
  if (!isElements(value)) return value;
  return value.map((element) => mapMembers(element, scalar));
}

function scalar(value: RecordedElement[string]): Printable {
  return typeof value === "bigint" ? hexadecimal(value) : value;
}

function segmentMembers({ domid, softlockcnt, map, registered, ptes, locks }: RunSegment): Members {
  return {
    domid,
    softlockcnt,
    map: map.map(recordMembers),
    registered: registered.map((pte_ma) => (pte_ma === null ? null : hexadecimal(pte_ma))),
    ptes: ptes.map((pte) => (pte === null ? null : pteMembers(pte))),
    locks,
  };
}

function recordMembers(record: PageRecord): Members {
  switch (record.type) {
    case "empty":
      return { type: "empty" };
    case "mfn":
      return { type: "mfn", mfn: hexadecimal(record.mfn) };
    case "gref": {
      const { type, gref, writable, mapped, handle, pte_ma } = record;
      return { type, gref, writable, mapped, handle, pte_ma: hexadecimal(pte_ma) };
    }
  }
}

function pteMembers(pte: Pte): Members {
  switch (pte.kind) {
    case "throwaway":
      return { kind: "throwaway" };
    case "foreign":
      return { kind: "foreign", mfn: hexadecimal(pte.mfn), domid: pte.domid, writable: pte.writable };
    case "grant": {
      const { kind, gref, handle, domid, writable } = pte;
      return { kind, gref, handle, domid, writable };
    }
  }
}

function mapMembers<From, To>(
  members: { readonly [member: string]: From },
  change: (value: From) => To,
): { readonly [member: string]: To } {
  return Object.fromEntries(Object.entries(members).map(([member, value]) => [member, change(value)]));
}

/** `Array.isArray` alone does not narrow a read-only array. */
function isElements(value: RecordedValue): value is readonly RecordedElement[] {
  return Array.isArray(value);
}

function hexadecimal(value: Word): string {
  return `0x${value.toString(16)}`;
}
