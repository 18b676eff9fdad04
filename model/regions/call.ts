import { and, or, stateIn } from "xstate";
import type { ClauseId } from "../clauses.js";
import { EACCES, EFAULT, EINVAL, ENOTSUP } from "../constants.js";
import { isPassive, PASSIVE_OPS, passiveReturn } from "../passive.js";
import { type Plan, when } from "../plan.js";
import { chart, per, returns, returnsBy } from "../vocabulary.js";
import { unregisteredId } from "./page.js";

/**
 * The region of the call under way. At rest it takes calls; then it waits for one answer of the hypervisor after the other,
 * tells the pages what becomes of them, and ends the call with what it returns.
 */
export function callRegion(plan: Plan) {
  return chart.createStateConfig({
    initial: "idle",
    states: {
      idle: idle(plan),
      ...making(plan),
      ...adding(plan),
      ...releasing(plan),
      unmapping: {
        description: "Everything is unloaded, unlocked and unmapped, and the segment is freed.",
        entry: chart.raise({ type: "freed" }),
        on: {
          freed: {
            target: "idle",
            actions: ["forgetSegment", returns("succeeded", 0)],
            ...per("3.unmap.whole", "3.free"),
          },
        },
      },
    },
  });
}

/** No call is under way. Where several transitions stand for one call, the first that applies is taken. */
function idle(plan: Plan) {
  const { pages, maxGrefs, numbers, faults } = plan;
  const forgetAll = { type: "forgetAll", params: { segments: numbers.all, pages } } as const;
  const tooMany = { type: "tooMany", params: { maxGrefs } } as const;
  return chart.createStateConfig({
    id: "idle",
    description: "No call is under way.",
    on: {
      "call.create": {
        guard: { type: "callable", params: { created: numbers.created, all: numbers.all } },
        target: "creating",
        actions: "begin",
        ...per("3.create.live"),
      },
      "call.dup": when(numbers.all > 1, {
        guard: { type: "callable", params: numbers },
        target: "forking",
        actions: "begin",
        ...per("3.dup.child"),
      }),
      "call.free": when(faults.has("addmap"), {
        guard: { type: "callable", params: numbers },
        actions: ["forgetSegment", returns("succeeded", null)],
        ...per("3.free"),
      }),
      "call.add_mfns": [
        { guard: "foreign", actions: returns("refused", EINVAL), ...per("3.adds.refusals") },
        { guard: "reservedDomid", actions: returns("refused", EACCES), ...per("3.adds.refusals") },
        { guard: "noPermission", actions: returns("refused", EACCES), ...per("3.adds.refusals") },
        { guard: "leavesSegment", actions: returns("refused", EINVAL), ...per("3.adds.refusals") },
        { guard: "nothingToAdd", actions: returns("refused", 0), ...per("3.adds.refusals") },
        { guard: "boundElsewhere", actions: returns("refused", EINVAL), ...per("3.adds.refusals") },
        { guard: "live", target: "tearingDown", actions: "begin", ...per("3.adds.binding", "3.adds.teardown") },
      ],
      "call.add_gref_pte": [
        { guard: "outside", actions: returns("refused", null), ...per("3.add_gref_pte.outside") },
        { guard: "live", actions: returns("succeeded", null), ...per("3.add_gref_pte.record") },
      ],
      "call.add_grefs": [
        { guard: "foreign", actions: returns("refused", EINVAL), ...per("3.adds.refusals") },
        { guard: "reservedDomid", actions: returns("refused", EACCES), ...per("3.adds.refusals") },
        { guard: "noPermission", actions: returns("refused", EACCES), ...per("3.adds.refusals") },
        { guard: "leavesSegment", actions: returns("refused", EINVAL), ...per("3.adds.refusals") },
        ...when(plan.pages > maxGrefs, {
          guard: tooMany,
          actions: returns("refused", EFAULT),
          ...per("3.adds.refusals"),
        }),
        {
          description: "A page of the range has no registered PTE.",
          guard: or(unregistered(plan)),
          actions: returns("refused", EINVAL),
          ...per("3.adds.refusals"),
        },
        { guard: "nothingToAdd", actions: returns("refused", 0), ...per("3.adds.refusals") },
        { guard: "boundElsewhere", actions: returns("refused", EINVAL), ...per("3.adds.refusals") },
        { guard: "live", target: "tearingDown", actions: "begin", ...per("3.adds.binding", "3.adds.teardown") },
      ],
      "call.release_grefs": [
        ...when(plan.pages > maxGrefs, {
          guard: tooMany,
          actions: returns("refused", -1),
          ...per("3.release_grefs.limits"),
        }),
        { guard: "leavesSegment", actions: returns("refused", -1), ...per("3.release_grefs.limits") },
        { guard: "nothingGranted", actions: returns("succeeded", 0), ...per("3.release_grefs.granted") },
        { guard: "live", target: "releasing", actions: "begin", ...per("3.release_grefs.granted") },
      ],
      "call.unmap": [
        {
          guard: "badRange",
          target: "#panicked",
          actions: [forgetAll, returns("panics", null)],
          ...per("3.unmap.bad-range"),
        },
        { guard: "part", actions: returns("refused", ENOTSUP), ...per("3.unmap.part") },
        { guard: "live", target: "unmapping", actions: "begin", ...per("3.unmap.whole") },
      ],
      "call.fault": { guard: "live", actions: returns("refused", EFAULT), ...per("3.fault") },
      ...passiveCalls(),
    },
  });
}

