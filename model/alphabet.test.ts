import test from "ava";
import { initialTransition } from "xstate";
import { transition } from "../checks/engine/testing/transition.js";
import type { Call, QuestionKind } from "../impl/driver.js";
import { answers, awaiting, calls, events } from "./alphabet.js";
import { segmentOf } from "./context.js";
import { callEvent, type SpecEvent } from "./events.js";
import { machineOf, type SegmentMachine, type SpecSnapshot } from "./machine.js";
import { quiescent, waiting } from "./projection.js";
import { ALL_FAULTS, defineScope, FAULT_CLASSES, foreignDomids, type Scope } from "./scope.js";
import { Play, register, unmap } from "./testkit.js";

const create: Call = { call: "create", seg: 0, prot: "rw", maxprot: "rwx" };
const big = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}` : value);
const key = ({ value, context }: SpecSnapshot) => JSON.stringify([value, context]);

function step(machine: SegmentMachine, snapshot: SpecSnapshot, event: SpecEvent): SpecSnapshot {
  return transition(machine, snapshot, event)[0];
}

/** `npm run test:deep` goes through larger scopes as well. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";
const SMALL: Partial<Scope> = IS_DEEP ? {} : { pages: 1 };

/** The states at rest of a scope. */
function statesAtRest(scope: Scope, machine: SegmentMachine): readonly SpecSnapshot[] {
  const [initial] = initialTransition(machine);
  const seen = new Map([[key(initial), initial]]);
  const offered = events(scope);
  for (const snapshot of seen.values()) {
    for (const event of offered(snapshot)) {
      const next = step(machine, snapshot, event);
      const name = key(next);
      if (!seen.has(name)) seen.set(name, next);
    }
  }
  return [...seen.values()].filter(quiescent);
}

test("first a segment is created, permitted or not", (t) => {
  const prots = (scope: Scope) => calls(scope, new Play().snapshot).map((call) => call.call === "create" && call.prot);
  t.deepEqual(prots(defineScope()), ["rw", "none"]);
  t.deepEqual(prots(defineScope({ alphabet: "wide" })), ["rw", "none", "r"]);
});

test("a stillborn segment is freed; after that, and after a panic, nothing is left to do", (t) => {
  const spec = new Play();
  spec.perform(create, 12);
  t.deepEqual(calls(defineScope(), spec.snapshot), [{ call: "free", seg: 0 }]);
  spec.perform({ call: "free", seg: 0 });
  t.deepEqual(calls(defineScope(), spec.snapshot), []);
  const other = new Play().live();
  other.perform(unmap(1, 0));
  t.deepEqual(calls(defineScope(), other.snapshot), []);
});

test("while a call is under way there are answers and no calls; at rest it is the other way round", (t) => {
  const scope = defineScope();
  const machine = machineOf(scope);
  const [initial] = initialTransition(machine);
  t.deepEqual(answers(scope, initial), []);
  t.is(awaiting(initial), null);
  const during = step(machine, initial, callEvent(create));
  t.deepEqual(calls(scope, during), []);
  t.deepEqual(events(scope)(during), answers(scope, during));
  t.deepEqual(awaiting(during), { kind: "addmap", seg: 0 });
});

for (const faults of [new Set<(typeof FAULT_CLASSES)[number]>(), ALL_FAULTS, new Set(FAULT_CLASSES)]) {
  test(`only what may fail does: ${faults.size} of the classes`, (t) => {
    const scope = defineScope({ faults, ...SMALL });
    const machine = machineOf(scope);
    const seen = new Set<QuestionKind>();
    const walk = (snapshot: SpecSnapshot) => {
      const kind = awaiting(snapshot)?.kind;
      if (kind === undefined) return;
      seen.add(kind);
      const offered = answers(scope, snapshot);
      t.is(offered.length, faults.has(kind) ? 2 : 1, kind);
      t.true(offered.every((answer) => answer.type === `answer.${kind}`));
      t.deepEqual(
        offered.map((answer) => ("rc" in answer ? answer.rc : answer.status) === 0),
        [true, false].slice(0, offered.length),
      );
      for (const answer of offered) walk(step(machine, snapshot, answer));
    };
    for (const snapshot of statesAtRest(defineScope({ faults, ...SMALL, domids: [7] }), machine)) {
      for (const call of calls(scope, snapshot)) walk(step(machine, snapshot, callEvent(call)));
    }
    t.is(seen.size, 6);
  });
}

const CALLED: readonly Partial<Scope>[] = [
  { pages: 1 },
  { pages: 1, maxGrefs: 1 },
  { maxGrefs: 1, domids: foreignDomids(1), faults: new Set([]) },
  { pages: 1, alphabet: "wide" },
  { pages: 1, forks: 1, domids: foreignDomids(1), faults: new Set([]) },
];

const CALLED_DEEP: readonly Partial<Scope>[] = [
  {},
  { maxGrefs: 1 },
  { pages: 3, maxGrefs: 2, domids: foreignDomids(1), faults: new Set([]) },
  { pages: 1, forks: 1, domids: foreignDomids(1) },
];

for (const partial of IS_DEEP ? [...CALLED, ...CALLED_DEEP] : CALLED) {
  test(`no call is offered twice: ${JSON.stringify({ ...partial, faults: partial.faults?.size })}`, (t) => {
    const scope = defineScope(partial);
    for (const snapshot of statesAtRest(scope, machineOf(scope))) {
      const offered = calls(scope, snapshot).map((call) => JSON.stringify(call, big));
      t.is(new Set(offered).size, offered.length, offered.filter((call, at) => offered.indexOf(call) !== at).join());
    }
  });
}

test("forks are offered while any are left, on every live segment", (t) => {
  const dups = (scope: Scope, spec: Play) => calls(scope, spec.snapshot).filter((call) => call.call === "dup");
  const spec = new Play({ pages: 2, forks: 2 }).live();
  t.deepEqual(dups(defineScope(), spec), []);
  const scope = defineScope({ forks: 2 });
  t.deepEqual(dups(scope, spec), [{ call: "dup", seg: 0, into: 1 }]);
  spec.perform({ call: "dup", seg: 0, into: 1 }, 0);
  t.deepEqual(dups(scope, spec), [
    { call: "dup", seg: 0, into: 2 },
    { call: "dup", seg: 1, into: 2 },
  ]);
  spec.perform(unmap(0, 2 * 4096));
  spec.perform({ call: "dup", seg: 1, into: 2 }, 0);
  t.deepEqual(dups(scope, spec), [], "a segment that is gone counts");
  t.deepEqual([...new Set(calls(scope, spec.snapshot).map(({ seg }) => seg))], [1, 2]);
});

test("somebody begins to wait exactly where softlockcnt can fall to 0 in the call (D5)", (t) => {
  const scope = defineScope({ domids: foreignDomids(IS_DEEP ? 2 : 1) });
  const machine = machineOf(scope);
  /** Does some course of the call, made while somebody waits, wake them? */
  const wakes = (snapshot: SpecSnapshot, event: SpecEvent): boolean => {
    const next = step(machine, snapshot, event);
    return quiescent(next) ? !waiting(next, 0) : answers(scope, next).some((answer) => wakes(next, answer));
  };
  let waits = 0;
  for (const snapshot of statesAtRest(scope, machine)) {
    const offered = calls(scope, snapshot);
    const texts = new Set(offered.map((call) => JSON.stringify(call, big)));
    const locked = segmentOf(snapshot.context, 0)?.frames.some((frame) => frame !== null) === true;
    for (const call of offered) {
      if (call.waiting === true || call.call === "create" || call.call === "free") continue;
      const panics = call.call === "unmap" && (call.addr !== 0 || call.len % 4096 !== 0 || call.len > 2 * 4096);
      const wanted =
        !panics &&
        !waiting(snapshot, 0) &&
        (locked || call.call !== "unmap") &&
        wakes(snapshot, callEvent({ ...call, waiting: true }));
      const text = JSON.stringify({ ...call, waiting: true }, big);
      t.is(texts.has(text), wanted, text);
      waits += wanted ? 1 : 0;
    }
  }
  t.is(waits, IS_DEEP ? 292 : 146);
});

test("without the class nobody ever waits", (t) => {
  const scope = defineScope({ faults: new Set(["update_va_mapping"] as const) });
  const offered = statesAtRest(scope, machineOf(scope)).flatMap((snapshot) => calls(scope, snapshot));
  t.true(offered.length > 1000);
  t.false(offered.some((call) => call.waiting));
});

test("the wide alphabet has a second frame for every page, and wrong addresses", (t) => {
  const spec = new Play({ pages: 2 }).live();
  spec.perform(register(0));
  const offered = calls(defineScope({ alphabet: "wide" }), spec.snapshot);
  const frames = offered.flatMap((call) =>
    call.call === "add_mfns" && call.page === 1 && call.count === 1 ? [call.mfn] : [],
  );
  t.deepEqual([...new Set(frames)], [0x101, 0x201]);
  const wrong = offered.filter((call) => call.call === "add_gref_pte" && call.pte_ma === 0xdead000n);
  t.deepEqual(
    wrong.map((call) => call.call === "add_gref_pte" && call.page),
    [0, 1],
  );
});

test("the boundary calls that the contract names are all there", (t) => {
  const spec = new Play({ pages: 3, maxGrefs: 2 }).live();
  spec.perform({ call: "add_mfns", seg: 0, page: 0, count: 1, mfn: 0x100, domid: 9 }, 0);
  const offered = calls(defineScope({ pages: 3, maxGrefs: 2 }), spec.snapshot).map((call) => JSON.stringify(call, big));
  const has = (part: string) => offered.filter((call) => call.includes(part)).length;
  t.true(has('"domid":0') >= 2 && has('"domid":32752') === 2 && has('"foreign":true') === 4);
  t.true(has('"count":0') >= 3 && has('"grefs":[]') >= 2);
  t.is(has('"grefs":[5,6,7]'), 2, "too many, for the right domain and for a wrong one");
  t.true(has('"page":2,"count":2') >= 2 && has('"page":3,"count":1') >= 2);
  t.true(has('"domid":7') >= 2, "a domain that the segment is not bound to");
  t.deepEqual(
    offered.filter((call) => call.includes('"unmap"') && !call.includes("waiting")).length,
    7,
    "the whole, two parts, four bad ranges",
  );
});
