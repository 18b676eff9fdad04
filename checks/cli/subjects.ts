import { existsSync, statSync } from "node:fs";
import { ILLUMOS } from "../../impl/segmf/edition.js";
import { ERRATA, type ErratumId, isErratumId } from "../../impl/segmf/errata.js";
import { nativeSubject } from "../conformance/nativesubject.js";
import { edition, type Subject } from "../conformance/subject.js";
import { Misuse } from "./exit.js";
import { suggestion } from "./suggest.js";

const EDITIONS = ["corrected", "illumos"] as const;

/** Which errata to mend (`--fix`) in the edition, or to leave alone switched on (`--only`). */
export interface ErrataChoice {
  readonly fix?: readonly string[];
  readonly only?: readonly string[];
}

/** The driver that `--driver` names: an edition, or a C file. Throws `Misuse` for anything else. */
export function subjectNamed(name: string, choice: ErrataChoice = {}): Subject {
  const fix = errataNamed("--fix", choice.fix ?? []);
  const only = errataNamed("--only", choice.only ?? []);
  if (fix.length > 0 && only.length > 0) throw new Misuse("--fix and --only exclude each other; give one of them");
  if (name === "corrected") {
    if (fix.length > 0) throw new Misuse("--fix mends errata of --driver illumos; the corrected driver has none");
    return only.length === 0 ? edition(name, new Set()) : edition(`corrected with ${only.join(", ")}`, new Set(only));
  }
  if (name === "illumos") {
    if (only.length > 0) return edition(`illumos with only ${only.join(", ")}`, new Set(only));
    if (fix.length === 0) return edition(name, ILLUMOS);
    const left = new Set([...ILLUMOS].filter((id) => !fix.includes(id)));
    return edition(`illumos without ${fix.join(", ")}`, left);
  }
  if (fix.length + only.length > 0) throw new Misuse("--fix and --only need an edition: --driver illumos or corrected");
  return cFile(name);
}

function cFile(path: string): Subject {
  if (!path.endsWith(".c") && !existsSync(path)) {
    throw new Misuse(
      `unknown driver "${path}": expected corrected, illumos or the path of a C file.${suggestion(path, EDITIONS)}`,
    );
  }
  if (!existsSync(path)) throw new Misuse(`${path}: no such file; --driver takes corrected, illumos or a C file`);
  if (!statSync(path).isFile())
    throw new Misuse(`${path}: not a regular file; --driver takes corrected, illumos or a C file`);
  return nativeSubject(path);
}

function errataNamed(option: string, names: readonly string[]): readonly ErratumId[] {
  return names.map((name) => {
    if (isErratumId(name)) return name;
    const ids = ERRATA.map(({ id }) => id);
    throw new Misuse(`${option}: unknown erratum "${name}"; segmf errata lists them.${suggestion(name, ids)}`);
  });
}
