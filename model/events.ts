import type { Call, QuestionKind } from "../impl/driver.js";

/**
 * The words of the protocol between callers, driver and hypervisor. A call is an event, and so is every answer that the
 * environment gives while the call is under way; where the chart only passes a step on inside itself, it raises an event
 * of its own.
 */

type CallEventOf<C> = C extends { readonly call: infer Name extends string }
  ? { [N in Name]: { readonly type: `call.${N}`; readonly call: C & { readonly call: N } } }[Name]
  : never;

/** A call as an event: `call.add_mfns` and so on, with the call as it is. */
export type CallEvent = CallEventOf<Call>;

/** What the environment answers. Zero is success; anything else is a failure, all alike to the chart. */
export type AnswerEvent =
  /** Of VOP_ADDMAP: an errno. */
  | { readonly type: "answer.addmap"; readonly rc: number }
  /** Of the hypercall for the page whose turn it is. */
  | { readonly type: "answer.update_va_mapping"; readonly rc: number }
  /** Of the hypercall as a whole: non-zero, and no element was looked at. */
  | { readonly type: "answer.map_grant_ref"; readonly rc: number }
  /** Of the element whose turn it is. */
  | { readonly type: "answer.map_grant_ref_status"; readonly status: number }
  | { readonly type: "answer.unmap_grant_ref"; readonly rc: number }
  | { readonly type: "answer.unmap_grant_ref_status"; readonly status: number };

/** All that can happen to the specification from outside. */
export type SpecEvent = CallEvent | AnswerEvent;

/** What the chart tells its own regions in the middle of a call. */
export type InternalEvent =
  /** Whatever the range of the add under way holds is unloaded, unlocked and unmapped: teardown and rollback alike. */
  | { readonly type: "clear" }
  /** The page whose turn it is takes its soft lock. */
  | { readonly type: "load" }
  /** Everything of the segment is unmapped; it is freed. */
  | { readonly type: "freed" };

export type ChartEvent = SpecEvent | InternalEvent;

const callEvents = new WeakMap<Call, CallEvent>();

/** The same event each time for the same call. */
export function callEvent(call: Call): CallEvent {
  let event = callEvents.get(call);
  if (event === undefined) {
    event = makeCallEvent(call);
    callEvents.set(call, event);
  }
  return event;
}

function makeCallEvent(call: Call): CallEvent {
  return { type: `call.${call.call}`, call } as CallEvent; // the name and the call agree, which a template type cannot say
}

const answerEvents = new Map<QuestionKind, Map<number, AnswerEvent>>();

/** The answer `value` to a question of this kind: the same event each time. */
export function answerEvent(kind: QuestionKind, value: number): AnswerEvent {
  let ofKind = answerEvents.get(kind);
  if (ofKind === undefined) {
    ofKind = new Map();
    answerEvents.set(kind, ofKind);
  }
  let event = ofKind.get(value);
  if (event === undefined) {
    event = makeAnswerEvent(kind, value);
    ofKind.set(value, event);
  }
  return event;
}

function makeAnswerEvent(kind: QuestionKind, value: number): AnswerEvent {
  switch (kind) {
    case "map_grant_ref_status":
    case "unmap_grant_ref_status":
      return { type: `answer.${kind}`, status: value };
    default:
      return { type: `answer.${kind}`, rc: value };
  }
}
