import { ENCODING } from "./itf/names.js";
import { writeItf } from "./itf/write.js";
import { formatScenario } from "./scenario/format.js";
import type { Scenario } from "./scenario/scenario.js";
import { SCENARIO_FORMAT } from "./scenario/scenario.js";
import type { Trace } from "./trace/trace.js";

interface Described {
  /** As `--to` and `--format` name it. */
  readonly name: string;
  /** What it is, for help. */
  readonly about: string;
  /** What the names of its files end in. */
  readonly extension: string;
  /** What the format is called, with its version; every file says it, so that segmf knows its own files. */
  readonly format: string;
  /** Whether `parseTrace` reads it back, so that `segmf run` performs it again. */
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
];

/** The name of the file that a trace of this name is written into. */
export function fileNameOf({ stem = (name) => name, extension }: TraceFormat, name: string): string {
  return `${stem(name)}${extension}`;
}
