import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nativeSubject } from "../conformance/nativesubject.js";
import type { Subject } from "../conformance/subject.js";

const BESIDE = fileURLToPath(new URL("../../../../shared/seed/seg_mf.c", import.meta.url));

/** The C file that the long checks and measurements use: `$SEG_MF_C`, or the one beside the checkout; `null` if there is none. */
export function seedFile(): Subject | null {
  const path = process.env.SEG_MF_C ?? BESIDE;
  return existsSync(path) ? nativeSubject(path) : null;
}
