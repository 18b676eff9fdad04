import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BESIDE = fileURLToPath(new URL("../../../../../shared/seed/seg_mf.c", import.meta.url));

/** The shipped C file, at `$SEG_MF_C` (of `process.env`) or beside the checkout; `null` where there is none. */
export function seedFile(environment: { readonly SEG_MF_C?: string }): string | null {
  const { SEG_MF_C: given = "" } = environment;
  if (given !== "") return given;
  return existsSync(BESIDE) ? BESIDE : null;
}

/** What a test says that leaves out what needs the file. */
export const LEFT_OUT = `LEFT OUT: needs the shipped C file at $SEG_MF_C or ${BESIDE}`;

/** The project's own small C driver. */
export const SMALL_DRIVER = fileURLToPath(new URL("../../../../impl/native/testdriver/testdriver.c", import.meta.url));
