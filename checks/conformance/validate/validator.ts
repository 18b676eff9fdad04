import type { Call } from "../../../impl/driver.js";
import { formatLogEvent } from "../../../traces/log/format.js";
import type { CallEvent, LogEvent, LoggedEvent, LogHeader, PanicEvent, ReturnEvent } from "../../../traces/log/log.js";
import { Component, type Operation } from "./component.js";
import { explainCall, explainEnd, statesNow } from "./explain.js";
import { ABSENT, anyBoxes, boxKey, type SegmentBox } from "./segments.js";
import { BoxStepper } from "./step.js";
import type { Counts, Incompleteness, Rejection, Validation } from "./verdict.js";

/** So many returns wait for the return of a call that they overlap with. */
const MOST_WAITING = 1000;

/**
 * Holds a log against the specification, event by event, in memory that the log's length has no part in. What was not seen is
 * searched for: answers, the state in which a log that starts in the middle found things, and the order in which calls that
 * overlap took effect.
 */
export class Validator {
  readonly #header: LogHeader;
  readonly #stepper: BoxStepper;
  readonly #components = new Map<number, Component>();
  /** The first segment that came to be within the log. */
  #first: number | null = null;
  /** Pages of the segments of each component: they descend from one another. */
  readonly #sizes = new WeakMap<Component, number>();
  readonly #underWay = new Map<number, Operation>();
  readonly #threads = new Set<number>();
  /** Segments that were there before the log and are gone. */
  readonly #goneBefore = new Set<number>();
  /** The number of the next segment; `null` as long as a log that starts in the middle has not said. */
  #next: number | null;
  /** The largest number that was called. */
  #largest = -1;
  #unseenReturns: number;
  /** Calls that were under way together with one whose call was not seen. */
  readonly #unheld = new Set<number>();
  #events = 0;
  #calls = 0;
  #candidates = 1;
  #segments = 0;
  #line = 1;
  #panicked = false;
  /** What is wrong in the earliest line, while other segments are still looked at. */
  #earliest: Rejection<LogEvent> | null = null;
  #result: Validation | null = null;

