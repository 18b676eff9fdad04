import test from "ava";
import type { Call, Outcome } from "../../impl/driver.js";
import { answerEvent, callEvent, type SpecEvent } from "../../model/events.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope } from "../../model/scope.js";
import { replayShortestPaths, replaySimplePaths } from "./paths.js";
import { replay } from "./replay.js";
import { Specification } from "./specification.js";
import { corrected, driverWith, KERNELS, machine, only, Twisted } from "./testing/drivers.js";
import { create, frames, grants, register, release, unmap } from "./testing/steps.js";

const specification = new Specification(sizeOf(defineScope()));

/** Calls, and numbers that answer what the call before them asks. */
type Told = Call | readonly [Parameters<typeof answerEvent>[0], number];

function path(...told: readonly Told[]): readonly SpecEvent[] {
  return told.map((event) => ("call" in event ? callEvent(event) : answerEvent(...event)));
}

const CREATED: readonly Told[] = [create(), ["addmap", 0]];
const FRAMES: readonly Told[] = [frames(0, 2), ["update_va_mapping", 0], ["update_va_mapping", -22]];
const GRANTS: readonly Told[] = [
  register(0),
  register(1),
  grants(0, 2),
  ["map_grant_ref", 0],
  ["map_grant_ref_status", 0],
  ["map_grant_ref_status", 0],
];

/** The corrected driver, whose outcome of one kind of call is tampered with. */
function tampered(call: Call["call"], change: (outcome: Outcome) => Outcome) {
  return new Twisted(driverWith([], machine(2)), {
    perform: (performed, answers, real) => {
      const outcome = real.perform(performed, answers);
      return performed.call === call ? change(outcome) : outcome;
    },
  });
}

test("a path that driver and chart go together is compared event by event", (t) => {
  const whole = path(...CREATED, ...FRAMES, ...GRANTS, release(0, 2), ["unmap_grant_ref", -22], unmap(2));
  t.deepEqual(replay(driverWith([], machine(2)), specification, whole), { compared: whole.length, mismatch: null });
});

test("a path may end in the middle of a call, which is then finished with success and compared as well", (t) => {
  const half = path(...CREATED, frames(0, 2), ["update_va_mapping", 0]);
  t.deepEqual(replay(driverWith([], machine(2)), specification, half), { compared: 4, mismatch: null });
  const broken = replay(driverWith(["mfn-redefine-no-teardown"], machine(2)), specification, [
    ...half,
    ...path(["update_va_mapping", 0], frames(1, 1)),
  ]);
  t.deepEqual(broken, {
    compared: 5,
    mismatch: "add_mfns: the chart waits for update_va_mapping of page 1, the driver ended the call",
  });
});

test("a driver that asks another question is a mismatch", (t) => {
  const other = tampered("add_mfns", (outcome) => ({
    ...outcome,
    asked: outcome.asked.map(({ answer }) => ({ question: { kind: "addmap", seg: 0 }, answer })),
  }));
  t.deepEqual(replay(other, specification, path(...CREATED, ...FRAMES)), {
    compared: 2,
    mismatch: "add_mfns: the chart waits for update_va_mapping of page 0, the driver asked addmap",
  });
});

test("a driver that asks about another page, element or number of elements is a mismatch", (t) => {
  const pages = tampered("add_mfns", (outcome) => ({ ...outcome, asked: outcome.asked.toReversed() }));
  t.is(
    replay(pages, specification, path(...CREATED, ...FRAMES)).mismatch,
    "add_mfns: the chart waits for update_va_mapping of page 0, the driver asked update_va_mapping of page 1",
  );
  const elements = tampered("add_grefs", ({ asked: [whole, first, second], ...outcome }) => ({
    ...outcome,
    asked: [whole, second, first].flatMap((answered) => answered ?? []),
  }));
  t.is(
    replay(elements, specification, path(...CREATED, ...GRANTS)).mismatch,
    "add_grefs: the chart waits for map_grant_ref_status of element 0, the driver asked map_grant_ref_status of element 1",
  );
  const counts = tampered("add_grefs", ({ asked: [, ...statuses], ...outcome }) => ({
    ...outcome,
    asked: [{ question: { kind: "map_grant_ref", op: 0, count: 1 }, answer: 0 }, ...statuses],
  }));
  t.is(
    replay(counts, specification, path(...CREATED, ...GRANTS)).mismatch,
    "add_grefs: the chart waits for map_grant_ref of 2, the driver asked map_grant_ref of 1",
  );
});

