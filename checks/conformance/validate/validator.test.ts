import test from "ava";
import { formatLog } from "../../../traces/log/format.js";
import type { CallEvent, Log, LogEvent, SeenAnswers } from "../../../traces/log/log.js";
import { parseLog } from "../../../traces/log/read.js";
import type { Answers } from "../../../traces/scenario/scenario.js";
import { BruteForce, driverWith, randomText, validateLog, validateText, verdictOf } from "./testkit.js";

const parse = (text: string): Log => parseLog(new TextEncoder().encode(text), "f.jsonl");

for (const answers of ["all", "some", "none"] as const) {
  test(`random logs of the corrected driver are accepted, whatever was not seen: answers ${answers}`, (t) => {
    for (const [seed, pages] of [1, 2, 4, 20].entries()) {
      for (const [threads, from] of [
        [1, 0],
        [1, 17],
        [3, 0],
        [3, 17],
      ] as const) {
        const text = randomText(driverWith([], pages), { seed, calls: 30, threads, segments: 3 }, { answers, from });
        t.is(verdictOf(validateText(text, 100)), "accepted", `${pages} pages, ${threads} threads, from ${from}`);
      }
    }
  });
}

/** Every log that is one change away: an event dropped, two neighbours swapped, an argument, a return or an answer altered. */
function* mutants(log: Log): Generator<Log> {
  const { header, events } = log;
  for (const [n, event] of events.entries()) {
    if (event.event === "end") continue;
    yield { header, events: events.toSpliced(n, 1) };
    const next = events[n + 1];
    if (next !== undefined && next.event !== "end") yield { header, events: events.toSpliced(n, 2, next, event) };
    for (const altered of alterations(event)) yield { header, events: events.with(n, altered) };
  }
}

function* alterations(event: LogEvent): Generator<LogEvent> {
  if (event.event === "return") {
    for (const ret of [0, -1, 13, 14, 22, 48, 6, null]) if (ret !== event.ret) yield { ...event, ret };
    yield { ...event, thread: event.thread + 1 };
    for (const answers of alteredAnswers(event.answers)) yield { ...event, answers };
  } else if (event.event === "call") {
    yield { ...event, thread: event.thread + 1 };
    yield* alteredCalls(event);
  }
}

/** Each kind of answer as another one, or not seen. */
function* alteredAnswers(answers: SeenAnswers): Generator<SeenAnswers> {
  for (const [kind, others] of Object.entries(ALTERED)) {
    if (!(kind in answers)) continue;
    for (const other of others) yield { ...answers, ...other };
    yield Object.fromEntries(Object.entries(answers).filter(([name]) => name !== kind));
  }
}

const ALTERED: { readonly [Kind in keyof Answers]: readonly Partial<Answers>[] } = {
  addmap: [{ addmap: 0 }, { addmap: 6 }],
  update_va_mapping: [{ update_va_mapping: [] }, { update_va_mapping: [0, -22] }],
  map_grant_ref: [
    { map_grant_ref: [] },
    { map_grant_ref: [{ rc: -1, status: [] }] },
    { map_grant_ref: [{ rc: 0, status: [0, -1] }] },
  ],
  unmap_grant_ref: [
    { unmap_grant_ref: [] },
    { unmap_grant_ref: [{ rc: -1, status: [] }] },
    { unmap_grant_ref: [{ rc: 0, status: [-1] }] },
  ],
};

function* alteredCalls(event: CallEvent): Generator<CallEvent> {
  const { call } = event;
  yield { ...event, call: { ...call, seg: call.seg + 1 } };
  if ("page" in call) yield { ...event, call: { ...call, page: call.page + 1 } };
  if ("count" in call) yield { ...event, call: { ...call, count: call.count + 1 } };
  if ("domid" in call) {
    yield { ...event, call: { ...call, domid: call.domid === 7 ? 9 : 7 } };
    yield { ...event, call: { ...call, domid: 0 } };
  }
  if (call.call === "add_grefs") yield { ...event, call: { ...call, grefs: [...call.grefs, 1] } };
  if (call.call === "add_gref_pte") yield { ...event, call: { ...call, pte_ma: call.pte_ma + 1n } };
  if (call.call === "create") yield { ...event, call: { ...call, prot: "none" } };
  if (call.call === "dup") yield { ...event, call: { ...call, into: call.into + 1 } };
}

const MUTATED = [
  { seed: 3, threads: 1, answers: "all", calls: 8, tally: { accepted: 64, rejected: 109 } },
  { seed: 5, threads: 1, answers: "none", calls: 7, tally: { accepted: 22, rejected: 93 } },
  { seed: 8, threads: 2, answers: "some", calls: 7, tally: { accepted: 61, rejected: 90 } },
  { seed: 13, threads: 3, answers: "all", calls: 6, tally: { accepted: 60, rejected: 75 } },
] as const;

for (const { seed, threads, answers, calls, tally: expectedTally } of MUTATED) {
  test(`every mutant of an accepted log is judged as brute force judges it: seed ${seed}, ${threads} threads, answers ${answers}`, (t) => {
    const log = parse(randomText(driverWith([], 2), { seed, calls, threads, segments: 2 }, { answers }));
    t.is(verdictOf(validateLog(log)), "accepted");
    const brute = new BruteForce(log);
    const tally = { accepted: 0, rejected: 0 };
    const unchanged = formatLog(log);
    for (const mutant of mutants(log)) {
      if (formatLog(mutant) === unchanged) continue; // success is not written
      const expected = brute.judge(mutant);
      t.is(verdictOf(validateLog(mutant)), expected, formatLog(mutant));
      tally[expected === "accepted" ? "accepted" : "rejected"]++;
    }
    t.deepEqual(tally, expectedTally);
  });
}
