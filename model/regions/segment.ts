import { type Plan, when } from "../plan.js";
import { chart, per } from "../vocabulary.js";
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
  const isCreated = seg < created;
  return chart.createStateConfig({
    initial: "absent",
    states: {
      absent: {
        on: {
          "call.create": when(isCreated, { ...comes, ...per("3.create.live") }),
          "call.dup": when(seg > 0, { ...comes, ...per("3.dup.child") }),
        },
      },
      creating: {
        on: {
          "answer.addmap": [
            ...when(plan.faults.has("addmap"), {
              guard: "refused",
              target: "stillborn",
              ...per(isCreated ? "3.create.stillborn" : "3.dup.stillborn"),
            }),
            ...when(seg > 0, { guard: "childOfBound", target: "live.domid.bound", ...per("3.dup.child") }),
            { target: "live", ...per(isCreated ? "3.create.live" : "3.dup.child") },
          ],
        },
      },
      live: live(plan, seg),
      ...(plan.faults.has("addmap") ? { stillborn: stillborn(seg) } : {}),
      unmapping: {
        on: { freed: { guard: { type: "ofSegment", params: { seg } }, target: "gone", ...per("3.unmap.whole") } },
      },
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
    on: {
      "call.unmap": {
        guard: { type: "wholeUnmapped", params: { seg } },
        target: "unmapping",
        ...per("3.unmap.whole"),
      },
    },
  });
}

/** The first add that gets past its refusals binds the segment for good, also if it fails afterwards. */
function domid(seg: number) {
  return chart.createStateConfig({
    initial: "unbound",
    states: {
      unbound: {
        on: { clear: { guard: { type: "ofSegment", params: { seg } }, target: "bound", ...per("3.adds.binding") } },
      },
      bound: {},
    },
  });
}

function stillborn(seg: number) {
  return chart.createStateConfig({
    description: "VOP_ADDMAP failed: data attached, nothing mapped. Its caller frees it.",
    on: { "call.free": { guard: { type: "stillbornFreed", params: { seg } }, target: "gone", ...per("3.free") } },
  });
}

/** Does somebody wait to unmap in the segment's address space? They are woken whenever softlockcnt falls to 0. */
function waiters({ faults, numbers }: Plan, seg: number) {
  return chart.createStateConfig({
    initial: "none",
    states: {
      none: {
        on: {
          "call.*": {
            guard: { type: "somebodyWaits", params: { seg, ...numbers } },
            target: "waiting",
            ...per("3.wake"),
          },
        },
      },
      waiting: {
        on: {
          clear: { guard: { type: "lastSoftLocksGo", params: { seg } }, target: "none", ...per("3.wake") },
          "answer.update_va_mapping": when(faults.has("update_va_mapping"), {
            guard: { type: "lastSoftLocksGoBack", params: { seg } },
            target: "none",
            ...per("3.wake"),
          }),
          freed: { guard: { type: "ofSegment", params: { seg } }, target: "none", ...per("3.wake") },
        },
      },
    },
  });
}
