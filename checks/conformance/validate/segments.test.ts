import test from "ava";
import fc from "fast-check";
import { getInitialSnapshot } from "xstate";
import type { Call, Returned } from "../../../impl/driver.js";
import { events } from "../../../model/alphabet.js";
import { awaiting } from "../../../model/awaiting.js";
import { compose } from "../../../model/compose.js";
import { answerEvent, callEvent, type SpecEvent } from "../../../model/events.js";
import { machineOf, type SegmentMachine, type SpecSnapshot, segmentMachine } from "../../../model/machine.js";
import { panicked, project, quiescent, registration } from "../../../model/projection.js";
import { returned } from "../../../model/returned.js";
import { defineScope, FAULT_CLASSES } from "../../../model/scope.js";
import type { SeenAnswers } from "../../../traces/log/log.js";
import { stateKey } from "../../engine/index.js";
import { transition } from "../../engine/testing/transition.js";
import { ANYTHING, contentOf, HOLDS_NOTHING, pageValue, registrationOf } from "./pages.js";
import { anyBoxes, type SegmentBox } from "./segments.js";
import { BoxStepper, type SeenCall } from "./step.js";
import { answerSeen } from "./testkit.js";

const FAULTS = new Set(FAULT_CLASSES.filter((fault) => fault !== "waiting"));
const PAGES = 2;

/** What boxes tell of segment 0, as a text: its life, its permissions, its domid if it is known to be one, its pages. */
function abstract(snapshot: SpecSnapshot): string {
  if (panicked(snapshot)) return "gone";
  const [segment] = project(snapshot).segments;
  if (!segment) return segment === null ? "gone" : "absent";
  if (segment.stillborn) return "stillborn";
  const content = { empty: "empty", mfn: "frame", gref: "grant" } as const;
  const values = segment.pages.map(({ type }, page) => pageValue(content[type], registration(snapshot, 0, page)));
  return `live ${segment.prot === "none" ? "none" : "some"} ${segment.domid} ${values.join()}`;
}

/** All states of a box. A domid that is not known is each of those given. */
function statesIn({ life, prot, domid, pages }: SegmentBox, domids: readonly number[]): readonly string[] {
  if (life !== "live") return [life];
  let values: readonly (readonly number[])[] = [[]];
  for (const mask of pages) {
    const here = Array.from({ length: 9 }, (_, value) => value).filter((value) => (mask & (1 << value)) !== 0);
    values = values.flatMap((before) => here.map((value) => [...before, value]));
  }
  const known = typeof domid === "number" ? [domid] : domids.filter((other) => !domid.not.includes(other));
  return known.flatMap((id) => values.map((each) => `live ${prot === "none" ? "none" : "some"} ${id} ${each.join()}`));
}

test("what a segment may be of which nothing was seen is exactly what the chart reaches", (t) => {
  const scope = defineScope({ pages: 1, domids: [7], alphabet: "wide", faults: FAULTS });
  const chart = machineOf(scope);
  const all = events(scope);
  const initial = getInitialSnapshot(chart);
  const reached = new Map([[stateKey(initial), initial]]);
  for (const snapshot of reached.values()) {
    if (panicked(snapshot)) continue;
    for (const event of all(snapshot)) {
      const [next] = transition(chart, snapshot, event);
      const key = stateKey(next);
      if (!reached.has(key)) reached.set(key, next);
    }
  }
  const states = new Set([...reached.values()].filter(quiescent).map(abstract));
  states.delete("absent");
  states.delete("gone");
  const possible = anyBoxes(1, true, 0).flatMap((box) => statesIn(box, [7]));
  t.deepEqual([...states].sort(), [...new Set(possible)].sort());
  t.is(possible.length, 8 + 3 + 3 + 1);
});

/** All that a call comes to from one state, by XState itself on the chart of all pages: what it returned, and the state. */
function concretelyOn(machine: SegmentMachine, state: string, call: Call, seen: SeenAnswers): readonly string[] {
  const found: string[] = [];
  const todo: { snapshot: SpecSnapshot; event: SpecEvent; frames: number }[] = [
    { snapshot: snapshotOf(machine, state), event: callEvent(call), frames: 0 },
  ];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [snapshot, actions] = transition(machine, next.snapshot, next.event);
    const end = returned(actions);
    if (end !== null) found.push(`${panicked(snapshot) ? "panic" : String(end.ret)} ${abstract(snapshot)}`);
    const wanted = awaiting(snapshot);
    if (end !== null || wanted === null) continue;
    const { frames } = next;
    const answer = answerSeen(wanted, seen, frames);
    for (const each of answer === undefined ? [0, -1] : [answer]) {
      todo.push({
        snapshot,
        event: answerEvent(wanted.kind, each),
        frames: frames + (wanted.kind === "update_va_mapping" ? 1 : 0),
      });
    }
  }
  return found;
}

