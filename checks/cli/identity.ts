import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KernelKind } from "../../impl/driver.js";
import { INVARIANTS } from "../../model/invariants/index.js";
import type { Scope } from "../../model/scope.js";
import type { SubjectPlan } from "../conformance/subject.js";
import { readText } from "./files.js";
import { versionOf } from "./version.js";

/** What a check is of. Two with the same identity come to the same report. */
export interface Checked {
  readonly plan: SubjectPlan;
  readonly kernel: KernelKind;
  /** Undefined for the default scopes. */
  readonly scope: Scope | undefined;
  readonly selfCheck: number | undefined;
}

/** For each part of what is checked a text or a hash: those that differ say what else a checkpoint is of. */
export type Identity = Readonly<Record<string, string>>;

export function identityOf({ plan, kernel, scope, selfCheck }: Checked): Identity {
  return {
    program: programHash(),
    "C file": plan.kind === "native" ? sourceHash(plan.path) : "none",
    driver: plan.kind === "native" ? "a C file" : `corrected but for ${[...plan.errata].sort().join(" ")}`,
    "limits of a call": plan.kind === "native" ? JSON.stringify(plan.limits ?? {}) : "none",
    kernel,
    scope: scope === undefined ? "default" : JSON.stringify({ ...scope, faults: [...scope.faults].sort() }),
    "self-check": String(selfCheck ?? "default"),
    invariants: INVARIANTS.map(({ id }) => id).join(" "),
  };
}

/** The parts in which two identities differ. */
export function differences(one: Identity, other: Identity): readonly string[] {
  const parts = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...parts].filter((part) => one[part] !== other[part]);
}

/** The text that is compiled, and the version of the compiler. The headers are the program's. */
function sourceHash(path: string): string {
  return hash([readText(path, "--driver", "a driver's C file"), `${versionOf("@yowasp/clang")}`]);
}

/** The root of the package; this module is `dist/checks/cli/identity.js` in it. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** What comes to a report by other ways than through these is only how it is shown. */
const SOURCES = [
  "dist/model",
  "dist/impl",
  "dist/traces",
  "dist/checks/engine",
  "dist/checks/conformance",
  "impl/native",
];

/** All that decides what comes of a check: specification, alphabet, invariants, drivers, kernel, exploration. */
function programHash(): string {
  const texts = ["xstate", "@xstate/graph"].map((name) => `${versionOf(name)}`);
  for (const folder of SOURCES) {
    const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
    for (const name of names.filter(isSource).sort()) texts.push(name, readFileSync(join(ROOT, folder, name), "utf8"));
  }
  return hash(texts);
}

function isSource(name: string): boolean {
  return /\.(js|c|h)$/.test(name) && !/\.test\.js$/.test(name);
}

/** Lengths keep what follows one another apart. */
function hash(texts: readonly string[]): string {
  const sum = createHash("sha256");
  for (const text of texts) sum.update(`${text.length} ${text}\n`);
  return sum.digest("hex");
}
