import { type Plan, when } from "../plan.js";
import { chart } from "../vocabulary.js";
import { pageRegion } from "./page.js";

/** The region of one segment: its life, with its domid and its pages while it is live, and who waits for its address space. */
export function segmentRegion(plan: Plan, seg: number) {
  return chart.createStateConfig({
    type: "parallel",
    states: { life: life(plan, seg), ...(plan.faults.has("waiting") ? { waiters: waiters(plan, seg) } : {}) },
  });
}

function life(plan: Plan, seg: number) {
  const comes = { guard: { type: "comesToBe", params: { seg } }, target: "creating" } as const;
  const { created } = plan.numbers;
  return chart.createStateConfig({
    initial: "absent",
    states: {
      absent: { on: { "call.create": when(seg < created, comes), "call.dup": when(seg > 0, comes) } },
      creating: {
        on: {
          "answer.addmap": [
            ...when(plan.faults.has("addmap"), { guard: "refused", target: "stillborn" }),
            ...when(seg > 0, { guard: "childOfBound", target: "live.domid.bound" }),
            { target: "live" },
          ],
        },
      },
      live: live(plan, seg),
      ...(plan.faults.has("addmap") ? { stillborn: stillborn(seg) } : {}),
      unmapping: { on: { freed: { guard: { type: "ofSegment", params: { seg } }, target: "gone" } } },
      gone: { description: "Freed. Its number is not used again (D8)." },
    },
  });
}

function live(plan: Plan, seg: number) {
  const pages = Array.from(
    { length: plan.pages },
    (_, page) => [`page${page}`, pageRegion(plan, { seg, page })] as const,
  );
  return chart.createStateConfig({
    type: "parallel",
    description: "Mapped; takes calls.",
    states: { domid: domid(seg), ...Object.fromEntries(pages) },
    on: { "call.unmap": { guard: { type: "wholeUnmapped", params: { seg } }, target: "unmapping" } },
  });
}

/** The first add that gets past its refusals binds the segment for good, also if it fails afterwards. */
function domid(seg: number) {
  return chart.createStateConfig({
    initial: "unbound",
    states: {
      unbound: { on: { clear: { guard: { type: "ofSegment", params: { seg } }, target: "bound" } } },
      bound: {},
    },
  });
}

function stillborn(seg: number) {
  return chart.createStateConfig({
    description: "VOP_ADDMAP failed: data attached, nothing mapped. Its caller frees it.",
    on: { "call.free": { guard: { type: "stillbornFreed", params: { seg } }, target: "gone" } },
  });
}

/** Does somebody wait to unmap in the segment's address space? They are woken whenever softlockcnt falls to 0. */
function waiters({ faults, numbers }: Plan, seg: number) {
  return chart.createStateConfig({
    initial: "none",
    states: {
      none: {
        on: { "call.*": { guard: { type: "somebodyWaits", params: { seg, ...numbers } }, target: "waiting" } },
      },
      waiting: {
        on: {
          clear: { guard: { type: "lastSoftLocksGo", params: { seg } }, target: "none" },
          "answer.update_va_mapping": when(faults.has("update_va_mapping"), {
            guard: { type: "lastSoftLocksGoBack", params: { seg } },
            target: "none",
          }),
          freed: { guard: { type: "ofSegment", params: { seg } }, target: "none" },
        },
      },
    },
  });
}
