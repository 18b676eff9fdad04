import { readdirSync, readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import type { Call } from "../../../impl/driver.js";
import { ERRATA, isErratumId } from "../../../impl/segmf/errata.js";
import { parseTrace } from "../../../traces/read.js";
import { scenarioArbitrary } from "../../../traces/scenario/scenario.arbitrary.js";
import type { Step } from "../../../traces/scenario/scenario.js";
import { runScenario } from "../../conformance/run.js";
import { edition } from "../../conformance/subject.js";
import { Explorer } from "./explorer.js";
import { FORMATS } from "./exports.js";
import { fromHash, LinkError, toHash } from "./link.js";
import { type Setup, START } from "./setup.js";
import { EMPTY_TREE, lineOf, lineTo, redone, stepped, type Tree, undone } from "./tree.js";

const CREATE: Call = { call: "create", seg: 0, prot: "rw", maxprot: "rwx" };
const ADD: Call = { call: "add_mfns", seg: 0, page: 0, count: 2, mfn: 0x100, domid: 7 };
const REGISTER: Call = { call: "add_gref_pte", seg: 0, page: 0, pte_ma: 0x9000n };
const CORPUS = new URL("../../../../traces/corpus/errata/", import.meta.url);

function walk(...calls: readonly Call[]): Explorer {
  const explorer = new Explorer();
  for (const call of calls) explorer.choose(call, true);
  return explorer;
}

/** Where the history says that one stands, and what it says of each step. */
function told(explorer: Explorer): readonly string[] {
  return explorer.history.map(({ text, isHere, broken }) =>
    [isHere ? ">" : "", text.split("(")[0], ...broken].filter(Boolean).join(" "),
  );
}

function corpusFile(name: string): Explorer {
  const explorer = new Explorer();
  const [erratum = "", kernel] = name.split(".");
  if (!isErratumId(erratum)) throw new Error(name);
  explorer.load(parseTrace(readFileSync(new URL(name, CORPUS)), name), name.replace(".json", ""), {
    driver: { kind: "edition", errata: [erratum] },
    kernel: kernel === "release" ? "release" : "debug",
  });
  return explorer;
}

test("a call asks for one answer after the other, and shows the driver and the chart in its midst", (t) => {
  const explorer = walk(CREATE);
  explorer.choose(ADD);
  t.like(explorer.view.asking, {
    call: "add_mfns(seg 0, page 0, count 2, mfn 0x100, domid 7)",
    question: "update_va_mapping_otherdomain for page 0",
    given: [],
    otherwise: null,
  });
  explorer.answer(0);
  t.like(explorer.view.asking, { question: "update_va_mapping_otherdomain for page 1" });
  const [first, second] = explorer.view.drawing.segments[0]?.pages ?? [];
  t.is(first?.pte.text, "0x100 of 7 rw");
  t.is(second?.pte.text, "throwaway");
  t.is(explorer.view.drawing.machine.find(({ name }) => name === "locks held")?.cell.text, "the lock of segment 0");
  t.deepEqual(
    active(explorer).filter((id) => id.startsWith("call")),
    ["call", "call.faulting"],
  );
  explorer.answer(-22);
  t.is(explorer.view.asking, null);
  t.like(explorer.view.ending, { returned: 14, expected: { verdict: "failed", ret: 14 }, agrees: true });
  t.deepEqual(told(explorer), ["the start", "create", "> add_mfns"]);
});

/** The paths of the active states. */
function active(explorer: Explorer): readonly string[] {
  const found: string[] = [];
  const visit = (node: NonNullable<typeof explorer.view.chart>, path: readonly string[]): void => {
    if (node.isActive && path.length > 0) found.push(path.join("."));
    for (const child of node.children) visit(child, child.key === "running" ? path : [...path, child.key]);
  };
  if (explorer.view.chart !== null) visit(explorer.view.chart, []);
  return found;
}

test("answers are taken back one by one, then the call", (t) => {
  const explorer = walk(CREATE);
  explorer.choose(ADD);
  explorer.answer(0);
  explorer.undo();
  t.like(explorer.view.asking, { question: "update_va_mapping_otherdomain for page 0" });
  explorer.undo();
  t.is(explorer.view.asking, null);
  t.deepEqual(told(explorer), ["the start", "> create"]);
  explorer.choose(ADD);
  explorer.restSucceeds();
  t.deepEqual(told(explorer), ["the start", "create", "> add_mfns"]);
});

test("a second addmap of one call can't fail, since no scenario can say so", (t) => {
  const explorer = new Explorer();
  explorer.choose(CREATE);
  t.deepEqual(
    explorer.view.asking?.answers.map(({ answer }) => answer),
    [0, 6],
  );
});

test("undo, redo, branch and jump keep what was visited", (t) => {
  const explorer = walk(CREATE, ADD);
  explorer.undo();
  explorer.choose(REGISTER);
  t.deepEqual(told(explorer), ["the start", "create", "> add_gref_pte"]);
  t.deepEqual(explorer.history[1]?.branches, [
    { id: 2, text: "add_mfns(seg 0, page 0, count 2, mfn 0x100, domid 7)", states: 1 },
  ]);
  explorer.jump(2);
  t.deepEqual(told(explorer), ["the start", "create", "> add_mfns"]);
  explorer.jump(0);
  explorer.redo();
  t.deepEqual(told(explorer), ["the start", "> create", "add_mfns"]);
  explorer.choose(REGISTER);
  t.is(explorer.state.tree.nodes.length, 4, "a step that was taken before makes no second branch");
  explorer.redo();
  t.is(explorer.state.tree.at.id, 3, "there is nothing beyond the end");
});

test("what a step changed is marked, and what specification and driver disagree on is named", (t) => {
  const explorer = corpusFile("gref-rollback-leaks.debug.json");
  explorer.jump(4);
  const { drawing, ending } = explorer.view;
  t.deepEqual(drawing.segments[0]?.pages[0]?.pte, {
    text: "grant 1 ro",
    look: "grant",
    was: "throwaway",
    must: "nothing",
  });
  t.deepEqual(drawing.disagreements, [
    "segment 0, page 0: its PTE maps grant 1 (ref 5 of domain 7), read-only, but must map nothing",
    "segment 0, page 0: grant 1 (ref 5 of domain 7) is mapped, but must not be",
  ]);
  t.like(ending, { returned: 14, agrees: true });
  t.deepEqual(
    explorer.view.invariants.filter(({ status }) => status === "broken").map(({ id }) => id),
    ["empty-rollback", "map-is-truth", "grant-owned-once"],
  );
  explorer.choose(REGISTER, true);
  t.false(explorer.view.reference);
  t.is(explorer.view.chart, null);
  t.deepEqual(explorer.view.drawing.disagreements, []);
});

test("each choice says which branch of the chart it takes, and what can't be chosen says which guard stops it", (t) => {
  const explorer = walk(CREATE);
  const refused = explorer.view.groups.flatMap(({ choices }) => choices).filter(({ changes }) => !changes);
  const foretold = (isIt: (call: Call) => boolean) =>
    refused.filter(({ call }) => isIt(call)).map(({ call }) => explorer.foretell(call));
  t.deepEqual(
    foretold((call) => call.call === "add_mfns" && call.page === 1 && call.count === 2),
    [{ says: "returns 22", branch: "the range leaves the segment" }],
  );
  t.deepEqual(
    foretold((call) => call.call === "add_grefs" && call.page === 0 && call.grefs.length === 2),
    [{ says: "returns 22", branch: "A page of the range has no registered PTE." }],
  );
  const blocked = new Map(explorer.view.blocked.map((one) => [one.what, one]));
  t.deepEqual(blocked.get("create of segment 1"), {
    what: "create of segment 1",
    why: "create is offered once (D8)",
    guard: "callable",
  });
  t.deepEqual(blocked.get("free of segment 0"), {
    what: "free of segment 0",
    why: "segment 0 is live, not stillborn",
    guard: "callable",
  });
  t.deepEqual(blocked.get("answer addmap"), { what: "answer addmap", why: "no call is under way", guard: null });
  const whole = explorer.view.groups.find(({ name }) => name === "unmap")?.choices.filter(({ changes }) => changes);
  t.deepEqual(
    whole?.map(({ text }) => text),
    ["page 0, count 2"],
  );
});

test("nothing can be chosen after a panic", (t) => {
  const explorer = walk(CREATE, { call: "unmap", seg: 0, addr: 1, len: 0 });
  t.like(explorer.view, { panicked: true, groups: [] });
  t.like(explorer.view.ending, { agrees: true, expected: { verdict: "panics" } });
  t.true(explorer.view.blocked.every(({ why }) => why === "the machine has panicked"));
  explorer.choose(ADD);
  t.is(explorer.state.tree.at.depth, 2);
});

test("after a violation calls are offered by what is seen of the driver", (t) => {
  const explorer = corpusFile("word-shared.release.json");
  explorer.jump(explorer.violationAhead ?? 0);
  t.false(explorer.view.reference);
  t.deepEqual(
    [
      ...new Set(
        explorer.view.groups.filter(({ choices }) => choices.some(({ changes }) => changes)).map(({ name }) => name),
      ),
    ],
    ["add_mfns", "add_grefs", "add_gref_pte", "release_grefs", "unmap", "dup"],
  );
});

test("another driver takes the same walk, as far as it comes", (t) => {
  const explorer = corpusFile("unmap-unlocks-all.debug.json");
  explorer.jump(explorer.state.tree.tip.id);
  t.true(explorer.history.at(-1)?.panic !== null);
  const length = explorer.history.length;
  explorer.configure({ driver: { kind: "edition", errata: [] } });
  t.deepEqual(
    explorer.history.filter(({ broken }) => broken.length > 0),
    [],
  );
  t.is(explorer.history.length, length);
  explorer.configure({ driver: { kind: "edition", errata: ERRATA.map(({ id }) => id) }, kernel: "debug" });
  t.true(explorer.history.some(({ broken }) => broken.length > 0));
});

test("steps that a driver can't make are shown, and one stands before them", (t) => {
  const explorer = walk(CREATE);
  explorer.choose({ call: "dup", seg: 0, into: 1 }, true);
  explorer.choose({ call: "add_mfns", seg: 1, page: 0, count: 1, mfn: 0x100, domid: 7 }, true);
  explorer.configure({ forks: 0 });
  t.deepEqual(
    explorer.history.map(({ isMade, isHere }) => [isMade, isHere]),
    [
      [true, false],
      [true, true],
      [false, false],
      [false, false],
    ],
  );
  explorer.redo();
  explorer.jump(3);
  t.is(explorer.state.tree.at.id, 1);
});

test("every recorded counterexample breaks at its end what the run of it breaks", async (t) => {
  const files = readdirSync(CORPUS);
  t.is(files.length, 2 * ERRATA.length);
  for (const name of files) {
    const explorer = corpusFile(name);
    const [erratum = "", kernel] = name.split(".");
    const scenario = parseTrace(readFileSync(new URL(name, CORPUS)), name);
    const run = await runScenario(
      edition(`corrected with ${erratum}`, new Set(ERRATA.map(({ id }) => id).filter((id) => id === erratum))),
      kernel === "release" ? "release" : "debug",
      scenario,
    );
    explorer.jump(explorer.state.tree.tip.id);
    const broken = explorer.view.invariants.filter(({ status }) => status === "broken");
    t.true(broken.length > 0, name);
    t.deepEqual(
      new Set(broken.map(({ id }) => id as string)),
      new Set(run.steps.at(-1)?.violations.map(({ invariant }) => invariant)),
      name,
    );
  }
});

test("a search finds a shortest path, and says when there is none", async (t) => {
  const explorer = new Explorer();
  explorer.configure({ pages: 1, forks: 0 });
  const granted = await explorer.search({ kind: "page", seg: 0, page: 0, holds: "a writable grant" });
  t.like(granted, { kind: "found", steps: { length: 3 } });
  t.deepEqual(told(explorer), ["the start", "create", "add_gref_pte", "> add_grefs"]);
  explorer.jump(0);
  t.deepEqual(await explorer.search({ kind: "broken", invariant: null }), { kind: "none", states: 26 });
  explorer.configure({ driver: { kind: "edition", errata: ["word-shared"] } });
  t.like(await explorer.search({ kind: "broken", invariant: null }), { kind: "found", steps: { length: 3 } });
  t.false(explorer.view.reference);
  await t.throwsAsync(explorer.search({ kind: "waiting", seg: 0 }), { instanceOf: RangeError });
});

test("a search stops at its limit, and when it is told", async (t) => {
  const explorer = new Explorer();
  t.deepEqual(await explorer.search({ kind: "softlocks", seg: 0, count: -1 }, { states: 5 }), {
    kind: "stopped",
    states: 5,
    why: "limit",
  });
  const stopped = await explorer.search({ kind: "softlocks", seg: 0, count: -1 }, { signal: AbortSignal.abort() });
  t.deepEqual(stopped, { kind: "stopped", states: 1, why: "user" });
});

test("each goal is reached by a call that ends as it says", async (t) => {
  for (const [goal, last] of [
    [{ kind: "segment", seg: 0, is: "stillborn" }, "create"],
    [{ kind: "segment", seg: 0, is: "gone" }, "unmap"],
    [{ kind: "softlocks", seg: 0, count: 1 }, "add_mfns"],
    [{ kind: "waiting", seg: 0 }, "add_mfns"],
    [{ kind: "returns", call: "add_mfns", verdict: "failed" }, "add_mfns"],
    [{ kind: "returns", call: "unmap", verdict: "panics" }, "unmap"],
    [{ kind: "page", seg: 0, page: 0, holds: "a registered PTE" }, "add_gref_pte"],
  ] as const) {
    const explorer = new Explorer();
    explorer.configure({ pages: 1, forks: 0 });
    const found = await explorer.search(goal);
    t.is(found.kind === "found" ? found.steps.at(-1)?.call.call : null, last, JSON.stringify(goal));
  }
});

test("a link reproduces setup and history, whatever they are", (t) => {
  const setup = fc.record({
    driver: fc.subarray(ERRATA.map(({ id }) => id)).map((errata) => ({ kind: "edition", errata }) as const),
    kernel: fc.constantFrom("debug", "release"),
    forks: fc.nat({ max: 3 }),
    maxGrefs: fc.integer({ min: 1, max: 16 }),
    creates: fc.integer({ min: 1, max: 3 }),
  });
  const moves = fc.array(fc.nat({ max: 20 }), { maxLength: 8 });
  fc.assert(
    fc.property(setup, scenarioArbitrary(), moves, fc.string(), (some, scenario, back, name) => {
      const one: Setup = { ...some, pages: scenario.pages };
      const tree = grown(scenario.steps, back);
      const hash = toHash({ setup: one, tree, name }, Number.POSITIVE_INFINITY);
      const linked = fromHash(hash ?? "", []);
      t.deepEqual(linked, { setup: one, tree, name });
      t.regex(hash ?? "", /^1[A-Za-z0-9_-]+$/);
    }),
  );
});

/** A tree that takes the steps, going back now and then. */
function grown(steps: readonly Step[], back: readonly number[]): Tree {
  let tree = EMPTY_TREE;
  for (const [i, step] of steps.entries()) {
    tree = stepped(tree, step);
    for (let n = (back[i % (back.length + 1)] ?? 0) % 4; n > 1; n--) tree = undone(tree);
  }
  return tree;
}

test("a link is short", (t) => {
  const explorer = corpusFile("gref-rollback-leaks.debug.json");
  explorer.jump(4);
  t.true((explorer.hash ?? "").length <= 140, `${explorer.hash?.length}`);
});

test("a link that is damaged, of another version, or about a driver that is not here says so", (t) => {
  const hash = toHash({ setup: START, tree: lineOf([]), name: "walk" }) ?? "";
  for (const [bad, message] of [
    ["", /of another version/],
    ["2abc", /of another version/],
    [hash.slice(0, 12), /is damaged: a part of it is missing or changed; copy it again/],
    ["1!!!", /is damaged/],
  ] as const) {
    t.throws(() => fromHash(bad, []), { instanceOf: LinkError, message });
  }
  const module = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const native = { path: "seg_mf.c", maxGrefs: 16, module };
  const foreign = toHash({ setup: { ...START, driver: { kind: "native", native } }, tree: EMPTY_TREE, name: "" }) ?? "";
  t.throws(() => fromHash(foreign, []), { instanceOf: LinkError, message: /the driver seg_mf\.c, which is not here/ });
  t.deepEqual(fromHash(foreign, [native]).setup.driver, { kind: "native", native });
});

test("a history that is too long for a link has none, and a trace that is too long is refused", (t) => {
  const steps = (count: number): readonly Step[] =>
    Array.from({ length: count }, (_, i) => ({
      call: i === 0 ? CREATE : { ...REGISTER, pte_ma: BigInt(i * 7919) ** 4n % 2n ** 60n },
      answers: { addmap: 0, update_va_mapping: [], map_grant_ref: [], unmap_grant_ref: [] },
    }));
  t.is(toHash({ setup: START, tree: lineOf(steps(2000)), name: "" }, 2000), null);
  const explorer = new Explorer();
  t.throws(() => explorer.load({ pages: 2, steps: steps(2001) }, "long.json"), {
    message: "long.json: expected at most 2000 steps to walk through, got 2001; segmf run takes any number",
  });
});

test("exports of a walk name the command that makes the same", (t) => {
  const explorer = corpusFile("mfn-rollback-no-wake.release.json");
  explorer.jump(explorer.state.tree.tip.id);
  t.deepEqual(
    FORMATS.map((format) => explorer.export(format)).map(({ fileName }) => fileName),
    [
      "mfn-rollback-no-wake.release.json",
      "mfn-rollback-no-wake.release.itf.json",
      "mfn-rollback-no-wake.release.jsonl",
      "mfn-rollback-no-wake.release.mmd",
      "mfn-rollback-no-wake.release.svg",
      "segmf_mfn_rollback_no_wake_release.tla",
      "mfn-rollback-no-wake.release.vcd",
      "mfn-rollback-no-wake.release.c",
    ],
  );
  t.is(
    explorer.export(FORMATS[0]).command,
    "segmf trace convert mfn-rollback-no-wake.release.json --to scenario --out mfn-rollback-no-wake.release.json " +
      "--driver corrected --kernel release --only mfn-rollback-no-wake",
  );
});

test("redo stays on the line that one stands on", (t) => {
  const walked = grown(
    lineOf([]).nodes.flatMap(({ step }) => step ?? []),
    [],
  );
  t.is(redone(walked), walked);
  t.is(undone(walked), walked);
  t.deepEqual(lineTo(walked.at), [walked.at]);
});
