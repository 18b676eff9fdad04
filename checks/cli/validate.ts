import { createReadStream } from "node:fs";
import { addAbortSignal, type Readable } from "node:stream";
import type { LoggedEvent } from "../../traces/log/log.js";
import { LogReader } from "../../traces/log/read.js";
import { Validator } from "../conformance/validate/validator.js";
import type { Validation } from "../conformance/validate/verdict.js";
import { renderValidation, validationJson } from "../report/validation.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { reasonOf } from "./files.js";
import { helpEnd } from "./help.js";
import type { Io } from "./io.js";
import type { Register } from "./register.js";

const EXAMPLES = [
  "segmf validate run.jsonl",
  "segmf record --random --driver illumos | segmf validate - --json",
  "segmf record --random --threads 3 --without answers | segmf validate -",
];

/** `segmf validate LOG`: is a recorded run a behaviour of the specification? */
export const validateCommand: Register = (program, io, _checker, done) => {
  program
    .command("validate")
    .description("say whether a log (segmf-log/1) is a behaviour of the specification")
    .argument("<log>", "a log file; - reads standard input")
    .option("--json", "the verdict as one segmf-validation/1 object")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (log: string, options: { readonly json?: boolean }) => {
      const name = log === "-" ? "standard input" : log;
      const validation = await validate(log, name, io);
      io.progress(null);
      io.out(options.json === true ? validationJson(name, validation) : renderValidation(name, validation, io.colours));
      done(CODES[validation.verdict]);
    });
};

const CODES: Readonly<Record<Validation["verdict"], ExitCode>> = {
  accepted: EXIT.holds,
  rejected: EXIT.violated,
  incomplete: EXIT.incomplete,
};

async function validate(log: string, name: string, io: Io): Promise<Validation> {
  io.progress(`reading ${name}`);
  const reader = new LogReader(name);
  const check = new Check(reader);
  try {
    const stream: Readable = addAbortSignal(io.signal, log === "-" ? process.stdin : createReadStream(log));
    for await (const piece of stream) {
      check.take(reader.push(piece));
      io.progress(`${check.events} events`);
      if (check.done !== null) return check.done;
    }
  } catch (error) {
    if (io.signal.aborted) return check.finish(true);
    if (error instanceof Error && "code" in error) {
      throw new Misuse(`${name}: ${reasonOf(error)}; expected a log (segmf-log/1)`);
    }
    throw error;
  }
  check.take(reader.finish());
  return check.finish(false);
}

/** A validator that waits for the header. */
class Check {
  readonly #reader: LogReader;
  #validator: Validator | null = null;
  events = 0;

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  get done(): Validation | null {
    return this.#validator?.result ?? null;
  }

  take(events: Iterable<LoggedEvent>): void {
    for (const event of events) {
      this.#begin()?.take(event);
      this.events++;
      if (this.done !== null) return;
    }
  }

  finish(interrupted: boolean): Validation {
    const validator = this.#begin();
    if (validator === null) return NOTHING_READ;
    return validator.finish(this.#reader.ended, interrupted);
  }

  #begin(): Validator | null {
    const { header } = this.#reader;
    if (this.#validator === null && header !== null) this.#validator = new Validator(header);
    return this.#validator;
  }
}

/** Interrupted before the first line had come. */
const NOTHING_READ: Validation = {
  verdict: "incomplete",
  why: "interrupted",
  line: 0,
  events: 0,
  calls: 0,
  segments: 0,
  threads: 0,
  candidates: 0,
};
