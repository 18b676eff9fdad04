import { type AnyStateMachine, and, assign, enqueueActions, not, or, stateIn } from "xstate";
import {
  type CombinedGuard,
  EVENTS,
  type Guard,
  type Hop,
  type Jump,
  type Operation,
  type PlainGuard,
  RAISED,
  type Shape,
} from "./machine-shape.js";
import { type At, chart } from "./machines/specimen.js";

/** A state node to be, with what one must know of it before the machine is there. */
interface Plan {
  readonly id: string;
  readonly kind: Shape["kind"] | "history";
  readonly parent: Plan | undefined;
  /** From the root, as in a state value; empty for the root. */
  readonly path: readonly string[];
  readonly shape: Shape | undefined;
}

export interface BuildOptions {
  /**
   * Leaves out eventless transitions that may be taken together with others: their order depends on the way to the state,
   * and no key tells the ways apart.
   */
  readonly keyed: boolean;
}

/**
 * The machine of a shape. State nodes have the ids `n0`, `n1`, …; transition number 7 has an action of its own, of type
 * `t7`, so that others can count how often it is taken.
 */
export function buildMachine(shape: Shape, { keyed }: BuildOptions): AnyStateMachine {
  const config = new Builder(shape, keyed).config();
  return chart({
    ...config,
    context: { n: 0, list: [], held: new Set(), fuel: FUEL },
    output: ({ context, event }: At) => [context.n, event.type, event.output],
    options: { maxIterations: 60 },
  });
}

/**
 * As many eventless transitions, raised events and answers to done events there are in one step at most, almost: then they
 * wait until a transition on an event of the alphabet fills up again.
 */
const FUEL = 2;
const hasFuel = ({ context }: At): boolean => context.fuel > 0;
const burn = assign({ fuel: ({ context }: At) => context.fuel - 1 });
const refuel = assign({ fuel: FUEL });

function whileFuel(actions: readonly object[], guard: Predicate | undefined): object {
  return { guard: guard === undefined ? hasFuel : and([hasFuel, guard]), actions: [...actions, burn] };
}

class Builder {
  readonly #plans: Plan[] = [];
  readonly #keyed: boolean;
  readonly #hopping: Plan[] = [];
  #transition = 0;

  constructor(shape: Shape, keyed: boolean) {
    this.#keyed = keyed;
    this.#plan(shape, undefined, []);
  }

  config(): object {
    return this.#stateNode(this.#plans[0] as Plan);
  }

