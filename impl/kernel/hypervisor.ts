import type { LiveGrant, PageTable, Pte, Question, RecordedElement, Word } from "../driver.js";
import { pageAt } from "./addressspace.js";
import { withPte } from "./hat.js";
import { segmentOf } from "./machineroom.js";
import type { MapElement, UnmapElement } from "./services.js";
import type { KernelState } from "./state.js";
import { withTables, withXen } from "./state.js";
import { findGrant, GNTST_bad_handle, GNTST_bad_virt_addr, mapGrant, pageOfPte, unmapGrant } from "./xen.js";

/**
 * The hypercalls (contract section 4, Xen): what each asks of the environment, and what it does to PTEs and grants. Each
 * takes the kernel's state and returns the next one with the hypercall's code.
 */
export interface Hypercall {
  /** The segment under call: what virtual addresses and registered PTEs refer to. */
  readonly seg: number;
  /** How many hypercalls of this kind came before it during the driver's call. */
  readonly op: number;
  ask(question: Question): number;
}

export interface HypercallResult {
  readonly state: KernelState;
  readonly rc: number;
}

/** What the hypervisor returns for an address that no page table covers. */
const NEGATIVE_EINVAL = -22;

/** Replaces the PTE at `addr` with a foreign mapping. An address outside the segment is refused without a question. */
export function updateVaMapping(
  state: KernelState,
  { seg, ask }: Hypercall,
  addr: number,
  pte: Extract<Pte, { kind: "foreign" }>,
): HypercallResult {
  const page = pageAt(addr);
  const table = state.tables[seg];
  if (table === undefined || page < 0 || page >= table.ptes.length) return { state, rc: NEGATIVE_EINVAL };
  const rc = ask({ kind: "update_va_mapping", seg, page });
  return rc === 0 ? { state: withTable(state, seg, withPte(table, page, pte)), rc } : { state, rc };
}

/** `map_grant_ref`: writes each element's status, and the handle of those that are mapped, unless it fails as a whole. */
export function mapGrantRefs(state: KernelState, call: Hypercall, elements: readonly MapElement[]): HypercallResult {
  const rc = call.ask({ kind: "map_grant_ref", op: call.op, count: elements.length });
  if (rc !== 0) return { state, rc };
  let after = state;
  elements.forEach((element, index) => {
    const page = registeredPage(after, call.seg, element.host_addr);
    if (page === null) {
      element.status = GNTST_bad_virt_addr;
      return;
    }
    element.status = call.ask({ kind: "map_grant_ref_status", op: call.op, element: index });
    if (element.status !== 0) return;
    element.handle = after.xen.nextHandle;
    after = mapInto(after, call.seg, page, element);
  });
  return { state: after, rc };
}

/** The page whose PTE is at this machine address, if callers registered it in the segment. */
function registeredPage(state: KernelState, seg: number, address: Word): number | null {
  const { registered } = segmentOf(state, seg).callers;
  const page = pageOfPte(seg, address, registered.length);
  return page === null || (registered[page] ?? null) === null ? null : page;
}

function mapInto(state: KernelState, seg: number, page: number, element: MapElement): KernelState {
  const table = state.tables[seg];
  if (table === undefined) return state;
  const { gref, domid, writable, handle, host_addr } = element;
  const grant: LiveGrant = { handle, gref, domid, writable, pte_ma: host_addr, seg, page };
  const pte: Pte = { kind: "grant", gref, handle, domid, writable };
  return withXen(withTable(state, seg, withPte(table, page, pte)), mapGrant(state.xen, grant));
}

/**
 * `unmap_grant_ref`. `fallible`: the environment may make it fail (during `release_grefs`), as a whole or by element;
 * otherwise the hypervisor unmaps what it is rightly asked to.
 */
export function unmapGrantRefs(
  state: KernelState,
  call: Hypercall,
  elements: readonly UnmapElement[],
  fallible: boolean,
): HypercallResult {
  const rc = fallible ? call.ask({ kind: "unmap_grant_ref", op: call.op, count: elements.length }) : 0;
  if (rc !== 0) return { state, rc };
  let after = state;
  elements.forEach((element, index) => {
    const forced = fallible ? call.ask({ kind: "unmap_grant_ref_status", op: call.op, element: index }) : 0;
    if (forced !== 0) {
      element.status = forced;
      return;
    }
    const grant = findGrant(after.xen, element.handle, element.host_addr);
    element.status = grant === undefined ? GNTST_bad_handle : 0;
    if (grant !== undefined) after = clear(after, grant);
  });
  return { state: after, rc };
}

/** Clears the PTE that the grant was mapped into, whatever is there now, and ends the grant. */
function clear(state: KernelState, grant: LiveGrant): KernelState {
  const xen = unmapGrant(state.xen, grant);
  const table = state.tables[grant.seg];
  if (table === undefined) return withXen(state, xen);
  return withXen(withTable(state, grant.seg, withPte(table, grant.page, null)), xen);
}

export function withTable(state: KernelState, seg: number, table: PageTable): KernelState {
  return state.tables[seg] === table ? state : withTables(state, state.tables.with(seg, table));
}

/** The elements as recorded calls show them: what was not written is `null`. */
export function recordMapped(elements: readonly MapElement[], rc: number): RecordedElement[] {
  return elements.map(({ host_addr, domid, gref, writable, status, handle }) => ({
    host_addr,
    domid,
    gref,
    writable,
    status: rc === 0 ? status : null,
    handle: rc === 0 && status === 0 ? handle : null,
  }));
}

export function recordUnmapped(elements: readonly UnmapElement[], rc: number): RecordedElement[] {
  return elements.map(({ host_addr, handle, status }) => ({ host_addr, handle, status: rc === 0 ? status : null }));
}
