import type { CheckReport, ProductReport, SpecificationReport } from "../../conformance/report.js";
import { scopesOf } from "../../conformance/scopes.js";
import { type ObservedTransition, observe } from "./observe.js";
import { type SpaceShape, shapeOf } from "./space.js";
import type { NamedTest } from "./tests.js";

export const VERIFIED_FORMAT = "segmf-verified/1";

/**
 * What the documentation says that was found by running something: kept in `model/verified.json`, so that the documentation
 * is made in a moment, and compared with what is found anew after every full check.
 */
export interface Verified {
  readonly format: typeof VERIFIED_FORMAT;
  readonly check: CheckedResults;
  readonly spaces: readonly SpaceShape[];
  readonly transitions: readonly ObservedTransition[];
  readonly tests: readonly NamedTest[];
}

/** What of a check's report is the same whenever the same is checked. */
export type CheckedResults = Pick<
  CheckReport,
  "driver" | "kernel" | "verdict" | "paths" | "directed" | "invariants" | "coverage"
> & {
  readonly specifications: readonly SpecificationReport[];
  readonly products: readonly ProductReport[];
};

/** From the report of a check that holds, and by running what is quick. */
export async function verify(report: CheckReport, tests: readonly NamedTest[]): Promise<Verified> {
  const { driver, kernel, verdict, paths, directed, invariants, coverage, products } = report;
  const specifications = [report.specification, ...report.specificationsBeside];
  const spaces: SpaceShape[] = [];
  for (const scope of scopesOf(undefined).charts) spaces.push(await shapeOf(scope));
  return {
    format: VERIFIED_FORMAT,
    check: { driver, kernel, verdict, specifications, products, paths, directed, invariants, coverage },
    spaces,
    transitions: observe(),
    tests,
  };
}

export function formatVerified(verified: Verified): string {
  return `${JSON.stringify(verified, null, 1)}\n`;
}

/** Reads back what `formatVerified` wrote. Throws an Error that says what is wrong where it is something else. */
export function parseVerified(text: string): Verified {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed === "object" && parsed !== null && "format" in parsed && parsed.format === VERIFIED_FORMAT) {
    return parsed as Verified; // it is ours: nobody else writes this format
  }
  throw new Error(`expected ${VERIFIED_FORMAT}`);
}
