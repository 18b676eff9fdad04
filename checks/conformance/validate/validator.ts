import { formatLogEvent } from "../../../traces/log/format.js";
import type { CallEvent, LogEvent, LoggedEvent, LogHeader, PanicEvent, ReturnEvent } from "../../../traces/log/log.js";
import type { Component, Operation } from "./component.js";
import { explainCall, explainEnd, statesNow } from "./explain.js";
import { Registry } from "./registry.js";
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
  readonly #registry: Registry;
  readonly #underWay = new Map<number, Operation>();
  readonly #threads = new Set<number>();
  #unseenReturns: number;
  /** Calls that were under way together with one whose call was not seen. */
  readonly #unheld = new Set<number>();
  #events = 0;
  #calls = 0;
  #candidates = 1;
  #line = 1;
  #panicked = false;
  /** What is wrong in the earliest line, while other segments are still looked at. */
  #earliest: Rejection<LogEvent> | null = null;
  #result: Validation | null = null;

  constructor(header: LogHeader) {
    this.#header = header;
    this.#registry = new Registry(header);
    this.#stepper = new BoxStepper({
      maxGrefs: header.maxGrefs,
      convention: header.addresses === "convention",
    });
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
    for (const component of this.#registry.components) {
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
    const wrong = this.#registry.outOfTurn(call);
    if (wrong !== null) {
      this.#reject(line, event, wrong.reason, [wrong.expected], wrong.nearest(event));
      return;
    }
    const component = this.#registry.componentOf(event);
    if (component === null) {
      this.#reject(line, event, `segment ${call.seg} is gone`, ["a call on another segment"]);
      return;
    }
    const pages = this.#registry.pagesOf(component);
    if (event.pages !== undefined && event.pages !== pages) {
      const reason = `segment ${call.seg} has another size than it had in earlier calls`;
      this.#reject(line, event, reason, [`${pages} pages`], { ...event, pages }, component);
      return;
    }
    const operation = operationOf(line, event, pages);
    if (call.call === "dup") this.#registry.adopt(component, call.into);
    component.pending.push(operation);
    this.#underWay.set(thread, operation);
    if (this.#isSkipping()) {
      this.#unheld.add(thread);
      return;
    }
    const refusal = explainCall(component, this.#stepper, operation);
    if (refusal !== null) this.#reject(line, event, refusal.reason, refusal.expected, null, component);
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
    const component = this.#registry.componentWith(operation.seg);
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
    if (!this.#isSkipping()) this.#registry.forgetAll();
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
    if (pending.length === 0) this.#registry.takeApart(component);
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
    for (const component of this.#registry.components) if (component !== blamed) this.#settle(component, true);
    const { event, nearest, ...rest } = this.#earliest ?? rejection;
    const written = { ...rest, event: this.#lineOf(event), nearest: nearest && this.#lineOf(nearest) };
    this.#conclude({ ...this.#counts(), verdict: "rejected", rejection: written });
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
      segments: this.#registry.count,
      threads: this.#threads.size,
      candidates: this.#candidates,
    };
  }
}

function operationOf(line: number, { thread, call }: CallEvent, pages: number): Operation {
  const child = call.call === "dup" ? call.into : null;
  const seen = { call, ret: undefined, answers: {}, panicked: false };
  return { thread, seg: call.seg, child, pages, line, seen, end: null, returned: Number.POSITIVE_INFINITY };
}
