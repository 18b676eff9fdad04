import type { KernelKind } from "../../impl/driver.js";
import type { NamedScenario } from "../../traces/scenario/scenario.js";
import { compareDrivers, type DriverComparison } from "../conformance/divergence.js";
import { diffJson, renderDiff } from "../report/diff.js";
import { EXIT, type ExitCode } from "./exit.js";
import { helpEnd } from "./help.js";
import { readScenarios } from "./input.js";
import type { Io } from "./io.js";
import { addKernelOption, whole } from "./options.js";
import type { Register } from "./register.js";
import { subjectOf } from "./subjects.js";

interface DiffOptions {
  readonly kernel: KernelKind;
  readonly maxGrefs?: number;
  readonly json?: boolean;
}

const EXAMPLES = [
  "segmf diff corrected illumos finding.json",
  "segmf diff illumos ./seg_mf.c findings --kernel release",
  "segmf diff ./old.c ./new.c trace.itf.json --json",
];

const DRIVER = "corrected, illumos, or the path of a seg_mf.c";

/** `segmf diff A B FILE...`: traces on two drivers. All files are read first; if one is wrong nothing runs. */
export const diffCommand: Register = (program, io, _checker, done) => {
  const command = program
    .command("diff")
    .description("perform traces on two drivers, and show where they first differ; 1 if they do")
    .argument("<a>", `the driver that is expected to be right: ${DRIVER}`)
    .argument("<b>", "the driver that is held against it: the same")
    .argument("<files...>", "trace files, or folders of such; - reads standard input");
  addKernelOption(command)
    .option("--max-grefs <n>", "SEGMF_MAX_GREFS (default: 16)", whole("--max-grefs", 1, 16))
    .option("--json", "one segmf-diff/1 object a line")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (a: string, b: string, files: readonly string[], options: DiffOptions) =>
      done(await diff([a, b], files, options, io)),
    );
};

interface Compared {
  readonly named: NamedScenario;
  readonly comparison: DriverComparison;
}

async function diff(
  [a, b]: readonly [string, string],
  files: readonly string[],
  { kernel, maxGrefs, json }: DiffOptions,
  io: Io,
): Promise<ExitCode> {
  const scenarios = await readScenarios(files, io);
  if (scenarios === null) return EXIT.interrupted;
  const [expected, got] = [subjectOf(a, "<a>"), subjectOf(b, "<b>")];
  const limit = maxGrefs === undefined ? {} : { maxGrefs };
  const all: Compared[] = [];
  for (const named of scenarios) {
    if (io.signal.aborted) break;
    io.progress(named.file);
    const options = { kernel, signal: io.signal, ...limit };
    all.push({ named, comparison: await compareDrivers(expected, got, named.scenario, options) });
  }
  io.progress(null);
  for (const { named, comparison } of all) {
    const { file, scenario } = named;
    io.out(json === true ? `${diffJson(scenario, comparison)}\n` : renderDiff(file, scenario, comparison, io.colours));
  }
  if (io.signal.aborted) return EXIT.interrupted;
  return all.some(({ comparison }) => comparison.divergence !== null) ? EXIT.violated : EXIT.holds;
}
