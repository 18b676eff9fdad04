import test from "ava";
import fc from "fast-check";
import { segmfDriver } from "../../impl/segmf/edition.js";
import { formatScenario } from "../scenario/format.js";
import { scenarioArbitrary } from "../scenario/scenario.arbitrary.js";
import type { Scenario } from "../scenario/scenario.js";
import { answersOf } from "../scenario/script.js";
import { type Came, logOf, readLog, scenarioOfLog, writeLog } from "./convert.js";
import { formatLog } from "./format.js";
import { parseLog } from "./read.js";

const bytes = (text: string) => new TextEncoder().encode(text);

function perform(scenario: Scenario): readonly Came[] {
  const driver = segmfDriver({ machine: { kernel: "debug", pages: scenario.pages, maxGrefs: 16 }, errata: new Set() });
  const came: Came[] = [];
  for (const step of scenario.steps) {
    const outcome = driver.perform(step.call, answersOf(step));
    came.push(outcome);
    if (outcome.panic !== null) break;
  }
  return came;
}

test("a scenario becomes a log and the same scenario again, byte for byte", (t) => {
  fc.assert(
    fc.property(scenarioArbitrary(), (scenario) => {
      t.is(formatScenario(readLog(bytes(writeLog(scenario)), "f")), formatScenario(scenario));
    }),
    { numRuns: 30 },
  );
});

test("a run becomes a log and the same log again, byte for byte, up to a panic", (t) => {
  let panics = 0;
  fc.assert(
    fc.property(scenarioArbitrary({ maxSteps: 8 }), (scenario) => {
      const came = perform(scenario);
      const text = formatLog(logOf(scenario, came));
      const log = parseLog(bytes(text), "f");
      const made = { ...scenario, steps: scenario.steps.slice(0, came.length) };
      t.is(formatScenario(scenarioOfLog(log, "f")), formatScenario(made));
      t.is(formatLog(logOf(scenarioOfLog(log, "f"), came)), text);
      if (came.some(({ panic }) => panic !== null)) panics++;
    }),
    { numRuns: 30, seed: 1 },
  );
  t.true(panics > 0);
});

test("a log that is no scenario is refused, with its line", (t) => {
  const header = (more: string) => `{"format":"segmf-log/1","pages":1${more}}\n`;
  const create = '{"event":"call","thread":0,"call":"create","seg":0}\n';
  const free = '{"event":"call","thread":1,"call":"free","seg":0}\n';
  const done = '{"event":"return","thread":0,"ret":0}\n';
  const end = '{"event":"end"}\n';
  const cases: readonly (readonly [string, string])[] = [
    [
      header(',"start":"middle"') + end,
      'f:1: $: expected "start": "empty" of a log that is to be a scenario, got "middle"',
    ],
    [
      header(',"answers":"none"') + end,
      'f:1: $: expected "answers": "all" of a log that is to be a scenario, got "none"',
    ],
    [
      header("") + create + free + end,
      'f:3: $: expected the return of the call before it (calls of a scenario don\'t overlap), got "call"',
    ],
    [
      header("") + create + end,
      'f:3: $: expected the return of the call before it (calls of a scenario don\'t overlap), got "end"',
    ],
    [header("") + done + end, 'f:2: $: expected a call, got "return"'],
    [
      header("") + create.replace('"call":', '"pages":2,"call":') + done + end,
      "f:2: $: expected segments of one size, got 2 pages",
    ],
    [
      header("") + create + done + free + done + end,
      "f:4: $: expected a stillborn segment for free, got 0, which is live",
    ],
    [
      header("") + create + done.replace("}", ',"answers":{"unmap_grant_ref":{"rc":-1}}}') + end,
      "f:3: $: expected the answers that create asks for, got unmap_grant_ref",
    ],
  ];
  for (const [text, message] of cases) t.throws(() => readLog(bytes(text), "f"), { message }, text);
});
