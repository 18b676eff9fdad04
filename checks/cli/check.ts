import type { KernelKind } from "../../impl/driver.js";
import {
  ALL_FAULTS,
  defineScope,
  FAULT_CLASSES,
  type FaultClass,
  foreignDomids,
  type Scope,
} from "../../model/scope.js";
import { check } from "../conformance/check.js";
import type { CheckReport, VerdictName } from "../conformance/report.js";
import { renderCheck } from "../report/check.js";
import { checkJson } from "../report/json.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { compareExpected, readExpected, recordFindings } from "./expect.js";
import { writeFindings } from "./findings.js";
import type { Io } from "./io.js";
import { driverOption, kernelOption, list, seconds, share, whole } from "./options.js";
import type { Register } from "./program.js";
import { randomCheck } from "./random.js";
import { subjectNamed } from "./subjects.js";
import { suggestion } from "./suggest.js";

/** The options of `segmf check` as parsed. */
export interface CheckCommandOptions {
  readonly driver: string;
  readonly kernel: KernelKind;
  readonly pages?: number;
  readonly domids?: number;
  readonly refs?: number;
  readonly forks?: number;
  readonly maxGrefs?: number;
  readonly faults: string;
  readonly alphabet: Scope["alphabet"];
  readonly limitStates?: number;
  readonly limitSeconds?: number;
  readonly selfCheck: number;
  readonly fix?: readonly string[];
  readonly only?: readonly string[];
  readonly expect?: string;
  readonly record?: string;
  readonly random?: number;
  readonly seed?: number;
  readonly json?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

const CODES: Readonly<Record<VerdictName, ExitCode>> = {
  holds: EXIT.holds,
  violated: EXIT.violated,
  incomplete: EXIT.incomplete,
};

/** `segmf check`: a driver against the specification, to exhaustion. */
export const checkCommand: Register = (program, io, done) => {
  program
    .command("check")
    .description("explore the specification and a driver to exhaustion, and verify every invariant")
    .addOption(driverOption())
    .addOption(kernelOption())
    .option("--pages <n>", "pages of every segment (default: 2)", whole(1, 8))
    .option("--domids <n>", "foreign domains that callers name (default: 2)", whole(1, 8))
    .option("--refs <n>", "most refs of one add (default: as many as pages)", whole(1, 16))
    .option("--forks <n>", "forks that may be made (default: 0)", whole(0, 3))
    .option("--max-grefs <n>", "SEGMF_MAX_GREFS (default: 16)", whole(1, 16))
    .option("--faults <list>", `all, none, or a list of ${FAULT_CLASSES.join(", ")}`, "all")
    .option(
      "--alphabet <name>",
      "default, or wide: more protections, frames and mistaken PTE addresses",
      alphabet,
      "default",
    )
    .option("--limit-states <n>", "stop each exploration after so many states", whole(1, Number.MAX_SAFE_INTEGER))
    .option("--limit-seconds <n>", "stop each exploration after so many seconds", seconds)
    .option("--self-check <share>", "make this share of the edges twice and compare", share, 0.05)
    .option("--fix <ids>", "mend these errata of edition illumos", list)
    .option("--only <ids>", "switch on these errata alone", list)
    .option("--random <n>", "instead: so many random runs beyond the bounds", whole(1, 1_000_000))
    .option("--seed <n>", "seed of the random runs (default: drawn, and printed)", whole(0, 0x7fff_ffff))
    .option("--expect <file>", "hold only if exactly the findings recorded in this file are found")
    .option("--record <file>", "record the findings for --expect")
    .option("--out <dir>", "write each finding as a scenario file")
    .option("--force", "let --out and --record overwrite files that are not segmf's own")
    .option("--json", "the report as JSON (segmf-check/1)")
    .action(async (options: CheckCommandOptions) => done(await run(options, io)));
};

async function run(options: CheckCommandOptions, io: Io): Promise<ExitCode> {
  const subject = subjectNamed(options.driver, options);
  if (options.random !== undefined) return randomCheck(subject, { ...options, random: options.random }, io);
  if (options.seed !== undefined) throw new Misuse("--seed belongs to --random; add --random N");
  if (options.expect !== undefined) readExpected(options.expect);
  const started = performance.now();
  const found = await check(subject, {
    kernel: options.kernel,
    scope: scopeOf(options),
    limits: {
      signal: io.signal,
      ...(options.limitStates === undefined ? {} : { states: options.limitStates }),
      ...(options.limitSeconds === undefined ? {} : { seconds: options.limitSeconds }),
    },
    selfCheck: options.selfCheck,
    progress: io.progress,
  });
  io.progress(null);
  const report: CheckReport = { ...found, seconds: (performance.now() - started) / 1000 };
  if (options.out !== undefined) writeFindings(options.out, report.findings, options.force === true);
  if (options.record !== undefined) recordFindings(options.record, report.findings, options.force === true);
  io.out(options.json === true ? checkJson(report) : renderCheck(report, io.colours));
  if (options.expect === undefined) return CODES[report.verdict];
  return compareExpected(options.expect, report, io);
}

function scopeOf(options: CheckCommandOptions): Scope {
  const { pages = 2, refs, forks = 0, maxGrefs } = options;
  return defineScope({
    pages,
    forks,
    domids: foreignDomids(options.domids ?? 2),
    faults: faultsNamed(options.faults),
    alphabet: options.alphabet,
    ...(refs === undefined ? {} : { refs }),
    ...(maxGrefs === undefined ? {} : { maxGrefs }),
  });
}

function faultsNamed(text: string): ReadonlySet<FaultClass> {
  if (text === "all") return ALL_FAULTS;
  if (text === "none") return new Set();
  return new Set(list(text).map(faultNamed));
}

function faultNamed(name: string): FaultClass {
  const known = FAULT_CLASSES.find((fault) => fault === name);
  if (known !== undefined) return known;
  throw new Misuse(
    `--faults: unknown fault class "${name}"; expected all, none or a list of ${FAULT_CLASSES.join(", ")}.${suggestion(name, FAULT_CLASSES)}`,
  );
}

function alphabet(text: string): Scope["alphabet"] {
  if (text === "default" || text === "wide") return text;
  throw new Misuse(
    `--alphabet: unknown alphabet "${text}"; expected default or wide.${suggestion(text, ["default", "wide"])}`,
  );
}
