import type { Command } from "commander";
import {
  ALL_FAULTS,
  defineScope,
  FAULT_CLASSES,
  type FaultClass,
  foreignDomids,
  type Scope,
} from "../../model/scope.js";
import { Misuse } from "./exit.js";
import { choice, list, whole } from "./options.js";

/** The most pages that can be explored. */
export const MOST_PAGES_EXPLORED = 8;

/** What is said of a scope; what was not given is not there. */
export interface ScopeOptions {
  readonly pages?: number;
  readonly domids?: number;
  readonly refs?: number;
  readonly forks?: number;
  readonly maxGrefs?: number;
  readonly faults?: ReadonlySet<FaultClass>;
  readonly alphabet?: Scope["alphabet"];
}

const ALPHABETS: readonly Scope["alphabet"][] = ["default", "wide"];

/** Declares all of them but `--pages`, whose range is the command's own. */
export function addScopeOptions(command: Command): Command {
  return command
    .option("--domids <n>", "foreign domains that callers name (default: 2)", whole("--domids", 1, 8))
    .option("--refs <n>", "most refs of one add (default: as many as pages)", whole("--refs", 1, 16))
    .option("--forks <n>", "forks that may be made (default: 0)", whole("--forks", 0, 3))
    .option("--max-grefs <n>", "SEGMF_MAX_GREFS (default: 16)", whole("--max-grefs", 1, 16))
    .option("--faults <list>", `all (default), none, or a list of ${FAULT_CLASSES.join(", ")}`, faults)
    .option(
      "--alphabet <name>",
      "default, or wide: more protections, frames and mistaken PTE addresses",
      choice("--alphabet", "alphabet", ALPHABETS),
    );
}

const FAULT_NAMES = ["all", "none", ...FAULT_CLASSES] as const;

function faults(text: string): ReadonlySet<FaultClass> {
  if (text === "all") return ALL_FAULTS;
  if (text === "none") return new Set();
  const named = choice("--faults", "fault class", FAULT_NAMES);
  return new Set(list("--faults")(text).map((member) => faultClass(named(member))));
}

function faultClass(name: (typeof FAULT_NAMES)[number]): FaultClass {
  if (name !== "all" && name !== "none") return name;
  throw new Misuse(`--faults: ${name} stands alone; expected it, or a list of ${FAULT_CLASSES.join(", ")}`);
}

/** The scope that they say: 2 pages and 2 domids unless they say otherwise. */
export function saidScope({
  pages = 2,
  domids = 2,
  refs,
  forks = 0,
  maxGrefs,
  faults: given,
  alphabet,
}: ScopeOptions): Scope {
  return defineScope({
    pages,
    forks,
    domids: foreignDomids(domids),
    ...(given === undefined ? {} : { faults: given }),
    ...(alphabet === undefined ? {} : { alphabet }),
    ...(refs === undefined ? {} : { refs }),
    ...(maxGrefs === undefined ? {} : { maxGrefs }),
  });
}
