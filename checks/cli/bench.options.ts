import { Command, Option } from "commander";
import { CASES } from "../bench/cases/list.js";
import type { Effort } from "../bench/sizes.js";
import type { Io } from "./io.js";
import { choice, list } from "./options.js";
import { saySettings } from "./program.js";

/** What `npm run bench --` was asked for. */
export interface BenchOptions {
  readonly effort: Effort;
  /** Names of cases; all of them if none are named. */
  readonly only: readonly string[];
  readonly json: boolean;
  /** Whether to compare with the ratios that are recorded, instead of showing what is measured. */
  readonly floor: boolean;
}

interface Parsed {
  readonly quick?: boolean;
  readonly full?: boolean;
  readonly only?: readonly string[];
  readonly json?: boolean;
  readonly floor?: boolean;
}

const NAMES = CASES.map(({ name }) => name);

/** Parses the arguments. Throws `Misuse` or, having said it, commander's own error. */
export function parseBench(args: readonly string[], io: Io): BenchOptions {
  const command = new Command("npm run bench --")
    .description("Measures speeds, as ratios within this run, against the goals that are set for them.")
    .helpOption("-h, --help", "print this help")
    .showHelpAfterError(false)
    .exitOverride()
    .allowExcessArguments(false)
    .addOption(new Option("--quick", "small sizes only").conflicts("full"))
    .addOption(new Option("--full", "the largest sizes too: tens of minutes, several GiB"))
    .option("--only <names>", `only these cases: a list of ${NAMES.join(", ")}`, only)
    .option("--json", "the report as JSON (segmf-bench/2)")
    .addOption(
      new Option(
        "--floor",
        "fails where the engine is not as many times as fast as its peers as a share of checks/bench/floor.json says",
      ).conflicts(["quick", "full", "only", "json"]),
    );
  saySettings(command, io).parse([...args], { from: "user" });
  const { quick, full, only: names = [], json = false, floor = false } = command.opts<Parsed>();
  return { effort: quick ? "quick" : full ? "full" : "default", only: names, json, floor };
}

function only(text: string): readonly string[] {
  return list("--only")(text).map(choice("--only", "case", NAMES));
}