test("a driver that ends the call where the chart waits on is a mismatch", (t) => {
  const early = tampered("add_mfns", (outcome) => ({ ...outcome, asked: outcome.asked.slice(0, 1) }));
  t.deepEqual(replay(early, specification, path(...CREATED, ...FRAMES)), {
    compared: 2,
    mismatch: "add_mfns: the chart waits for update_va_mapping of page 1, the driver ended the call",
  });
});

test("a driver that goes on asking where the chart ends the call is a mismatch", (t) => {
  const asking = { question: { kind: "update_va_mapping", seg: 0, page: 0 }, answer: 0 } as const;
  const late = tampered("add_mfns", (outcome) => ({ ...outcome, asked: [...outcome.asked, asking] }));
  const whole = path(...CREATED, ...FRAMES, frames(0, 1));
  t.deepEqual(replay(late, specification, whole), {
    compared: 2,
    mismatch: "add_mfns: the chart ends the call, the driver asked update_va_mapping of page 0",
  });
  const unasked = tampered("fault", (outcome) => ({ ...outcome, asked: [asking] }));
  const fault: Call = { call: "fault", seg: 0, page: 0, count: 1, type: "prot", rw: "write" };
  t.is(
    replay(unasked, specification, path(...CREATED, fault)).mismatch,
    "fault: the chart ends the call, the driver asked update_va_mapping of page 0",
  );
});

test("an answer that the chart does not wait for is a mismatch of the path itself", (t) => {
  t.deepEqual(replay(driverWith([], machine(2)), specification, path(create(), ["update_va_mapping", 0])), {
    compared: 0,
    mismatch: "create: the chart waits for addmap, the path has answer.update_va_mapping",
  });
  t.is(
    replay(driverWith([], machine(2)), specification, path(...CREATED, register(0), ["addmap", 0])).mismatch,
    "add_gref_pte: the chart ends the call, the path has answer.addmap",
  );
});

test("an event that compares nothing is an error", (t) => {
  t.deepEqual(replay(driverWith([], machine(2)), specification, path(["addmap", 0], ...CREATED)), {
    compared: 2,
    mismatch: "1 events compared nothing",
  });
});

test("an invariant that a call of the path breaks is a mismatch", (t) => {
  const broken = path(...CREATED, ...FRAMES);
  t.deepEqual(replay(driverWith(["mfn-rollback-leaves-ptes"], machine(2)), specification, broken), {
    compared: 2,
    mismatch: "add_mfns: segment 0, page 0: its PTE maps frame 0x100 of domain 7 after a failed add of the page",
  });
});

const PATHS = [
  ["1 page", defineScope({ pages: 1, domids: [7] }), 31, 123],
  ["2 pages, nothing fails", defineScope({ domids: [7], faults: new Set() }), 192, 1382],
] as const;

for (const kernel of KERNELS) {
  for (const [what, scope, paths, steps] of PATHS) {
    test(`a shortest path to every state is replayed, n of n, on the ${kernel} kernel: ${what}`, async (t) => {
      const report = await replayShortestPaths(corrected, kernel, scope);
      t.like(report, { paths, replayed: paths, steps, mismatches: [] });
    });
  }
}

test("every simple path of a small chart is replayed, n of n", async (t) => {
  t.like(await replaySimplePaths(corrected, "release"), { paths: 432, replayed: 432, steps: 4732, mismatches: [] });
});

test("paths that part are counted and shown", async (t) => {
  const report = await replaySimplePaths(only("word-shared"), "debug");
  t.like(report, { paths: 432, replayed: 195, steps: 3147 });
  t.is(report.mismatches.length, 237);
  const [first] = report.mismatches;
  t.deepEqual(first?.path.slice(0, 5), [
    "call.create",
    "answer.addmap",
    "call.add_mfns",
    "answer.update_va_mapping",
    "call.add_gref_pte",
  ]);
  t.is(
    first?.detail,
    "add_gref_pte: segment 0, page 0: MFN 0x9000 of domain 7 in the map, but its PTE maps frame 0x100 of domain 7",
  );
});