/** For each page: it lies in the range of the add, and no PTE of it is registered. */
function unregistered({ pages, numbers }: Plan) {
  return Array.from({ length: numbers.all * pages }, (_, index) => {
    const id = { seg: Math.floor(index / pages), page: index % pages };
    return and([{ type: "inRange", params: id }, stateIn(`#${unregisteredId(id)}`)]);
  });
}

/** The seg_ops slots without effect. */
function passiveCalls() {
  const ends = returnsBy((event) => ({
    verdict: "succeeded",
    ret: "call" in event && isPassive(event.call) ? passiveReturn(event.call) : null,
  }));
  return Object.fromEntries(
    PASSIVE_OPS.map((op) => [`call.${op}`, { guard: "live", actions: ends, ...per("2.passive") } as const]),
  );
}

/** `create` and `dup`: VOP_ADDMAP decides. */
function making(plan: Plan) {
  return {
    creating: asking(plan, "3.create.live", "3.create.stillborn"),
    ...(plan.numbers.all > 1 ? { forking: asking(plan, "3.dup.child", "3.dup.stillborn") } : {}),
  };
}

function asking({ pages, faults }: Plan, live: ClauseId, stillborn: ClauseId) {
  return chart.createStateConfig({
    description: "The new segment has its data; VOP_ADDMAP is asked whether it may be mapped.",
    tags: "addmap",
    on: {
      "answer.addmap": [
        ...when(faults.has("addmap"), {
          guard: "refused",
          target: "idle",
          actions: [{ type: "leaveStillborn", params: { pages } }, failsWithItsErrno],
          ...per(stillborn),
        }),
        {
          target: "idle",
          actions: [{ type: "bringToLife", params: { pages } }, returns("succeeded", 0)],
          ...per(live),
        },
      ],
    },
  });
}

const failsWithItsErrno = returnsBy((event) => ({ verdict: "failed", ret: "rc" in event ? event.rc : null }));

/** `add_mfns` and `add_grefs`, past their refusals. */
function adding(plan: Plan) {
  return {
    tearingDown: chart.createStateConfig({
      description: "What the range held before is unloaded, unlocked and unmapped.",
      entry: chart.raise({ type: "clear" }),
      on: {
        clear: [
          { guard: "addsFrames", target: "faulting", actions: "clearRange", ...per("3.adds.teardown") },
          { target: "granting", actions: "clearRange", ...per("3.adds.teardown") },
        ],
      },
    }),
    faulting: faulting(plan),
    granting: granting(plan),
    ...(canRollBack(plan)
      ? {
          rollingBack: chart.createStateConfig({
            id: "rollingBack",
            description: "What was mapped of the range is unmapped again; every page of it ends empty.",
            entry: chart.raise({ type: "clear" }),
            on: {
              clear: {
                target: "idle",
                actions: ["rollBack", returns("failed", EFAULT)],
                ...per("3.adds.all-or-nothing"),
              },
            },
          }),
        }
      : {}),
  };
}

