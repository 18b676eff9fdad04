import { isDeepStrictEqual } from "node:util";
import type { AnyMachineSnapshot, EventObject } from "xstate";
import { EngineError } from "../errors.js";
import { stateKey, valueKey } from "../key.js";
import type { MachineSystem } from "../machine-system.js";
import type { TransitionCoverage } from "../result.js";
import type { Key } from "../system.js";
import { type Difference, Differs } from "./difference.js";

/*
 * Two systems of the same machine in lockstep: from the initial states on, breadth first, every edge of the one is made
 * on the other too, and whatever can be seen is compared. So two engines that agree explore the same states, edges,
 * levels and deadlocks, show the same snapshots, and count the same coverage.
 */

export interface Agreement {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly deadlocks: number;
  /** False if the limit stopped the comparison. */
  readonly complete: boolean;
  /** The code of the error that both ended with. */
  readonly error?: string;
  /** Where the two first differ; none if they agree as far as was seen. */
  readonly difference?: Difference;
}

export interface AgreementOptions {
  /** Stops when there are more states than these. */
  readonly states?: number;
  /** Every event that may occur: `can` is compared for each in each state, enabled or not. */
  readonly alphabet?: readonly EventObject[];
}

/** Compares `actual` with `expected` over all states that can be reached. Throws nothing that the systems throw. */
export function agreement<Expected, Actual>(
  expected: MachineSystem<Expected>,
  actual: MachineSystem<Actual>,
  { states = 20_000, alphabet = [] }: AgreementOptions = {},
): Agreement {
  return new Lockstep(expected, actual, states, alphabet).run();
}

interface Pair<Expected, Actual> {
  readonly expected: Expected;
  readonly actual: Actual;
  readonly keys: readonly [Key, Key];
  readonly path: readonly EventObject[];
}

/** Both ended with an error of the same code. */
class SameError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

class Lockstep<Expected, Actual> {
  readonly #expected: MachineSystem<Expected>;
  readonly #actual: MachineSystem<Actual>;
  readonly #limit: number;
  readonly #alphabet: readonly EventObject[];
  /** The pairs reached, in the order in which they were. */
  readonly #pairs: Pair<Expected, Actual>[] = [];
  readonly #byExpected = new Map<Key, Key>();
  readonly #byActual = new Map<Key, Key>();
  #transitions = 0;
  #deadlocks = 0;

  constructor(
    expected: MachineSystem<Expected>,
    actual: MachineSystem<Actual>,
    limit: number,
    alphabet: readonly EventObject[],
  ) {
    this.#expected = expected;
    this.#actual = actual;
    this.#limit = limit;
    this.#alphabet = alphabet;
  }

