import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nativeSubject } from "../conformance/nativesubject.js";
import type { Subject } from "../conformance/subject.js";
import { Misuse } from "./exit.js";

const BESIDE = fileURLToPath(new URL("../../../../shared/seed/seg_mf.c", import.meta.url));

/**
 * The C file that the long checks and measurements use: `$SEG_MF_C`, or the one beside the checkout; `null` if there is
 * none. Throws `Misuse` if the variable names a file that is not there: nobody sets it to have it passed over.
 */
export function seedFile(): Subject | null {
  const named = process.env.SEG_MF_C;
  if (named !== undefined && !existsSync(named)) throw new Misuse(`$SEG_MF_C: ${named}: no such file`);
  const path = named ?? BESIDE;
  return existsSync(path) ? nativeSubject(path) : null;
}
