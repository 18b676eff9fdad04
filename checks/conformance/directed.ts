import type { Call, KernelKind } from "../../impl/driver.js";
import { ALL_SUCCEED, type Scenario } from "../../traces/scenario/scenario.js";
import { FIELD_MAX_GREFS } from "./run.js";
import type { Subject } from "./subject.js";
import { firstViolation } from "./trials.js";
import type { Violation } from "./violation.js";

/** One more page than SEGMF_MAX_GREFS, so that the true limit lies inside the segment (decision D11). */
export const DIRECTED_PAGES = 17;

/** Scenarios at the true SEGMF_MAX_GREFS of 16, which exploration can't afford. */
const DIRECTED: readonly { readonly title: string; readonly scenario: Scenario }[] = [
  directed("16 refs are mapped and released in one call each", [grants(0, 16), release(0, 16), unmapAll()]),
  directed("17 refs are refused", [grants(0, 17), unmapAll()]),
  directed("a release of 17 pages is refused", [grants(0, 16), release(0, 17), unmapAll()]),
  directed("frames over 17 granted pages tear them down", [grants(0, 16), grants(16, 1), frames(0, 17), unmapAll()]),
  directed("unmap of 17 granted pages unmaps every grant", [grants(0, 16), grants(16, 1), unmapAll()]),
];

/** Null where it holds. */
export interface DirectedResult {
  readonly title: string;
  readonly violation: Violation | null;
}

/** Runs every directed scenario; `violation` is null where it holds. */
export async function runDirected(subject: Subject, kernel: KernelKind): Promise<readonly DirectedResult[]> {
  const machine = { kernel, pages: DIRECTED_PAGES, maxGrefs: FIELD_MAX_GREFS };
  const results: DirectedResult[] = [];
  for (const { title, scenario } of DIRECTED) {
    results.push({ title, violation: await firstViolation(subject, machine, scenario.steps) });
  }
  return results;
}

function directed(title: string, calls: readonly Call[]): { readonly title: string; readonly scenario: Scenario } {
  const create: Call = { call: "create", seg: 0, prot: "rw", maxprot: "rwx" };
  const registrations = Array.from(
    { length: DIRECTED_PAGES },
    (_, page): Call => ({ call: "add_gref_pte", seg: 0, page, pte_ma: 0x9000n + 8n * BigInt(page) }),
  );
  const all = [create, ...registrations, ...calls];
  return { title, scenario: { pages: DIRECTED_PAGES, steps: all.map((call) => ({ call, answers: ALL_SUCCEED })) } };
}

function grants(page: number, count: number): Call {
  const grefs = Array.from({ length: count }, (_, i) => 5 + page + i);
  return { call: "add_grefs", seg: 0, page, grefs, writable: true, domid: 7 };
}

function release(page: number, count: number): Call {
  return { call: "release_grefs", seg: 0, page, count };
}

function frames(page: number, count: number): Call {
  return { call: "add_mfns", seg: 0, page, count, mfn: 0x100 + page, domid: 7 };
}

function unmapAll(): Call {
  return { call: "unmap", seg: 0, addr: 0, len: DIRECTED_PAGES * 4096 };
}