  #plan(shape: Shape, parent: Plan | undefined, path: readonly string[]): void {
    const plan: Plan = { id: `n${this.#plans.length}`, kind: shape.kind, parent, path, shape };
    this.#plans.push(plan);
    for (const [index, child] of shape.children.entries()) this.#plan(child, plan, [...path, `c${index}`]);
    if (shape.history === undefined || shape.children.length === 0) return;
    this.#plans.push({ id: `n${this.#plans.length}`, kind: "history", parent: plan, path: [...path, "h"], shape });
  }

  #stateNode(plan: Plan): object {
    const { id, kind, shape } = plan;
    if (shape === undefined || kind === "history") return this.#history(plan);
    const entry = shape.entry.map(action);
    const exit = shape.exit.map(action);
    if (kind === "final") {
      return { id, type: "final", entry, exit, ...(shape.output ? { output: ({ context }: At) => context.n } : {}) };
    }
    const on = new Map<string, object[]>();
    for (const jump of shape.jumps) on.set(jump.on, [...(on.get(jump.on) ?? []), this.#jump(jump)]);
    const always = this.#mayHop(plan) ? shape.hops.map((hop) => this.#hop(hop)) : [];
    return { id, entry, exit, on: Object.fromEntries(on), always, ...this.#inside(plan, shape) };
  }

  #inside(plan: Plan, { kind, children, done }: Shape): object {
    if (children.length === 0) return {};
    const onDone = done === undefined ? {} : { onDone: this.#done(done) };
    const inner = this.#plans.filter(({ parent }) => parent === plan);
    const states = Object.fromEntries(inner.map((child) => [child.path.at(-1), this.#stateNode(child)]));
    return { ...(kind === "parallel" ? { type: "parallel" } : { initial: "c0" }), ...onDone, states };
  }

  #history({ id, shape }: Plan): object {
    const { history, kind, children = [] } = shape ?? {};
    const target = history?.target ?? (kind === "parallel" ? 0 : undefined);
    const named = target === undefined ? {} : { target: `c${target % children.length}` };
    return { id, type: "history", history: history?.deep === true ? "deep" : "shallow", ...named };
  }

  #jump({ on, targets, guard, reenter, operations, forbidden }: Jump): object {
    const guarded: { readonly guard?: Predicate } = guard === undefined ? {} : { guard: this.#guard(guard) };
    if (forbidden) return guarded;
    const named = targets.length === 0 ? {} : { target: this.#targets(targets) };
    const actions = [this.#ownAction(), ...operations.map(action), ...(ALPHABET.has(on) ? [refuel] : [])];
    // A wildcard takes done events, too.
    return { ...named, ...guarded, reenter, actions, ...(on === "*" ? whileFuel(actions, guarded.guard) : {}) };
  }

  #done(jump: Jump): object {
    return this.#jump({ ...jump, on: "*", forbidden: false });
  }

  #hop({ target, operations }: Hop): object {
    const actions = [this.#ownAction(), ...operations.map(action), burn];
    return { target: `#${this.#at(target).id}`, guard: hasFuel, actions };
  }

  #targets(numbers: readonly number[]): string[] {
    const [first, second] = numbers.map((number) => this.#at(number));
    const both = first !== undefined && second !== undefined && areApart(first, second) ? [first, second] : [first];
    return both.flatMap((plan) => (plan === undefined ? [] : [`#${plan.id}`]));
  }

  #at(number: number): Plan {
    // Modulo their number, there is one.
    return this.#plans[number % this.#plans.length] as Plan;
  }

  #mayHop(plan: Plan): boolean {
    if (plan.shape?.hops.length === 0) return false;
    if (this.#keyed && this.#hopping.some((other) => mayHopTogether(plan, other))) return false;
    this.#hopping.push(plan);
    return true;
  }

  #guard(guard: Guard): Predicate {
    return "of" in guard
      ? combined(
          guard.is,
          guard.of.map((inner) => this.#guard(inner)),
        )
      : this.#plainGuard(guard);
  }

  #plainGuard({ is, number }: PlainGuard): Predicate {
    switch (is) {
      case "below":
        return ({ context }: At) => context.n < number % 3;
      case "from":
        return ({ context }: At) => context.n >= number % 3;
      case "in":
        return stateIn(`#${this.#at(number).id}`) as Predicate;
      case "matches":
        return stateIn(this.#at(number).path.join(".") || "c0") as Predicate;
      case "longer":
        return ({ context }: At) => context.list.length > number % 2;
      case "has":
        return ({ context }: At) => context.held.has(number % 2);
      case "carries":
        return ({ event }: At) => (event.x ?? 0) === number % 2;
    }
  }

  #ownAction(): { readonly type: string } {
    this.#transition += 1;
    return { type: `t${this.#transition}` };
  }
}

const ALPHABET: ReadonlySet<string> = new Set(EVENTS.map(({ type }) => type));

/** XState takes both sorts, and says so in more types than are needed here. */
type Predicate = (args: At) => boolean;

function combined(is: CombinedGuard["is"], of: readonly Predicate[]): Predicate {
  switch (is) {
    case "not":
      return not(of[0] ?? (() => false)) as Predicate;
    case "and":
      return and([...of]) as Predicate;
    case "or":
      return or([...of]) as Predicate;
  }
}

function action({ do: what, number }: Operation) {
  switch (what) {
    case "set":
      return assign({ n: number });
    case "add":
      return assign({ n: ({ context }: At) => (context.n + number) % 3 });
    case "push":
      return assign({ list: ({ context }: At) => (context.list.length < 2 ? [...context.list, context.n] : []) });
    case "toggle":
      return assign(({ context: { held } }: At) => ({
        held: new Set(held.has(number % 2) ? [] : [...held, number % 2]),
      }));
    case "copy":
      return assign(({ context }: At) => ({ ...context, list: [...context.list] }));
    case "take":
      return assign({ n: ({ context, event }: At) => event.x ?? context.n });
    case "raise":
      return raiseWithFuel;
  }
}

const raiseWithFuel = enqueueActions(({ context, enqueue }) => {
  if (context.fuel <= 0) return;
  enqueue(burn);
  enqueue.raise({ type: RAISED });
});

function ancestors(plan: Plan): Plan[] {
  return plan.parent === undefined ? [plan] : [plan, ...ancestors(plan.parent)];
}

/** The innermost state node that both lie in or are. */
function common(left: Plan, right: Plan): Plan | undefined {
  const above = new Set(ancestors(left));
  return ancestors(right).find((plan) => above.has(plan));
}

/** Whether both can be targets of one transition: they lie in different regions of a parallel node. */
function areApart(left: Plan, right: Plan): boolean {
  const meeting = common(left, right);
  if (meeting === left || meeting === right || meeting?.kind !== "parallel") return false;
  return [left, right].every(({ kind, parent }) => kind !== "history" || parent !== meeting);
}

/** Whether eventless transitions of both can be selected in one step, for different leaves. */
function mayHopTogether(left: Plan, right: Plan): boolean {
  const meeting = common(left, right);
  if (meeting !== left && meeting !== right) return meeting?.kind === "parallel";
  const [inner, outer] = meeting === left ? [right, left] : [left, right];
  const between = ancestors(inner).slice(1);
  return between.slice(0, between.indexOf(outer) + 1).some(({ kind }) => kind === "parallel");
}
