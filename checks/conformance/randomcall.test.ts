import test from "ava";
import fc from "fast-check";
import type { Call } from "../../impl/driver.js";
import { formatScenario } from "../../traces/scenario/format.js";
import { parseScenario } from "../../traces/scenario/parse.js";
import { randomRuns } from "./random.js";
import { randomCall, toCall } from "./randomcall.js";
import type { Subject } from "./subject.js";
import { corrected, only, Twisted } from "./testing/drivers.js";
import { create, dup, step } from "./testing/steps.js";

const SIZES = [1, 3, 64];

test("whatever is drawn is a call that a scenario can say", (t) => {
  fc.assert(
    fc.property(randomCall(), fc.constantFrom(...SIZES), (random, pages) => {
      const call = toCall(random, { pages, born: 2 });
      const living = call.call === "create" ? [] : [step(create()), step(dup())];
      const on = call.call === "create" ? { ...call, seg: 0 } : call;
      const stillborn = call.call === "free";
      const steps = stillborn
        ? [step({ ...create(), seg: 0 }, { addmap: 12 }), step({ ...call, seg: 0 })]
        : [...living, step(on)];
      const scenario = { pages, steps };
      t.deepEqual(parseScenario(formatScenario(scenario), "drawn"), scenario);
    }),
    { numRuns: 300, seed: 7 },
  );
  t.pass();
});

test("every kind of call is drawn, hostile arguments among them", (t) => {
  const drawn = fc
    .sample(randomCall(), { numRuns: 3000, seed: 7 })
    .map((random) => toCall(random, { pages: 8, born: 3 }));
  const kinds = new Set(drawn.map(({ call }) => call));
  for (const kind of [
    "create",
    "add_mfns",
    "add_grefs",
    "add_gref_pte",
    "release_grefs",
    "dup",
    "unmap",
    "free",
    "fault",
  ]) {
    t.true(kinds.has(kind as Call["call"]), kind);
  }
  const some = (what: string, is: (call: Call) => boolean) => t.true(drawn.some(is), what);
  some("past the end", (call) => call.call === "add_mfns" && call.page + call.count > 8);
  some("17 refs", (call) => call.call === "add_grefs" && call.grefs.length > 16);
  some("no refs", (call) => call.call === "add_grefs" && call.grefs.length === 0);
  some("a foreign segment", (call) => call.call === "add_grefs" && call.foreign === true);
  some("another domain", (call) => call.call === "add_mfns" && call.domid === 9);
  some("DOMID_SELF", (call) => call.call === "add_mfns" && call.domid === 0x7ff0);
  some("a mistaken address", (call) => call.call === "add_gref_pte" && call.pte_ma >= 0x10_0000n);
  some("the whole", (call) => call.call === "unmap" && call.addr === 0 && call.len === 8 * 4096);
  some("not aligned", (call) => call.call === "unmap" && call.addr % 4096 !== 0);
  some("a frame beyond 32 bits", (call) => call.call === "add_mfns" && call.mfn > 2 ** 32);
  some("no permission", (call) => call.call === "create" && call.prot === "none");
  some("somebody waits", (call) => call.waiting === true);
  t.true(drawn.every(({ seg, call }) => seg < 3 || call === "create"));
});

test("random runs fork segments, and find what only a fork shows", async (t) => {
  const { failure } = await randomRuns(only("dup-copies-map"), {
    kernel: "debug",
    runs: 40,
    seed: 3,
    maxPages: 4,
    maxCalls: 60,
  });
  t.true(failure?.scenario.steps.some(({ call }) => call.call === "dup"));
  t.true((failure?.scenario.steps.length ?? 9) <= 4);
});

test("a driver that counts its mapping twice is run like any other: only the first answer may be a failure", async (t) => {
  const answers: number[][] = [];
  const twice: Subject = {
    name: "twice",
    suspects: new Set(),
    open: async (machine) =>
      new Twisted(await corrected.open(machine), {
        perform: (call, source, real) => {
          const outcome = real.perform(call, source);
          if (call.call !== "create") return outcome;
          const question = { kind: "addmap", seg: 0 } as const;
          const answer = source.answer(question);
          answers.push([outcome.asked[0]?.answer ?? 0, answer]);
          return { ...outcome, ret: 99, asked: [...outcome.asked, { question, answer }] };
        },
      }),
  };
  for (let seed = 0; seed < 100; seed++) {
    const { failure } = await randomRuns(twice, { kernel: "debug", runs: 1, seed, maxPages: 1, maxCalls: 12 });
    if (failure !== null) t.is(failure.scenario.steps.at(-1)?.call.call, "create");
  }
  t.true(answers.some(([first]) => first === 12));
  t.true(answers.every(([, second]) => second === 0));
});