  constructor(header: LogHeader) {
    this.#header = header;
    this.#stepper = new BoxStepper({
      maxGrefs: header.maxGrefs,
      convention: header.addresses === "convention",
    });
    this.#next = header.start === "empty" ? 0 : null;
    this.#unseenReturns = header.underWay;
  }

  /** The verdict, once it is known. Events after that are not looked at. */
  get result(): Validation | null {
    return this.#result;
  }

  take({ line, event }: LoggedEvent): void {
    if (this.#result !== null) return;
    this.#events++;
    this.#line = line;
    if (event.event === "end") return;
    if (this.#panicked) this.#reject(line, event, "the kernel has panicked before", ["the end"]);
    else if (event.event === "call") this.#call(line, event);
    else this.#end(line, event);
  }

  /** There are no more events. `whole`: the log was ended in good order. */
  finish(whole: boolean, interrupted = false): Validation {
    for (const component of new Set(this.#components.values())) {
      if (this.#result === null) this.#settle(component, true);
    }
    if (this.#result !== null) return this.#result;
    if (interrupted) return this.#incomplete("interrupted");
    return whole ? this.#conclude({ ...this.#counts(), verdict: "accepted" }) : this.#incomplete("truncated");
  }

  #call(line: number, event: CallEvent): void {
    const { thread, call } = event;
    this.#calls++;
    this.#threads.add(thread);
    const busy = this.#underWay.get(thread);
    if (busy !== undefined) {
      const nearest = { event: "return", thread, ret: undefined, answers: {} } as const;
      const reason = `thread ${thread} is in a call since line ${busy.line}`;
      this.#reject(line, event, reason, [`the return of thread ${thread}`], nearest);
      return;
    }
    const wrong = this.#outOfTurn(call);
    if (wrong !== null) {
      this.#reject(line, event, wrong.reason, [wrong.expected], wrong.nearest(event));
      return;
    }
    const component = this.#componentOf(event);
    if (component === null) {
      this.#reject(line, event, `segment ${call.seg} is gone`, ["a call on another segment"]);
      return;
    }
    const pages = this.#pagesOf(component);
    if (event.pages !== undefined && event.pages !== pages) {
      const reason = `segment ${call.seg} has another size than it had in earlier calls`;
      this.#reject(line, event, reason, [`${pages} pages`], { ...event, pages }, component);
      return;
    }
    const operation = operationOf(line, event, pages);
    if (call.call === "dup") this.#adopt(component, call.into);
    component.pending.push(operation);
    this.#underWay.set(thread, operation);
    if (this.#isSkipping()) {
      this.#unheld.add(thread);
      return;
    }
    const refusal = explainCall(component, this.#stepper, operation);
    if (refusal !== null) this.#reject(line, event, refusal.reason, refusal.expected, null, component);
  }

  /** Segments are numbered in the order of the calls that make them. */
  #outOfTurn(call: Call): OutOfTurn | null {
    const makes = call.call === "create" ? call.seg : call.call === "dup" ? call.into : null;
    const { seg } = call;
    if (makes !== call.seg && !this.#exists(seg)) {
      return {
        reason: `segment ${seg} never came to be`,
        expected: "a call on a segment that is there",
        nearest: () => null,
      };
    }
    if (makes === null || (this.#next === null ? makes > this.#largest : makes === this.#next)) return null;
    const next = this.#next ?? this.#largest + 1;
    return {
      reason: `${makes} is not the number of the next segment`,
      expected: `the number ${next}`,
      nearest: (event) => ({ ...event, call: call.call === "dup" ? { ...call, into: next } : { ...call, seg: next } }),
    };
  }

  #exists(seg: number): boolean {
    return this.#next === null || seg < this.#next;
  }

  /** `null`: the segment is gone. */
  #componentOf({ call, pages = this.#header.pages }: CallEvent): Component | null {
    const { seg } = call;
    const known = this.#components.get(seg);
    if (known !== undefined) return known;
    const isNew = call.call === "create";
    if (!isNew && (this.#header.start === "empty" || this.#goneBefore.has(seg) || seg >= (this.#first ?? seg + 1))) {
      return null;
    }
    const convention = this.#header.addresses === "convention";
    const component = new Component([seg], isNew ? [ABSENT] : anyBoxes(pages, convention, seg));
    this.#register(component, seg, isNew);
    this.#sizes.set(component, pages);
    return component;
  }

  #pagesOf(component: Component): number {
    return this.#sizes.get(component) ?? this.#header.pages;
  }

  #adopt(component: Component, child: number): void {
    component.segs.push(child);
    component.candidates = component.candidates.map(({ boxes, done }) => ({ boxes: [...boxes, ABSENT], done }));
    this.#register(component, child, true);
  }

  #register(component: Component, seg: number, isNew: boolean): void {
    this.#components.set(seg, component);
    this.#segments++;
    this.#largest = Math.max(this.#largest, seg);
    if (!isNew) return;
    this.#first ??= seg;
    this.#next = seg + 1;
  }

  #end(line: number, event: ReturnEvent | PanicEvent): void {
    const { thread } = event;
    this.#threads.add(thread);
    const operation = this.#underWay.get(thread);
    if (operation === undefined) {
      if (this.#unseenReturns > 0) this.#unseenReturn();
      else this.#reject(line, event, `thread ${thread} is in no call`, [`a call of thread ${thread}`]);
      return;
    }
    this.#underWay.delete(thread);
    const { call } = operation.seen;
    operation.returned = line;
    operation.end = event;
    operation.seen =
      event.event === "return"
        ? { call, ret: event.ret, answers: event.answers, panicked: false }
        : { call, ret: undefined, answers: event.answers, panicked: true };
    this.#panicked = event.event === "panic";
    if (this.#unheld.delete(thread)) {
      this.#forgetIfAllReturned();
      return;
    }
    const component = this.#components.get(operation.seg);
    if (component === undefined) throw new Error(`segment ${operation.seg} has a call under way and is not there`);
    component.returned.push(operation);
    this.#settle(component, false);
  }

  /** While calls are under way that were not seen, anything may happen to any segment: nothing is held against the log. */
  #isSkipping(): boolean {
    return this.#unseenReturns > 0 || this.#unheld.size > 0;
  }

  #unseenReturn(): void {
    this.#unseenReturns--;
    this.#forgetIfAllReturned();
  }

  #forgetIfAllReturned(): void {
    if (this.#isSkipping()) return;
    // What is there now is as unknown as before the log.
    this.#components.clear();
    this.#goneBefore.clear();
    this.#first = null;
    this.#next = null;
  }

  /** Accounts for the returns that can be: those that overlap with no call that has not returned. */
  #settle(component: Component, final: boolean): void {
    const { pending, returned } = component;
    while (this.#result === null) {
      const [operation] = returned;
      if (operation === undefined) break;
      const waits = pending.some(
        (other) => other.returned === Number.POSITIVE_INFINITY && other.line < operation.returned,
      );
      if (waits && !final) {
        if (returned.length > MOST_WAITING) this.#incomplete("too many calls wait for one");
        return;
      }
      const search = { stepper: this.#stepper, pending, seenOf: ({ seen }: Operation) => seen };
      const next = component.afterReturn(component.candidates, operation, search);
      if (next.length === 0) {
        this.#contradiction(component);
        return;
      }
      component.candidates = next;
      this.#candidates = Math.max(this.#candidates, next.length);
      returned.shift();
      pending.splice(pending.indexOf(operation), 1);
    }
    if (pending.length === 0) this.#takeApart(component);
  }

  #contradiction(component: Component): void {
    if (!component.cut) this.#rejected(explainEnd(component, this.#stepper), component);
    else if (this.#earliest === null) this.#incomplete("too many candidates");
  }

  /** An earlier line may be to blame: returns on other segments may wait to be accounted for. */
  #rejected(rejection: Rejection<LogEvent>, blamed: Component | null): void {
    const found = this.#earliest;
    if (found === null || rejection.line < found.line) this.#earliest = rejection;
    if (found !== null) return;
    for (const component of new Set(this.#components.values())) if (component !== blamed) this.#settle(component, true);
    const { event, nearest, ...rest } = this.#earliest ?? rejection;
    const written = { ...rest, event: this.#lineOf(event), nearest: nearest && this.#lineOf(nearest) };
    this.#conclude({ ...this.#counts(), verdict: "rejected", rejection: written });
  }

  /** A segment whose state is the same in every candidate goes on alone, and one that is gone is forgotten. */
  #takeApart(component: Component): void {
    for (const seg of [...component.segs]) {
      if (component.segs.length === 1) break;
      const at = component.segs.indexOf(seg);
      const box = onlyBox(component, at);
      if (box === null) continue;
      component.segs.splice(at, 1);
      component.candidates = component.candidates.map(({ boxes, done }) => ({ boxes: boxes.toSpliced(at, 1), done }));
      if (box.life === "gone" || box.life === "absent") this.#forget(seg);
      else {
        const alone = new Component([seg], [box]);
        alone.cut = component.cut;
        this.#components.set(seg, alone);
        this.#sizes.set(alone, this.#sizes.get(component) ?? this.#header.pages);
      }
    }
    const [last] = component.segs;
    const isGone = component.candidates.every(({ boxes: [box] }) => box?.life === "gone");
    if (component.segs.length === 1 && last !== undefined && isGone) this.#forget(last);
  }

  #forget(seg: number): void {
    this.#components.delete(seg);
    if (this.#header.start === "middle" && (this.#first === null || seg < this.#first)) this.#goneBefore.add(seg);
  }

  #reject(
    line: number,
    event: LogEvent,
    reason: string,
    expected: readonly string[],
    nearest: LogEvent | null = null,
    component?: Component,
  ): void {
    const states = component === undefined ? [] : statesNow(component);
    const candidates = component?.candidates.length ?? 0;
    this.#rejected({ line, event, reason, expected, states, candidates, nearest }, component ?? null);
  }

  #lineOf(event: LogEvent): string {
    return formatLogEvent(event, this.#header).trimEnd();
  }

  #incomplete(why: Incompleteness): Validation {
    return this.#conclude({ ...this.#counts(), verdict: "incomplete", why, line: this.#line });
  }

  #conclude(validation: Validation): Validation {
    this.#result = validation;
    return validation;
  }

  #counts(): Counts {
    return {
      events: this.#events,
      calls: this.#calls,
      segments: this.#segments,
      threads: this.#threads.size,
      candidates: this.#candidates,
    };
  }
}

interface OutOfTurn {
  readonly reason: string;
  readonly expected: string;
  nearest(event: CallEvent): LogEvent | null;
}

function operationOf(line: number, { thread, call }: CallEvent, pages: number): Operation {
  const child = call.call === "dup" ? call.into : null;
  const seen = { call, ret: undefined, answers: {}, panicked: false };
  return { thread, seg: call.seg, child, pages, line, seen, end: null, returned: Number.POSITIVE_INFINITY };
}

/** The one box that a segment has in all candidates, if it says all of its own. */
function onlyBox(component: Component, at: number): SegmentBox | null {
  const box = component.candidates[0]?.boxes[at];
  if (box === undefined || typeof box.domid !== "number") return null;
  const key = boxKey(box);
  const same = component.candidates.every(({ boxes }) => boxKey(boxes[at] ?? ABSENT) === key);
  return same ? box : null;
}
