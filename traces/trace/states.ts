import type { KernelCall, PageRecord, Pte, RecordedElement, RecordedValue, Returned } from "../../impl/driver.js";
import type { RunSegment, RunStep } from "../run/run.js";
import type { GrantAnswer, Step } from "../scenario/scenario.js";
import type { Trace } from "./trace.js";
import { bool, int, list, map, option, record, set, str, type Value, variant } from "./value.js";

/** The variables of a state beside the two that say how it was come by, in their order. */
export const VARIABLES = [
  "pages",
  "ran",
  "returned",
  "panic",
  "segments",
  "freed",
  "calls",
  "violations",
  "reference",
] as const;

export type Variable = (typeof VARIABLES)[number];

/** A state of a trace and the step that led to it. */
export interface TraceState {
  /** The call, or `init` for the first state, which no step led to. */
  readonly action: string;
  /** The call's arguments and the kernel's answers, by the names of the scenario format: a record of options. */
  readonly picks: Value;
  readonly variables: Readonly<Record<Variable, Value>>;
}

/** Each pick that some call has. A record has all of them in every state, so that every state is of one type. */
export const PICKS = [
  "addr",
  "answers",
  "count",
  "delta",
  "domid",
  "foreign",
  "grefs",
  "into",
  "len",
  "maxprot",
  "mfn",
  "page",
  "prot",
  "pte_ma",
  "rw",
  "seg",
  "type",
  "waiting",
  "writable",
] as const;

/**
 * A trace as the states that the driver went through: the one before the first step, where no segment is, and the one after
 * each step. Steps that a panic left out have a state too, the same as before, with `ran` false: so nothing of the
 * scenario is lost. Empty pages and absent PTEs are not in the maps.
 */
export function statesOf({ scenario, run }: Trace): readonly TraceState[] {
  const pages = int(scenario.pages);
  let last: RunStep | undefined;
  const states = [stateAfter("init", picksOf(null), undefined, undefined, pages)];
  for (const [index, step] of scenario.steps.entries()) {
    const result = run.steps[index];
    states.push(stateAfter(step.call.call, picksOf(step), result, last, pages));
    last = result ?? last;
  }
  return states;
}

function stateAfter(
  action: string,
  picks: Value,
  result: RunStep | undefined,
  before: RunStep | undefined,
  pages: Value,
): TraceState {
  const segments = [...((result ?? before)?.segments ?? []).entries()];
  return {
    action,
    picks,
    variables: {
      pages,
      ran: bool(result !== undefined),
      returned: option(returnedValue(result?.ret ?? null)),
      panic: option(result === undefined || result.panic === null ? null : str(result.panic)),
      segments: map(
        segments.flatMap(([seg, segment]) => (segment === null ? [] : [[int(seg), segmentValue(segment)] as const])),
      ),
      freed: set(segments.flatMap(([seg, segment]) => (segment === null ? [int(seg)] : []))),
      calls: list((result?.calls ?? []).map(callValue)),
      violations: set(
        (result?.violations ?? []).map(({ invariant, detail }) =>
          record({ invariant: str(invariant), detail: str(detail) }),
        ),
      ),
      reference: bool(result?.reference !== false),
    },
  };
}

/** A number that JSON readers would round is the 64-bit word it is, as in `segmf-run/1`. */
function returnedValue(ret: Returned): Value | null {
  if (ret === null) return null;
  if (typeof ret === "string") return int(BigInt(ret));
  return int(Number.isSafeInteger(ret) ? ret : BigInt.asUintN(64, BigInt(ret)));
}

type Argument = boolean | number | bigint | string | readonly number[];

function picksOf(step: Step | null): Value {
  const given: Readonly<Record<string, Argument | undefined>> = step === null ? {} : { ...step.call };
  const picks = PICKS.map((name) => {
    if (name === "answers") return [name, option(step === null ? null : answersValue(step))] as const;
    const argument = given[name];
    return [name, option(argument === undefined ? null : argumentValue(argument))] as const;
  });
  return record(Object.fromEntries(picks));
}

function argumentValue(argument: Argument): Value {
  switch (typeof argument) {
    case "boolean":
      return bool(argument);
    case "string":
      return str(argument);
    case "number":
    case "bigint":
      return int(argument);
    default:
      return list(argument.map(int));
  }
}

function answersValue({ answers }: Step): Value {
  return record({
    addmap: int(answers.addmap),
    update_va_mapping: list(answers.update_va_mapping.map(int)),
    map_grant_ref: list(answers.map_grant_ref.map(grantAnswerValue)),
    unmap_grant_ref: list(answers.unmap_grant_ref.map(grantAnswerValue)),
  });
}

function grantAnswerValue({ rc, status }: GrantAnswer): Value {
  return record({ rc: int(rc), status: list(status.map(int)) });
}

function segmentValue({ domid, softlockcnt, map: records, registered, ptes, locks }: RunSegment): Value {
  return record({
    domid: int(domid),
    softlockcnt: int(softlockcnt),
    locks: int(locks),
    map: byPage(records, pageValue),
    ptes: byPage(ptes, (pte) => (pte === null ? null : pteValue(pte))),
    registered: byPage(registered, (pte_ma) => (pte_ma === null ? null : int(pte_ma))),
  });
}

/** What is not `null`, by page. */
function byPage<T>(pages: readonly T[], toValue: (page: T) => Value | null): Value {
  return map(
    pages.flatMap((page, index) => {
      const value = toValue(page);
      return value === null ? [] : [[int(index), value] as const];
    }),
  );
}

function pageValue(page: PageRecord): Value | null {
  switch (page.type) {
    case "empty":
      return null;
    case "mfn":
      return variant("Mfn", int(page.mfn));
    case "gref": {
      const { gref, writable, mapped, handle, pte_ma } = page;
      return variant(
        "Gref",
        record({
          gref: int(gref),
          writable: bool(writable),
          mapped: bool(mapped),
          handle: int(handle),
          pte_ma: int(pte_ma),
        }),
      );
    }
  }
}

function pteValue(pte: Pte): Value {
  switch (pte.kind) {
    case "throwaway":
      return variant("Throwaway");
    case "foreign":
      return variant("Foreign", record({ mfn: int(pte.mfn), domid: int(pte.domid), writable: bool(pte.writable) }));
    case "grant": {
      const { gref, handle, domid, writable } = pte;
      return variant(
        "Grant",
        record({ gref: int(gref), handle: int(handle), domid: int(domid), writable: bool(writable) }),
      );
    }
  }
}

function callValue({ fn, ...args }: KernelCall): Value {
  return record({ fn: str(fn), args: map(Object.entries(args).map(([name, value]) => [str(name), recorded(value)])) });
}

/** Arguments are of several types, which a variant says. */
function recorded(value: RecordedValue): Value {
  if (!isElements(value)) return recordedScalar(value);
  const elements = value.map((element) =>
    map(Object.entries(element).map(([name, member]) => [str(name), recordedScalar(member)])),
  );
  return variant("List", list(elements));
}

function recordedScalar(value: RecordedElement[string]): Value {
  if (value === null) return variant("Null");
  switch (typeof value) {
    case "boolean":
      return variant("Bool", bool(value));
    case "string":
      return variant("Str", str(value));
    default:
      return variant("Int", int(value));
  }
}

/** `Array.isArray` alone does not narrow a read-only array. */
function isElements(value: RecordedValue): value is readonly RecordedElement[] {
  return Array.isArray(value);
}
