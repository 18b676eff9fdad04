import type { Call } from "../../impl/driver.js";
import type { Writable } from "../json/write.js";
import { writeInline } from "../json/write.js";
import { grantSucceeds, isZero, withoutTrailingSuccesses } from "./answers.js";
import { UINT16 } from "./scalars.js";
import type { Answers, GrantAnswer, Scenario, Step } from "./scenario.js";
import { PAGE_SIZE, SCENARIO_FORMAT } from "./scenario.js";

export type Members = { readonly [name: string]: Writable };

/**
 * Writes a scenario as its one canonical text, a step a line: every member that has a default but the flags `foreign`
 * and `waiting`, which are there only when set; frames and machine addresses in hexadecimal; answers only up to the
 * last that is no success; `unmap` in pages where it can be. `parseScenario` gives back the scenario.
 */
export function formatScenario(scenario: Scenario): string {
  const steps = scenario.steps.map((step) => `\n    ${writeInline(stepMembers(step))}`).join(",");
  return [
    `{ "format": "${SCENARIO_FORMAT}",`,
    `  "segment": { "pages": ${scenario.pages} },`,
    `  "steps": [${steps} ] }\n`,
  ].join("\n");
}

/** A scenario as the members of its object. */
export function scenarioMembers({ pages, steps }: Scenario): Members {
  return { format: SCENARIO_FORMAT, segment: { pages }, steps: steps.map(stepMembers) };
}

function stepMembers({ call, answers }: Step): Members {
  const written = answerMembers(answers);
  return { ...callMembers(call), ...(Object.keys(written).length > 0 ? { answers: written } : {}) };
}

/** A call as the members of its step. */
export function callMembers(call: Call): Members {
  return {
    call: call.call,
    seg: call.seg,
    ...argumentMembers(call),
    ...("foreign" in call && call.foreign ? { foreign: true } : {}),
    ...(call.waiting ? { waiting: true } : {}),
  };
}

function argumentMembers(call: Call): Members {
  switch (call.call) {
    case "create":
      return { prot: call.prot, maxprot: call.maxprot };
    case "add_mfns":
      return { page: call.page, count: call.count, mfn: hexadecimal(call.mfn), domid: call.domid };
    case "add_gref_pte":
      return { page: call.page, pte_ma: hexadecimal(call.pte_ma) };
    case "add_grefs":
      return { page: call.page, grefs: call.grefs, writable: call.writable, domid: call.domid };
    case "dup":
      return { into: call.into };
    case "unmap":
      return unmapMembers(call.addr, call.len);
    case "free":
      return {};
    case "fault":
      return { page: call.page, count: call.count, type: call.type, rw: call.rw };
    case "release_grefs":
      return { page: call.page, count: call.count };
    default:
      return {
        page: call.page,
        count: call.count,
        ...(call.delta === undefined ? {} : { delta: call.delta }),
        ...(call.prot === undefined ? {} : { prot: call.prot }),
      };
  }
}

function unmapMembers(addr: number, len: number): Members {
  const inPages = [addr, len].every((bytes) => bytes % PAGE_SIZE === 0 && isPageNumber(bytes / PAGE_SIZE));
  return inPages ? { page: addr / PAGE_SIZE, count: len / PAGE_SIZE } : { addr, len };
}

function isPageNumber(value: number): boolean {
  return value >= 0 && value <= Number(UINT16.most);
}

/** Answers as the member `answers` of a step; those that are all success are left out. */
export function answerMembers(answers: Answers): Members {
  const updates = withoutTrailingSuccesses(answers.update_va_mapping, isZero);
  return {
    ...(answers.addmap === 0 ? {} : { addmap: answers.addmap }),
    ...(updates.length === 0 ? {} : { update_va_mapping: updates }),
    ...grantMembers("map_grant_ref", answers.map_grant_ref),
    ...grantMembers("unmap_grant_ref", answers.unmap_grant_ref),
  };
}

/** One hypercall's answer is written as an object, several as an array. */
function grantMembers(name: string, answers: readonly GrantAnswer[]): Members {
  const normal = answers.map(({ rc, status }) => ({ rc, status: withoutTrailingSuccesses(status, isZero) }));
  const [first, ...others] = withoutTrailingSuccesses(normal, grantSucceeds).map(grantAnswerMembers);
  if (first === undefined) return {};
  return { [name]: others.length === 0 ? first : [first, ...others] };
}

/** One hypercall's answer; its `status` is in normal form. */
export function grantAnswerMembers({ rc, status }: GrantAnswer): Members {
  return { rc, ...(status.length === 0 ? {} : { status }) };
}

function hexadecimal(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
