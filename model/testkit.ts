import { initialTransition } from "xstate";
import { transition } from "../checks/engine/testing/transition.js";
import type { AddGrefsCall, AddMfnsCall, Call, Prot } from "../impl/driver.js";
import { type Awaited, awaiting } from "./awaiting.js";
import { pteAddress } from "./constants.js";
import { answerEvent, callEvent } from "./events.js";
import type { Expectation, ExpectedPage } from "./expectation.js";
import { type SegmentMachine, type SpecSnapshot, segmentMachine } from "./machine.js";
import type { ChartSize } from "./plan.js";
import { project, quiescent, waiting } from "./projection.js";
import { returned } from "./returned.js";

/** For tests: a run of the specification, call by call. */
export class Play {
  snapshot: SpecSnapshot;
  readonly #machine: SegmentMachine;

  constructor(size: Partial<ChartSize> = {}) {
    this.#machine = segmentMachine({ pages: 3, forks: 0, maxGrefs: 16, ...size });
    this.snapshot = initialTransition(this.#machine)[0];
  }

  /** Performs a call that waits for exactly these answers. */
  perform(call: Call, ...answers: readonly number[]): Foreseen {
    const left = [...answers];
    const foreseen = foresee(this.#machine, this.snapshot, call, ({ kind }) => {
      const answer = left.shift();
      if (answer === undefined) throw new Error(`${call.call} waits for one more answer: ${kind}`);
      return answer;
    });
    if (left.length > 0) throw new Error(`${call.call} left ${left.length} answers`);
    this.snapshot = foreseen.next;
    return foreseen;
  }

  /** How a call ends: verdict, return value, and what is then in the segment that it was made on. */
  ends(call: Call, ...answers: readonly number[]): string {
    const { verdict, ret } = this.perform(call, ...answers);
    return `${verdict} ${ret} | ${this.picture(call.seg)}`;
  }

  /** A live segment 0 whose pages are registered as the list says. */
  live({ prot = "rw" as Prot, registered = [] as readonly number[] } = {}): this {
    this.perform({ call: "create", seg: 0, prot, maxprot: "rwx" }, 0);
    for (const page of registered) this.perform(register(page));
    return this;
  }

  /** A segment in a line: its domid, then each page: `-`, a frame in hex, or a reference with `r` or `w`; a `*` where it is registered; `waits`. */
  picture(seg = 0): string {
    const segment = project(this.snapshot).segments[seg];
    if (!segment) return segment === null ? "gone" : "absent";
    const pages = segment.pages.map((page, at) => `${pagePicture(page)}${segment.registered[at] ? "*" : ""}`);
    const { stillborn, domid } = segment;
    return [
      `${domid}:`,
      ...pages,
      ...(stillborn ? ["stillborn"] : []),
      ...(waiting(this.snapshot, seg) ? ["waits"] : []),
    ].join(" ");
  }
}

function pagePicture(page: ExpectedPage): string {
  switch (page.type) {
    case "empty":
      return "-";
    case "mfn":
      return page.mfn.toString(16);
    case "gref":
      return `${page.gref}${page.writable ? "w" : "r"}`;
  }
}

export function register(page: number, pte_ma = pteAddress(0, page)): Call {
  return { call: "add_gref_pte", seg: 0, page, pte_ma };
}

export function mfns(page: number, count: number, more: Partial<AddMfnsCall> = {}): AddMfnsCall {
  return { call: "add_mfns", seg: 0, page, count, mfn: 0x100 + page, domid: 7, ...more };
}

/** References 5 and up, as many as `count` says. */
export function grefs(page: number, count: number, more: Partial<AddGrefsCall> = {}): AddGrefsCall {
  const refs = Array.from({ length: count }, (_, index) => 5 + page + index);
  return { call: "add_grefs", seg: 0, page, grefs: refs, writable: false, domid: 7, ...more };
}

export function release(page: number, count: number): Call {
  return { call: "release_grefs", seg: 0, page, count };
}

/** Bytes from the segment's base. */
export function unmap(addr: number, len: number, more: { readonly waiting?: boolean } = {}): Call {
  return { call: "unmap", seg: 0, addr, len, ...more };
}

interface Foreseen extends Expectation {
  /** The specification's state after the call. */
  readonly next: SpecSnapshot;
  /** What the call waited for, in order. */
  readonly awaited: readonly Awaited[];
}

/** A call with its answers. Throws a RangeError if the call can't be made: one is under way, or there is no such segment. */
function foresee(
  machine: SegmentMachine,
  snapshot: SpecSnapshot,
  call: Call,
  answer: (awaited: Awaited) => number,
): Foreseen {
  if (!quiescent(snapshot)) throw new RangeError("the specification has a call under way");
  const awaited: Awaited[] = [];
  let [next, actions] = transition(machine, snapshot, callEvent(call));
  for (let end = returned(actions); ; end = returned(actions)) {
    if (end !== null) return { ...end, after: project(next), next, awaited };
    const question = awaiting(next);
    if (question === null) throw new RangeError(`the specification has no ${call.call} on segment ${call.seg} here`);
    awaited.push(question);
    [next, actions] = transition(machine, next, answerEvent(question.kind, answer(question)));
  }
}