  run(): Agreement {
    let complete = false;
    try {
      complete = this.#explore();
      if (complete) this.#compareCoverage();
    } catch (thrown) {
      if (thrown instanceof Differs) return { ...this.#counts(), complete, difference: thrown.difference };
      if (thrown instanceof SameError) return { ...this.#counts(), complete, error: thrown.code };
      throw thrown;
    }
    return { ...this.#counts(), complete };
  }

  #counts() {
    const depth = (this.#pairs.at(-1)?.path.length ?? -1) + 1;
    return { states: this.#pairs.length, transitions: this.#transitions, depth, deadlocks: this.#deadlocks };
  }

  #explore(): boolean {
    const [expected, actual] = both(
      () => this.#expected.initial(),
      () => this.#actual.initial(),
      { path: [] },
    );
    this.#reach(expected, actual, []);
    for (const pair of this.#pairs) {
      if (!this.#expand(pair)) return false;
    }
    return true;
  }

  /** Takes every edge of one pair of states. False if that would go past the limit. */
  #expand(pair: Pair<Expected, Actual>): boolean {
    const { path } = pair;
    const [wanted, given] = both(
      () => this.#expected.enabled(pair.expected)[Symbol.iterator](),
      () => this.#actual.enabled(pair.actual)[Symbol.iterator](),
      { path },
    );
    for (let number = 0; ; number += 1) {
      const [want, got] = both(
        () => wanted.next(),
        () => given.next(),
        { path },
      );
      const event = want.done === true ? undefined : want.value;
      same(`enabled event ${number}`, event, got.done === true ? undefined : got.value, { path });
      if (event === undefined) {
        this.#expanded(pair, number);
        return true;
      }
      if (!this.#step(pair, event)) return false;
    }
  }

  #step(pair: Pair<Expected, Actual>, event: EventObject): boolean {
    const at = { path: pair.path, event };
    const [expected, actual] = both(
      () => this.#expected.next(pair.expected, event),
      () => this.#actual.next(pair.actual, event),
      at,
    );
    const fresh = this.#reach(expected, actual, [...pair.path, event], at);
    this.#transitions += 1;
    return !fresh || this.#pairs.length <= this.#limit;
  }

  #expanded(pair: Pair<Expected, Actual>, transitions: number): void {
    const { path } = pair;
    const after = [this.#expected.key(pair.expected), this.#actual.key(pair.actual)];
    same("keys after the state's edges were taken", pair.keys, after, { path });
    if (transitions === 0 && this.#expected.snapshot(pair.expected).status === "active") this.#deadlocks += 1;
  }

  /** Compares two states, and says whether they are new ones. Each has one partner, whatever way leads to it. */
  #reach(expected: Expected, actual: Actual, path: readonly EventObject[], at: Place = { path }): boolean {
    const [left, right] = both(
      () => this.#expected.key(expected),
      () => this.#actual.key(actual),
      at,
    );
    compareSnapshots(this.#expected.snapshot(expected), this.#actual.snapshot(actual), at);
    const partner = this.#byExpected.get(left);
    if (partner !== undefined) {
      same("key, of a state that was reached before,", partner, right, at);
      return false;
    }
    same("partner of the key, of a state that is new,", undefined, this.#byActual.get(right), at);
    this.#byExpected.set(left, right);
    this.#byActual.set(right, left);
    this.#pairs.push({ expected, actual, keys: [left, right], path });
    this.#compareCan(this.#expected.snapshot(expected), this.#actual.snapshot(actual), at);
    return true;
  }

  #compareCan(expected: AnyMachineSnapshot, actual: AnyMachineSnapshot, at: Place): void {
    for (const event of this.#alphabet) {
      const [want, got] = both(
        () => expected.can(event),
        () => actual.can(event),
        at,
      );
      same(`can(${valueKey(event)})`, want, got, at);
    }
  }

  #compareCoverage(): void {
    const expected = this.#expected.coverage();
    const actual = this.#actual.coverage();
    const at = { path: [] };
    for (const [index, transition] of expected.transitions.entries()) {
      same(`coverage of ${named(transition)}`, transition, actual.transitions[index], at);
    }
    for (const [index, { event, enabled }] of expected.events.entries()) {
      same(`coverage of event ${valueKey(event)}`, { event, enabled }, actual.events[index], at);
    }
    same("coverage", expected, actual, at);
  }
}

interface Place {
  readonly path: readonly EventObject[];
  readonly event?: EventObject;
}

function compareSnapshots(expected: AnyMachineSnapshot, actual: AnyMachineSnapshot, at: Place): void {
  same("status", expected.status, actual.status, at);
  same("state value", expected.value, actual.value, at);
  same("context", expected.context, actual.context, at);
  same("history", history(expected), history(actual), at);
  same("output", expected.output, actual.output, at);
  same("tags", [...expected.tags].sort(), [...actual.tags].sort(), at);
  same("meta", expected.getMeta(), actual.getMeta(), at);
  // What the parts can't show: the key distinguishes more than deep equality does in some corners (a null prototype).
  same("state key", stateKey(expected), stateKey(actual), at);
}

function history({ historyValue }: AnyMachineSnapshot): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(historyValue).map(([id, nodes]) => [id, nodes.map((node) => node.id).sort()]),
  );
}

function named({ source, event, candidate }: TransitionCoverage): string {
  return `candidate ${candidate} of ${event ?? "always"} at '${source}'`;
}

function same(what: string, expected: unknown, actual: unknown, { path, event }: Place): void {
  if (isDeepStrictEqual(expected, actual)) return;
  throw new Differs({ what, path, expected, actual, ...(event === undefined ? {} : { event }) });
}

type Attempt<T> = { readonly value: T } | { readonly thrown: unknown };

function attempt<T>(action: () => T): Attempt<T> {
  try {
    return { value: action() };
  } catch (thrown) {
    return { thrown };
  }
}

/** Does the same thing with both; where one throws, the other must throw an error of the same code. */
function both<Left, Right>(expected: () => Left, actual: () => Right, at: Place): readonly [Left, Right] {
  const left = attempt(expected);
  const right = attempt(actual);
  if ("value" in left && "value" in right) return [left.value, right.value];
  same("error", "thrown" in left ? code(left.thrown) : "none", "thrown" in right ? code(right.thrown) : "none", at);
  throw new SameError("thrown" in left ? code(left.thrown) : "none");
}

function code(thrown: unknown): string {
  return thrown instanceof EngineError ? thrown.code : String(thrown);
}
