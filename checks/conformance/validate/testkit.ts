import { getInitialSnapshot } from "xstate";
import type { Call, Driver, Returned } from "../../../impl/driver.js";
import { segmfDriver } from "../../../impl/segmf/edition.js";
import type { ErratumId } from "../../../impl/segmf/errata.js";
import { type Awaited, awaiting } from "../../../model/alphabet.js";
import { answerEvent, callEvent, type SpecEvent } from "../../../model/events.js";
import { type SegmentMachine, type SpecSnapshot, segmentMachine } from "../../../model/machine.js";
import { panicked } from "../../../model/projection.js";
import { returned } from "../../../model/returned.js";
import { formatLog } from "../../../traces/log/format.js";
import type { EndEvent, Log, LogEvent, PanicEvent, ReturnEvent, SeenAnswers } from "../../../traces/log/log.js";
import { LogReader } from "../../../traces/log/read.js";
import { stateKey } from "../../engine/index.js";
import { transition } from "../../engine/testing/transition.js";
import { logLines, type Omissions } from "../record/log.js";
import { type RandomLogOptions, randomEvents } from "../record/random.js";
import { Validator } from "./validator.js";
import type { Validation } from "./verdict.js";

/** The verdict on a log, as it is read from its text. */
export function validateText(text: string, piece = text.length): Validation {
  const reader = new LogReader("f.jsonl");
  const bytes = new TextEncoder().encode(text);
  let validator: Validator | null = null;
  const events = function* () {
    for (let at = 0; at < bytes.length; at += piece) yield* reader.push(bytes.subarray(at, at + piece));
    yield* reader.finish();
  };
  for (const event of events()) {
    if (validator === null && reader.header !== null) validator = new Validator(reader.header);
    validator?.take(event);
  }
  if (reader.header === null) throw new Error("the log has no header");
  return (validator ?? new Validator(reader.header)).finish(reader.ended);
}

export function validateLog(log: Log): Validation {
  return validateText(formatLog(log));
}

/** `accepted`, `rejected 12`, or why it is incomplete. */
export function verdictOf(validation: Validation): string {
  if (validation.verdict === "rejected") return `rejected ${validation.rejection.line}`;
  return validation.verdict === "accepted" ? "accepted" : validation.why;
}

export function driverWith(errata: readonly ErratumId[], pages: number, kernel: "debug" | "release" = "debug"): Driver {
  return segmfDriver({ machine: { kernel, pages, maxGrefs: 16 }, errata: new Set(errata) });
}

/** A log of random calls as text. */
export function randomText(driver: Driver, options: RandomLogOptions, omissions: Partial<Omissions> = {}): string {
  const { pages, maxGrefs } = driver.machine;
  const header = { pages, maxGrefs, addresses: "convention", recorded: null } as const;
  return [...logLines(header, randomEvents(driver, options), { answers: "all", from: 0, ...omissions })].join("");
}

/*
 * The same question answered by brute force: XState itself steps the chart with all its pages and segments, every answer is
 * taken both ways, every call that is under way may have taken effect by any event, and states are told apart by their
 * whole content. Only the brackets of calls and returns are looked at besides.
 */

interface BruteCall {
  readonly call: Call;
  /** What it returned and what it was answered, once it has taken effect. */
  readonly came: { readonly ret: Returned; readonly panics: boolean; readonly asked: readonly Asked[] } | null;
}

interface Asked {
  readonly wanted: Awaited;
  readonly refused: boolean;
}

interface Brute {
  readonly snapshot: SpecSnapshot;
  readonly threads: ReadonlyMap<number, BruteCall>;
}

/** Stands for any errno of VOP_ADDMAP. */
const ANY_ERRNO = 6;

/** What things may be after some events; `null` after a panic, when nothing may follow. */
type After = readonly Brute[] | null;

/** Judges a log, and others that make no more segments; of those the events that they begin alike with are looked at once. */
export class BruteForce {
  readonly #machine: SegmentMachine;
  readonly #log: Log;
  /** By the number of events of the log. */
  readonly #after: After[];

  constructor(log: Log) {
    const calls = log.events.flatMap((event) => (event.event === "call" ? [event.call.call] : []));
    const creates = Math.max(1, calls.filter((call) => call === "create").length);
    const forks = calls.filter((call) => call === "dup").length;
    this.#log = log;
    this.#machine = segmentMachine({ pages: log.header.pages, forks, maxGrefs: log.header.maxGrefs, creates });
    this.#after = [[{ snapshot: getInitialSnapshot(this.#machine), threads: new Map() }]];
  }