function canRefuseElements({ faults, mistakes }: Plan): boolean {
  return faults.has("map_grant_ref_status") || mistakes;
}

function canRollBack(plan: Plan): boolean {
  return plan.faults.has("update_va_mapping") || canRefuseElements(plan);
}

function faulting({ faults, pages }: Plan) {
  return chart.createStateConfig({
    description: "Page by page: it takes its soft lock, and the hypervisor is asked to map its frame.",
    tags: "update_va_mapping",
    entry: chart.raise({ type: "load" }),
    on: {
      "answer.update_va_mapping": [
        ...when(faults.has("update_va_mapping"), {
          guard: "refused",
          target: "rollingBack",
          ...per("3.adds.all-or-nothing"),
        }),
        ...when(pages > 1, {
          guard: "more",
          target: "faulting",
          reenter: true,
          actions: "fillPage",
          ...per("3.adds.all-or-nothing"),
        }),
        { target: "idle", actions: ["fillLastPage", returns("succeeded", 0)], ...per("3.adds.success") },
      ],
    },
  });
}

function granting(plan: Plan) {
  return chart.createStateConfig({
    description:
      "One hypercall for all elements, then the status of each; also those after a refused one are looked at.",
    initial: "hypercall",
    states: {
      hypercall: {
        tags: "map_grant_ref",
        on: {
          "answer.map_grant_ref": [
            ...when(plan.faults.has("map_grant_ref"), {
              guard: "refused",
              target: "#idle",
              actions: ["end", returns("failed", EFAULT)],
              ...per("3.adds.all-or-nothing"),
            }),
            { target: "elements", ...per("4.xen.map") },
          ],
        },
      },
      elements: {
        tags: "map_grant_ref_status",
        on: {
          "answer.map_grant_ref_status": [
            ...when(plan.mostMapped > 1, { guard: "more", actions: "noteElement", ...per("4.xen.map") }),
            ...when(canRefuseElements(plan), {
              guard: "someRefused",
              target: "#rollingBack",
              ...per("3.adds.all-or-nothing"),
            }),
            { target: "#idle", actions: ["noteLastElement", returns("succeeded", 0)], ...per("3.adds.success") },
          ],
        },
      },
    },
  });
}

/** `release_grefs` where there is something to release. */
function releasing({ faults, mostReleased }: Plan) {
  return {
    releasing: chart.createStateConfig({
      description:
        "One hypercall for all granted pages of the range, then the status of each; one that is refused stays granted.",
      initial: "hypercall",
      states: {
        hypercall: {
          tags: "unmap_grant_ref",
          on: {
            "answer.unmap_grant_ref": [
              ...when(faults.has("unmap_grant_ref"), {
                guard: "refused",
                target: "#idle",
                actions: ["end", returns("failed", -1)],
                ...per("3.release_grefs.failed"),
              }),
              { target: "elements", ...per("3.release_grefs.granted") },
            ],
          },
        },
        elements: {
          tags: "unmap_grant_ref_status",
          on: {
            "answer.unmap_grant_ref_status": [
              ...when(mostReleased > 1, { guard: "more", actions: "noteElement", ...per("3.release_grefs.granted") }),
              ...when(faults.has("unmap_grant_ref_status"), {
                guard: "someRefused",
                target: "#idle",
                actions: ["noteLastElement", returns("failed", -1)],
                ...per("3.release_grefs.failed"),
              }),
              {
                target: "#idle",
                actions: ["noteLastElement", returns("succeeded", 0)],
                ...per("3.release_grefs.granted"),
              },
            ],
          },
        },
      },
    }),
  };
}
