import type { Prot, Word } from "../driver.js";
import { NOBODY_WAITS, wait } from "./addressspace.js";
import type { CallersStep } from "./callers.js";
import { giveUp, noCallers, register } from "./callers.js";
import { emptyTable } from "./hat.js";
import type { PanicReason } from "./panic.js";
import type { KernelState, Life, Segment } from "./state.js";
import { FREED, withSegments, withTables, withWaits } from "./state.js";

/**
 * What happens to the kernel's state around a driver's calls and is no call of the driver: segments come to be and go,
 * callers register PTEs and are told of an unmap, somebody begins to wait. Pure functions from state to state; a segment
 * number given to them must be one that is there.
 */

/** A new, empty segment in an address space of its own. Its number is that of the segments before it. */
export function addSegment(state: KernelState, pages: number, prot: Prot, maxprot: Prot): KernelState {
  const segment: Segment = { life: "making", prot, maxprot, data: null, callers: noCallers(pages) };
  return {
    ...state,
    segments: [...state.segments, segment],
    tables: [...state.tables, emptyTable(pages)],
    waits: [...state.waits, NOBODY_WAITS],
  };
}

export function segmentOf(state: KernelState, seg: number): Segment {
  return state.segments[seg] ?? FREED;
}

/** `create` or `dup` has returned. */
export function settle(state: KernelState, seg: number, life: Extract<Life, "live" | "stillborn">): KernelState {
  return withSegments(state, state.segments.with(seg, { ...segmentOf(state, seg), life }));
}

/** The segment is no more; its page table and address space stay to be looked at. */
export function forget(state: KernelState, seg: number): KernelState {
  return withSegments(state, state.segments.with(seg, FREED));
}

/** From now on until they are woken somebody waits to unmap in the segment's address space. */
export function beginToWait(state: KernelState, seg: number): KernelState {
  return withWaits(state, state.waits.with(seg, wait()));
}

/** A caller prepares to register the PTE of a page that is inside the segment. */
export function registerPte(state: KernelState, seg: number, page: number, pte_ma: Word): KernelState {
  return afterCallers(state, seg, (callers, table) => register(callers, table, page, pte_ma)).state;
}

/** Callers are told that the whole segment is about to be unmapped. */
export function tellOfUnmap(
  state: KernelState,
  seg: number,
  debug: boolean,
): { readonly state: KernelState; readonly breach: PanicReason | null } {
  return afterCallers(state, seg, (callers, table) => giveUp(callers, table, debug));
}

function afterCallers(
  state: KernelState,
  seg: number,
  step: (callers: Segment["callers"], table: KernelState["tables"][number]) => CallersStep,
): { readonly state: KernelState; readonly breach: PanicReason | null } {
  const segment = segmentOf(state, seg);
  const table = state.tables[seg];
  if (table === undefined) return { state, breach: null };
  const { callers, table: after, breach } = step(segment.callers, table);
  const segments = callers === segment.callers ? state.segments : state.segments.with(seg, { ...segment, callers });
  const tables = after === table ? state.tables : state.tables.with(seg, after);
  return { state: withTables(withSegments(state, segments), tables), breach };
}