  /** `accepted` or `rejected N`, for a log in which no segments are made by calls that overlap. */
  judge({ events }: Log): string {
    let all = this.#after[0] ?? null;
    let isSame = true;
    for (const [index, event] of events.entries()) {
      if (event.event === "end") break;
      isSame &&= event === this.#log.events[index];
      const known = isSame ? this.#after[index + 1] : undefined;
      all = known ?? (all === null ? [] : this.#step(all, event));
      if (isSame) this.#after[index + 1] = all;
      if (all?.length === 0) return `rejected ${index + 2}`;
    }
    return "accepted";
  }

  #step(all: readonly Brute[], event: Exclude<LogEvent, EndEvent>): After {
    if (event.event !== "call") {
      const next = all.flatMap((one) => ended(one, event));
      return event.event === "panic" && next.length > 0 ? null : closure(this.#machine, next);
    }
    const idle = all.filter(({ threads }) => !threads.has(event.thread));
    if (!idle.some(({ snapshot }) => snapshot.can(callEvent(event.call)))) return [];
    const begun = idle.map(({ snapshot, threads }) => ({
      snapshot,
      threads: new Map(threads).set(event.thread, { call: event.call, came: null }),
    }));
    return closure(this.#machine, begun);
  }
}

function ended({ snapshot, threads }: Brute, event: ReturnEvent | PanicEvent): readonly Brute[] {
  const came = threads.get(event.thread)?.came;
  const panics = event.event === "panic";
  if (!came || came.panics !== panics || !agrees(came, event.answers, panics ? undefined : event.ret)) return [];
  const left = new Map(threads);
  left.delete(event.thread);
  return [{ snapshot, threads: left }];
}

function agrees(came: NonNullable<BruteCall["came"]>, seen: SeenAnswers, ret: Returned | undefined): boolean {
  let updates = 0;
  for (const { wanted, refused } of came.asked) {
    const answer = answerSeen(wanted, seen, updates);
    if (wanted.kind === "update_va_mapping") updates++;
    if (answer !== undefined && (answer !== 0) !== refused) return false;
    if (wanted.kind === "addmap" && refused && ret !== undefined)
      return typeof ret === "number" && ret === (answer ?? ret) && ret !== 0;
  }
  return ret === undefined || came.panics || ret === came.ret;
}

/** What was seen of the answer that is waited for. @param updates how many frames were asked for before */
export function answerSeen(wanted: Awaited, seen: SeenAnswers, updates: number): number | undefined {
  switch (wanted.kind) {
    case "addmap":
      return seen.addmap;
    case "update_va_mapping":
      return seen.update_va_mapping === undefined ? undefined : (seen.update_va_mapping[updates] ?? 0);
    case "map_grant_ref":
    case "unmap_grant_ref":
      return seen[wanted.kind] === undefined ? undefined : (seen[wanted.kind]?.[0]?.rc ?? 0);
    case "map_grant_ref_status":
      return seen.map_grant_ref === undefined ? undefined : (seen.map_grant_ref[0]?.status[wanted.element] ?? 0);
    case "unmap_grant_ref_status":
      return seen.unmap_grant_ref === undefined ? undefined : (seen.unmap_grant_ref[0]?.status[wanted.element] ?? 0);
  }
}

/** These, and what they become when calls under way take effect, in any order. */
function closure(machine: SegmentMachine, from: readonly Brute[]): readonly Brute[] {
  const reached = new Map(from.map((one) => [bruteKey(one), one]));
  for (const one of reached.values()) {
    for (const [thread, { call, came }] of one.threads) {
      if (came !== null || !one.snapshot.can(callEvent(call))) continue;
      for (const next of effects(machine, one, thread, call)) {
        const key = bruteKey(next);
        if (!reached.has(key)) reached.set(key, next);
      }
    }
  }
  return [...reached.values()];
}

function bruteKey({ snapshot, threads }: Brute): string {
  return `${stateKey(snapshot)} ${JSON.stringify([...threads], (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))}`;
}

/** All that a call may come to. */
function* effects(machine: SegmentMachine, one: Brute, thread: number, call: Call): Generator<Brute> {
  const todo: { snapshot: SpecSnapshot; event: SpecEvent; asked: readonly Asked[] }[] = [
    { snapshot: one.snapshot, event: callEvent(call), asked: [] },
  ];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [snapshot, actions] = transition(machine, next.snapshot, next.event);
    const end = returned(actions);
    if (end !== null) {
      const came = { ret: end.ret, panics: panicked(snapshot), asked: next.asked };
      yield { snapshot, threads: new Map(one.threads).set(thread, { call, came }) };
      continue;
    }
    const wanted = awaiting(snapshot);
    if (wanted === null) throw new Error(`the chart waits for nothing in ${call.call}`);
    for (const refused of [false, true]) {
      const answer = !refused ? 0 : wanted.kind === "addmap" ? ANY_ERRNO : -1;
      todo.push({ snapshot, event: answerEvent(wanted.kind, answer), asked: [...next.asked, { wanted, refused }] });
    }
  }
}
