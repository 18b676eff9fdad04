import { existsSync, statSync } from "node:fs";
import type { CallLimits } from "../../impl/native/index.js";
import { ILLUMOS } from "../../impl/segmf/edition.js";
import { ERRATA, type ErratumId, isErratumId } from "../../impl/segmf/errata.js";
import { nativeSubject } from "../conformance/nativesubject.js";
import { edition, type Subject } from "../conformance/subject.js";
import { type DriverChoice, editionName } from "../report/command.js";
import { Misuse } from "./exit.js";
import { suggestion } from "./suggest.js";

const EDITIONS: readonly string[] = ["corrected", "illumos"];

/** Whether `--driver` names a C file. */
export function isCFile(driver: string): boolean {
  return !EDITIONS.includes(driver);
}

/** A driver by its name alone, as an argument gives it. `what` begins what is said of a wrong one. Throws `Misuse`. */
export function subjectOf(name: string, what: string): Subject {
  if (name === "corrected") return edition(name, new Set());
  return name === "illumos" ? edition(name, ILLUMOS) : cFile(name, what);
}

/** The driver that the options name: an edition, with or without some errata, or a C file. Throws `Misuse` for anything else. */
export function subjectNamed(choice: Omit<DriverChoice, "kernel">): Subject {
  const fix = errataNamed("--fix", choice.fix ?? []);
  const only = errataNamed("--only", choice.only ?? []);
  const name = choice.driver;
  const { callTimeout, callMemory } = choice;
  if (!isCFile(name) && (callTimeout ?? callMemory) !== undefined) {
    const flag = callTimeout === undefined ? "--call-memory" : "--call-timeout";
    throw new Misuse(`${flag} limits calls of a C file; --driver ${name} is none`);
  }
  if (fix.length > 0 && only.length > 0) throw new Misuse("--fix and --only exclude each other; give one of them");
  if (name === "corrected") {
    if (fix.length > 0) throw new Misuse("--fix mends errata of --driver illumos; the corrected driver has none");
    return edition(editionName(choice), new Set(only));
  }
  if (name === "illumos") {
    if (only.length > 0) return edition(editionName(choice), new Set(only));
    return edition(editionName(choice), new Set([...ILLUMOS].filter((id) => !fix.includes(id))));
  }
  const subject = cFile(name, "--driver", {
    ...(callTimeout === undefined ? {} : { steps: callTimeout }),
    ...(callMemory === undefined ? {} : { bytes: callMemory }),
  });
  if (fix.length + only.length > 0)
    throw new Misuse("--fix and --only need --driver illumos or corrected, not a C file");
  return subject;
}

function cFile(path: string, what: string, limits: CallLimits = {}): Subject {
  const expected = "expected corrected, illumos or the path of a C file";
  if (!existsSync(path)) {
    if (path.endsWith(".c")) throw new Misuse(`${what} ${path}: no such file; ${expected}`);
    throw new Misuse(`${what}: unknown driver "${path}"${suggestion(path, EDITIONS)}; ${expected}`);
  }
  if (!statSync(path).isFile()) throw new Misuse(`${what} ${path}: not a regular file; ${expected}`);
  return nativeSubject(path, limits);
}

function errataNamed(option: string, names: readonly string[]): readonly ErratumId[] {
  return names.map((name) => {
    if (isErratumId(name)) return name;
    const ids = ERRATA.map(({ id }) => id);
    throw new Misuse(`${option}: unknown erratum "${name}"${suggestion(name, ids)}; segmf errata lists them`);
  });
}
