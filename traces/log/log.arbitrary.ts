import fc from "fast-check";
import type { Returned } from "../../impl/driver.js";
import { answersArbitrary } from "../scenario/answers.arbitrary.js";
import { callArbitrary } from "../scenario/call.arbitrary.js";
import type { CallEvent, Log, LogEvent, LogHeader, PanicEvent, ReturnEvent, SeenAnswers } from "./log.js";

const thread = fc.nat(3);
const plain = { noNullPrototype: true } as const;

const header: fc.Arbitrary<LogHeader> = fc
  .record(
    {
      pages: fc.integer({ min: 1, max: 512 }),
      maxGrefs: fc.constantFrom(1, 16, 512),
      start: fc.constantFrom("empty", "middle"),
      underWay: fc.nat(3),
      answers: fc.constantFrom("all", "some", "none"),
      addresses: fc.constantFrom("convention", "machine"),
      recorded: fc.option(fc.record({ driver: fc.string(), kernel: fc.constantFrom("debug", "release") }, plain)),
    },
    plain,
  )
  .map((drawn) => (drawn.start === "middle" ? drawn : { ...drawn, underWay: 0 })) as fc.Arbitrary<LogHeader>;

const call: fc.Arbitrary<CallEvent> = fc.record(
  {
    event: fc.constant("call"),
    thread,
    space: fc.nat(),
    pages: fc.integer({ min: 1, max: 512 }),
    call: callArbitrary(4),
  },
  { requiredKeys: ["event", "thread", "call"], ...plain },
);

const returned: fc.Arbitrary<Returned> = fc.oneof(
  fc.constant(null),
  fc.maxSafeInteger(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }).map((word) => `0x${word.toString(16)}`),
);

function seenAnswers(which: LogHeader["answers"]): fc.Arbitrary<SeenAnswers> {
  if (which === "none") return fc.constant({});
  const all = answersArbitrary("release_grefs");
  if (which === "all") return all;
  const kinds = fc.subarray(["addmap", "update_va_mapping", "map_grant_ref", "unmap_grant_ref"] as const);
  return fc.tuple(all, kinds).map(([answers, seen]) => Object.fromEntries(seen.map((kind) => [kind, answers[kind]])));
}

function ending(which: LogHeader["answers"]): fc.Arbitrary<ReturnEvent | PanicEvent> {
  const answers = seenAnswers(which);
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record<ReturnEvent>(
        { event: fc.constant("return"), thread, ret: fc.option(returned, { nil: undefined }), answers },
        plain,
      ),
    },
    fc.record<PanicEvent>({ event: fc.constant("panic"), thread, reason: fc.string(), answers }, plain),
  );
}

/** A log that can be read, whatever it means. */
export function logArbitrary(): fc.Arbitrary<Log> {
  return header.chain((head) =>
    fc
      .array(fc.oneof<fc.Arbitrary<LogEvent>[]>(call, ending(head.answers)), { maxLength: 8 })
      .map((events) => ({ header: head, events: [...events, { event: "end" }] })),
  );
}
