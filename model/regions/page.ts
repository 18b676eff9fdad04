import type { PageId } from "../guards.js";
import { type Plan, when } from "../plan.js";
import { chart, per } from "../vocabulary.js";

/** The state in which no PTE of the page is registered, for guards to ask about. */
export function unregisteredId({ seg, page }: PageId): string {
  return `unregistered-${seg}-${page}`;
}

/** Xen's status for an element whose address is no registered PTE's. */
const BAD_VIRTUAL_ADDRESS = -5;

/** The region of one page of a live segment. */
export function pageRegion(plan: Plan, id: PageId) {
  return chart.createStateConfig({
    type: "parallel",
    states: { content: content(plan, id), registration: registration(plan, id) },
  });
}

/** What the page holds. Which frame, which grant: see the context. */
function content({ faults }: Plan, params: PageId) {
  const here = { type: "underWayHere", params } as const;
  const leaves = {
    clear: { guard: here, target: "empty", ...per("3.adds.teardown", "3.adds.all-or-nothing") },
  } as const;
  return chart.createStateConfig({
    initial: "empty",
    states: {
      empty: {
        on: {
          load: { guard: { type: "turnOf", params }, target: "faulting", ...per("3.adds.success") },
          "answer.map_grant_ref_status": [
            { guard: { type: "grantedReadonly", params }, target: "granted.readonly", ...per("3.adds.success") },
            { guard: { type: "grantedWritable", params }, target: "granted.writable", ...per("3.adds.success") },
          ],
        },
      },
      faulting: {
        description: "Soft-locked; its frame is not there yet.",
        on: {
          "answer.update_va_mapping": [
            ...when(faults.has("update_va_mapping"), {
              guard: "refused",
              target: "empty",
              ...per("3.adds.all-or-nothing"),
            }),
            { target: "frame", ...per("3.adds.success", "4.xen.frames") },
          ],
        },
      },
      frame: { description: "Soft-locked; maps a frame of the bound domain.", on: leaves },
      granted: {
        initial: "readonly",
        states: { readonly: {}, writable: {} },
        on: {
          ...leaves,
          "answer.unmap_grant_ref_status": {
            guard: { type: "answeredZero", params },
            target: "empty",
            ...per("3.release_grefs.granted"),
          },
        },
      },
    },
  });
}

/** What callers said of the page's PTE. It outlives whatever the page holds. */
function registration(plan: Plan, params: PageId) {
  const records = per("3.add_gref_pte.record");
  const rightly = { guard: { type: "registeredRightly", params }, target: "registered", ...records } as const;
  const wrongly = { guard: { type: "registeredWrongly", params }, target: "mistaken", ...records } as const;
  return chart.createStateConfig({
    initial: "none",
    states: {
      none: {
        id: unregisteredId(params),
        on: { "call.add_gref_pte": [rightly, ...when(plan.mistakes, wrongly)] },
      },
      registered: { on: { "call.add_gref_pte": when(plan.mistakes, wrongly) } },
      ...(plan.mistakes ? { mistaken: mistaken(plan, params) } : {}),
    },
  });
}

function mistaken({ mostMapped }: Plan, params: PageId) {
  const refuse = chart.raise({ type: "answer.map_grant_ref_status", status: BAD_VIRTUAL_ADDRESS } as const);
  return chart.createStateConfig({
    description: "Registered at an address that is not its PTE's: the hypervisor refuses its grants by itself (D4).",
    on: {
      "call.add_gref_pte": {
        guard: { type: "registeredRightly", params },
        target: "registered",
        ...per("3.add_gref_pte.record"),
      },
      "answer.map_grant_ref": { guard: { type: "answeredZero", params }, actions: refuse, ...per("4.xen.map") },
      "answer.map_grant_ref_status": when(mostMapped > 1 && params.page > 0, {
        guard: { type: "nextElement", params },
        actions: refuse,
        ...per("4.xen.map"),
      }),
    },
  });
}
