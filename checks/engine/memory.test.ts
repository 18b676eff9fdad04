import test from "ava";
import { assign, createMachine } from "xstate";
import { explore } from "./index.js";

/** Counters side by side, each from 0 to 15. */
function counters(n: number) {
  const names = Array.from({ length: n }, (_, i) => `digit${i}`);
  const machine = createMachine({
    context: Object.fromEntries(names.map((name) => [name, 0])),
    on: Object.fromEntries(
      names.map((name) => [name, { actions: assign({ [name]: ({ context }) => ((context[name] ?? 0) + 1) % 16 }) }]),
    ),
  });
  return { machine, events: names.map((type) => ({ type })) };
}

/** Counts without end: what grows fastest are the values. */
const endless = createMachine({
  context: { text: "" },
  on: { longer: { actions: assign({ text: ({ context }) => `${context.text}.` }) } },
});

const MIB = 2 ** 20;

/** `npm run test:deep` goes on to higher limits. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";

test("a limit on memory stops a run, always at the same state, and at no fewer the higher it is", async (t) => {
  const stops: number[] = [];
  for (const memory of (IS_DEEP ? [3, 4, 4, 6, 8, 8] : [3, 4, 4]).map((size) => size * MIB)) {
    const { machine, events } = counters(6);
    const found = await explore(machine, { events, limits: { memory } });
    t.like(found, { complete: false, stopped: "memory" });
    t.true(found.engine.kind === "compiled" && found.engine.bytes <= memory);
    stops.push(found.states);
  }
  const expected = [142_921, 196_608, 196_608, 327_680, 449_691, 449_691];
  t.deepEqual(stops, expected.slice(0, stops.length));
});

test("a run that has memory enough is complete", async (t) => {
  const { machine, events } = counters(4);
  t.like(await explore(machine, { events, limits: { memory: 16 * MIB } }), { states: 65_536, complete: true });
});

test("the values of a context count", async (t) => {
  for (let run = 0; run < 2; run += 1) {
    const found = await explore(endless, { events: [{ type: "longer" }], limits: { memory: 4 * MIB } });
    t.like(found, { states: 1665, stopped: "memory" });
  }
});

test("a limit with no room for the first state is refused", async (t) => {
  const { machine, events } = counters(2);
  await t.throwsAsync(explore(machine, { events, limits: { memory: MIB / 4 } }), {
    code: "bad-option",
    message: "There is no room in limits.memory, 262144 bytes, for the first state.\n  Allow more.",
  });
  for (const memory of [0, -1, Number.NaN]) {
    await t.throwsAsync(explore(machine, { events, limits: { memory } }), { code: "bad-option" });
  }
});

test("the reference engine goes by V8's heap", async (t) => {
  const { machine, events } = counters(6);
  const found = await explore(machine, { events, engine: "reference", limits: { memory: 8 * MIB } });
  t.like(found, { complete: false, stopped: "memory" });
});
