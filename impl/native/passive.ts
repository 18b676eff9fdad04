import type { PassiveCall, PassiveOp, Returned } from "../driver.js";
import { decodeFault } from "../kernel/faultcode.js";
import { PAGE_SIZE, SEGMENT_BASE } from "../kernel/services.js";
import type { WasmWord } from "./exports.js";
import { protBits } from "./words.js";

/** How a seg_ops slot is called: its arguments after the segment, the bytes that its last pointer points to, its result. */
export interface PassiveShape {
  /** `pointer` is the address of `buffer` bytes, where there are any. */
  arguments(call: PassiveCall, addr: number, len: number, pointer: number): readonly number[];
  buffer?(call: PassiveCall): number;
  result?(word: WasmWord | undefined): Returned;
}

const UINT_BYTES = 4;
const POINTER_BYTES = 4;
const MEMID_BYTES = 16;

const nothing = (): Returned => null;
const unsigned = (word: WasmWord | undefined): Returned => (typeof word === "number" ? word >>> 0 : signed(word));

/** A number if it can be one exactly; a hexadecimal string beyond 2^53; `null` for no result. */
export function signed(word: WasmWord | undefined): Returned {
  if (word === undefined) return null;
  const number = Number(word);
  return Number.isSafeInteger(number) ? number : `0x${BigInt.asUintN(64, BigInt(word)).toString(16)}`;
}

/**
 * The slots that change nothing (scenario.md): all get the page's address, most the length; flags, operations and advice
 * are 0, and pointers that the slot does not write through are NULL.
 */
export const PASSIVE: Readonly<Record<PassiveOp, PassiveShape>> = {
  faulta: { arguments: (_, addr) => [addr], result: (word) => decodeFault(Number(word)) },
  setprot: { arguments: (call, addr, len) => [addr, len, protBits(call.prot ?? "none")] },
  checkprot: { arguments: (call, addr, len) => [addr, len, protBits(call.prot ?? "none")] },
  kluster: { arguments: (call, addr) => [addr, ((call.delta ?? 0) * PAGE_SIZE) | 0] },
  sync: { arguments: (_, addr, len) => [addr, len, 0, 0] },
  incore: {
    arguments: (_, addr, len, vector) => [addr, len, vector],
    buffer: ({ count }) => count,
    result: unsigned,
  },
  lockop: { arguments: (_, addr, len) => [addr, len, 0, 0, 0, 0] },
  getprot: {
    arguments: (_, addr, len, prots) => [addr, len, prots],
    buffer: ({ count }) => (count + 1) * UINT_BYTES,
  },
  getoffset: { arguments: (_, addr) => [addr] },
  gettype: { arguments: (_, addr) => [addr] },
  getvp: { arguments: (_, addr, __, vpp) => [addr, vpp], buffer: () => POINTER_BYTES },
  advise: { arguments: (_, addr, len) => [addr, len, 0] },
  dump: { arguments: () => [], result: nothing },
  pagelock: { arguments: (_, addr, len) => [addr, len, 0, 0, 0] },
  setpagesize: { arguments: (_, addr, len) => [addr, len, 0] },
  getmemid: { arguments: (_, addr, __, id) => [addr, id], buffer: () => MEMID_BYTES },
  getpolicy: { arguments: (_, addr) => [addr], result: (word) => (word === 0 ? null : unsigned(word)) },
  capable: { arguments: () => [0] },
  inherit: { arguments: (_, addr, len) => [addr, len, 0] },
};

/** The address of a call's first page, and the length of its pages in bytes. */
export function rangeOf({ page, count }: PassiveCall): { readonly addr: number; readonly len: number } {
  return { addr: SEGMENT_BASE + page * PAGE_SIZE, len: count * PAGE_SIZE };
}