function snapshotOf(machine: SegmentMachine, state: string): SpecSnapshot {
  const [, prot = "", domid = "", pages = ""] = state.split(" ");
  const holds = {
    empty: { type: "empty" },
    frame: { type: "mfn", mfn: 9n },
    grant: { type: "gref", gref: 9, writable: true },
  } as const;
  return compose(machine, 1, {
    stillborn: false,
    prot: prot === "none" ? "none" : "rw",
    maxprot: "rwx",
    domid: Number(domid),
    pages: pages.split(",").map((value) => ({
      holds: holds[contentOf(Number(value))],
      registration: registrationOf(Number(value)),
    })),
  });
}

const mask = (of: number) =>
  fc.subarray(
    Array.from({ length: 9 }, (_, value) => value).filter((value) => (of & (1 << value)) !== 0),
    {
      minLength: 1,
    },
  );
const maskOf = (of: number) => mask(of).map((values) => values.reduce((all, value) => all | (1 << value), 0));
const box: fc.Arbitrary<SegmentBox> = fc
  .record({ prot: fc.constantFrom("rw" as const, "none" as const, null), bound: fc.constantFrom(0, 7, null) })
  .chain(({ prot, bound }) => {
    const domid = prot === "none" ? 0 : bound === null ? { id: 0, not: [] } : bound;
    const pages = fc.array(maskOf(domid === 0 ? ANYTHING & HOLDS_NOTHING : ANYTHING), {
      minLength: PAGES,
      maxLength: PAGES,
    });
    return pages.map((masks) => ({ life: "live", prot, domid, pages: Uint16Array.from(masks) }));
  });
const range = { seg: fc.constant(0), page: fc.nat(2), count: fc.nat(2) };
const domid = fc.constantFrom(7, 7, 9, 0);
const grefs = fc.constantFrom<number[]>([], [1], [1], [1, 2]);
const call = fc.oneof<fc.Arbitrary<Call>[]>(
  fc.record({ call: fc.constant("add_mfns"), ...range, mfn: fc.constant(1), domid }),
  fc.record({ call: fc.constant("add_grefs"), seg: range.seg, page: range.page, grefs, writable: fc.boolean(), domid }),
  fc.record({ call: fc.constant("release_grefs"), ...range }),
  fc.record({
    call: fc.constant("add_gref_pte"),
    seg: range.seg,
    page: range.page,
    pte_ma: fc.constantFrom(0x9000n, 0x9008n, 1n),
  }),
  fc.record({
    call: fc.constant("unmap"),
    seg: range.seg,
    addr: fc.constantFrom(-4096, 0, 1, 4096),
    len: fc.constantFrom(0, 1, 4096, 8192, 12288),
  }),
  fc.constant({ call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" }),
);
const grantAnswers = fc.constantFrom(
  [],
  [{ rc: -1, status: [] }],
  [{ rc: 0, status: [-1] }],
  [{ rc: 0, status: [0, -1] }],
);
const seenAnswers: fc.Arbitrary<SeenAnswers> = fc.record(
  { update_va_mapping: fc.constantFrom([], [-1], [0, -1]), map_grant_ref: grantAnswers, unmap_grant_ref: grantAnswers },
  { requiredKeys: [] },
);

/** The same of all states of a box at once, as boxes. */
function boxwise(stepper: BoxStepper, box: SegmentBox, seen: Omit<SeenCall, "panicked">): ReadonlySet<string> {
  const found = new Set<string>();
  for (const panicked of seen.ret === undefined ? [false, true] : [false]) {
    for (const { ret, boxes } of stepper.step([box], 0, null, PAGES, { ...seen, panicked })) {
      const states = boxes.flatMap((after) => statesIn(after, [7, 9, 11]));
      for (const state of states) found.add(`${panicked ? "panic" : String(ret)} ${state}`);
    }
  }
  return found;
}

for (const maxGrefs of [1, 2]) {
  test(`a box comes to what all its states come to, at most ${maxGrefs} refs`, (t) => {
    const machine = segmentMachine({ pages: PAGES, forks: 0, maxGrefs, faults: FAULTS });
    const stepper = new BoxStepper({ maxGrefs, convention: true });
    let results = 0;
    fc.assert(
      fc.property(
        box,
        call,
        seenAnswers,
        fc.constantFrom<Returned | undefined>(undefined, 0, -1, 14, 22),
        (one, made, answers, ret) => {
          const expected = statesIn(one, [7, 9, 11])
            .flatMap((state) => concretelyOn(machine, state, made, answers))
            .filter((text) => ret === undefined || text.startsWith(`${ret} `));
          const found = boxwise(stepper, one, { call: made, ret, answers });
          results += found.size;
          t.deepEqual([...found].sort(), [...new Set(expected)].sort());
        },
      ),
      { numRuns: 60, seed: 7 },
    );
    t.true(results > 200, String(results));
    t.false(stepper.takeCut());
  });
}
