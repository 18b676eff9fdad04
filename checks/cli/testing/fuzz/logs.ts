import fc from "fast-check";
import { formatLog } from "../../../../traces/log/format.js";
import { logArbitrary } from "../../../../traces/log/log.arbitrary.js";
import { LogReader } from "../../../../traces/log/read.js";
import { ScenarioError } from "../../../../traces/scenario/error.js";
import { Validator } from "../../../conformance/validate/validator.js";
import { edited } from "./edits.arbitrary.js";
import { assertOneLine, type Target } from "./target.js";

/** A log in pieces, as a stream gives it. */
const log = fc.tuple(
  fc.oneof({ weight: 9, arbitrary: edited(logArbitrary().map(formatLog), 2) }, edited(fc.json(), 2)),
  fc.nat(),
);

const VERDICTS: ReadonlySet<string> = new Set(["accepted", "rejected", "incomplete"]);

/** Logs: a verdict, or an error of one line. */
export const logs: Target = {
  name: "logs",
  ofAMillion: 400_000,
  prepare: () => ({
    property: fc.property(log, ([text, cut]) => {
      const bytes = new TextEncoder().encode(text);
      const at = cut % (bytes.length + 1);
      try {
        const verdict = verdictOf([bytes.subarray(0, at), bytes.subarray(at)]);
        if (!VERDICTS.has(verdict)) throw new RangeError(`no verdict: ${verdict}`);
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        assertOneLine(error.message);
      }
    }),
  }),
};

function verdictOf(pieces: readonly Uint8Array[]): string {
  const reader = new LogReader("f.jsonl");
  const events = [...pieces.flatMap((piece) => [...reader.push(piece)]), ...reader.finish()];
  if (reader.header === null) return "none, and no error";
  const validator = new Validator(reader.header);
  for (const event of events) {
    validator.take(event);
    if (validator.result !== null) return validator.result.verdict;
  }
  return validator.finish(reader.ended, false).verdict;
}
