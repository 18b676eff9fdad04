import { C_FORMAT, writeC } from "./c/write.js";
import { ENCODING } from "./itf/names.js";
import { writeItf } from "./itf/write.js";
import { logOf } from "./log/convert.js";
import { formatLog } from "./log/format.js";
import { LOG_FORMAT } from "./log/log.js";
import { MERMAID_FORMAT, writeMermaid } from "./mermaid/write.js";
import { formatScenario } from "./scenario/format.js";
import type { Scenario } from "./scenario/scenario.js";
import { SCENARIO_FORMAT } from "./scenario/scenario.js";
import { SVG_FORMAT, writeSvg } from "./svg/write.js";
import { moduleName, TLA_FORMAT, writeTla } from "./tla/write.js";
import type { Trace } from "./trace/trace.js";
import { VCD_FORMAT, writeVcd } from "./vcd/write.js";

interface Described {
  /** As `--to` and `--format` name it. */
  readonly name: string;
  /** What it is, for help. */
  readonly about: string;
  /** What the names of its files end in. */
  readonly extension: string;
  /** What the format is called, with its version; every file says it, so that segmf knows its own files. */
  readonly format: string;
  /** Whether `parseTraces` reads it back, so that `segmf run` performs it again. */
  readonly readable: boolean;
  /** The stem of the file that a trace of this name is written into, where it can't be the name itself. */
  readonly stem?: (name: string) => string;
}

/** A format that a trace can be written in. Writers are pure: the same trace is the same text, on every machine. */
export type TraceFormat = Described &
  (
    | { readonly needs: "scenario"; readonly write: (scenario: Scenario) => string }
    | { readonly needs: "run"; readonly write: (trace: Trace) => string }
  );

/** Every format, the one that is read and written by default first. */
export const TRACE_FORMATS: readonly [TraceFormat, ...TraceFormat[]] = [
  {
    name: "scenario",
    about: "calls and the kernel's answers, which every driver can run",
    extension: ".json",
    format: SCENARIO_FORMAT,
    readable: true,
    needs: "scenario",
    write: formatScenario,
  },
  {
    name: "itf",
    about: "Informal Trace Format, for Apalache and Quint",
    extension: ".itf.json",
    format: ENCODING,
    readable: true,
    needs: "run",
    write: writeItf,
  },
  {
    name: "jsonl",
    about: "a log (segmf-log/1), one event a line, as segmf validate reads it",
    extension: ".jsonl",
    format: LOG_FORMAT,
    readable: true,
    needs: "run",
    write: ({ scenario, run, maxGrefs }) => formatLog(logOf(scenario, run.steps, { maxGrefs })),
  },
  {
    name: "mermaid",
    about: "a sequence diagram of caller, driver, page tables and hypervisor",
    extension: ".mmd",
    format: MERMAID_FORMAT,
    readable: false,
    needs: "run",
    write: writeMermaid,
  },
  {
    name: "svg",
    about: "a picture: page table and driver's map before and after each step",
    extension: ".svg",
    format: SVG_FORMAT,
    readable: false,
    needs: "run",
    write: writeSvg,
  },
  {
    name: "tla",
    about: "a TLA+ module of the states (not run under TLC)",
    extension: ".tla",
    format: TLA_FORMAT,
    readable: false,
    stem: moduleName,
    needs: "run",
    write: writeTla,
  },
  {
    name: "vcd",
    about: "a value change dump, for GTKWave: a signal for each variable",
    extension: ".vcd",
    format: VCD_FORMAT,
    readable: false,
    needs: "run",
    write: writeVcd,
  },
  {
    name: "c",
    about: "a C99 function for a kernel test module: makes the calls, compares the results",
    extension: ".c",
    format: C_FORMAT,
    readable: false,
    needs: "run",
    write: writeC,
  },
];

/** The name of the file that a trace of this name is written into. */
export function fileNameOf({ stem = (name) => name, extension }: TraceFormat, name: string): string {
  return `${stem(name)}${extension}`;
}
