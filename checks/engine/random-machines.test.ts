import assert from "node:assert/strict";
import test from "ava";
import fc from "fast-check";
import { type AnyStateMachine, assign, createMachine, type EventObject, raise, stateIn } from "xstate";
import type { EngineError } from "./errors.js";
import { type Exploration, explore } from "./index.js";
import { bruteForce } from "./testing/brute-force.js";

/*
 * Machines at random, with everything that a chart may hold: nesting, regions, history, final state nodes, eventless
 * transitions, raised events, wildcards, guards on the context and on where the machine is, transitions of two regions
 * that exclude each other. Each transition has a custom action of its own, and XState says which of them it would run:
 * so not only the counts but also the coverage is held against an independent witness.
 */

interface Jump {
  readonly event: string;
  /** Which state node to go to, modulo their number; none to stay. */
  readonly target: number | undefined;
  readonly reenter: boolean;
  readonly guard: readonly ["below" | "from" | "in", number] | undefined;
  readonly set: number | undefined;
}

interface Shape {
  readonly kind: "atomic" | "compound" | "parallel" | "final";
  readonly children: readonly Shape[];
  readonly history: "shallow" | "deep" | undefined;
  readonly jumps: readonly Jump[];
  /** Eventless transitions; each adds 1 to the context and needs it below 2, so they come to an end. */
  readonly hops: readonly number[];
  readonly raises: boolean;
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const jump: fc.Arbitrary<Jump> = fc.record({
  event: fc.constantFrom("a", "b", "c", "a", "b", "c", "a", "b", "raised", "*"),
  target: fc.option(fc.nat(30), { nil: undefined, freq: 5 }),
  reenter: fc.boolean(),
  guard: maybe(fc.tuple(fc.constantFrom("below", "from", "in"), fc.nat(30))),
  set: maybe(fc.nat(2)),
});

const inner = {
  history: maybe(fc.constantFrom("shallow" as const, "deep" as const)),
  jumps: fc.array(jump, { maxLength: 4, size: "max" }),
  hops: fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(30), { maxLength: 1 }) },
  ),
  raises: fc.oneof({ weight: 19, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
};

const { shape } = fc.letrec<{ shape: Shape; leaf: Shape; branch: Shape }>((tie) => ({
  shape: fc.oneof({ maxDepth: 2, withCrossShrink: true }, tie("leaf"), tie("branch")),
  leaf: fc.record({
    ...inner,
    kind: fc.constantFrom("atomic", "atomic", "atomic", "atomic", "final"),
    children: fc.constant([]),
  }),
  branch: fc.record({
    ...inner,
    kind: fc.constantFrom("compound", "parallel"),
    children: fc.array(tie("shape"), { minLength: 1, maxLength: 3, size: "max" }),
  }),
}));

const root: fc.Arbitrary<Shape> = fc.record({
  ...inner,
  kind: fc.constantFrom("compound", "parallel", "parallel"),
  children: fc.array(shape, { minLength: 2, maxLength: 4, size: "max" }),
});

function hasHistory({ children, history }: Shape): boolean {
  return history !== undefined && children.length > 0;
}

function countNodes(shape: Shape): number {
  return shape.children.reduce((sum, child) => sum + countNodes(child), hasHistory(shape) ? 2 : 1);
}

interface Args {
  readonly context: unknown;
}

const n = ({ context }: Args): number => (context as { readonly n: number }).n;

/** Makes the machine of a shape. State nodes are `n0`, `n1`, …; the action of transition number 7 is of type `t7`. */
class Builder {
  readonly #nodes: number;
  #node = 0;
  #transition = 0;

  constructor(shape: Shape) {
    this.#nodes = countNodes(shape);
  }

  stateNode(shape: Shape): object {
    const id = this.#newId();
    if (shape.kind === "final") return { id, type: "final" };
    const on = new Map<string, object[]>();
    for (const jump of shape.jumps) on.set(jump.event, [...(on.get(jump.event) ?? []), this.#jump(jump)]);
    return {
      id,
      ...this.#inside(shape),
      ...(shape.raises ? { entry: raise({ type: "raised" }) } : {}),
      on: Object.fromEntries(on),
      always: shape.hops.map((to) => this.#hop(to)),
    };
  }

  #inside(shape: Shape): object {
    if (shape.children.length === 0) return {};
    const states = shape.children.map((child, index) => [`c${index}`, this.stateNode(child)] as const);
    const { history } = shape;
    const remembered = hasHistory(shape) ? [["h", { id: this.#newId(), type: "history", history }] as const] : [];
    return {
      ...(shape.kind === "parallel" ? { type: "parallel" } : { initial: "c0" }),
      states: Object.fromEntries([...states, ...remembered]),
    };
  }

  #jump({ target, guard, reenter, set }: Jump): object {
    return {
      ...(target === undefined ? {} : { target: this.#target(target) }),
      ...(guard === undefined ? {} : { guard: this.#guard(...guard) }),
      reenter,
      actions: [this.#ownAction(), ...(set === undefined ? [] : [assign({ n: set })])],
    };
  }

  #hop(target: number): object {
    const more = assign({ n: (args: Args) => n(args) + 1 });
    return { target: this.#target(target), guard: this.#guard("below", 2), actions: [this.#ownAction(), more] };
  }

  #guard(kind: "below" | "from" | "in", number: number) {
    if (kind === "in") return stateIn(this.#target(number));
    return (args: Args): boolean => n(args) < number % 3 === (kind === "below");
  }

  #target(number: number): string {
    return `#n${number % this.#nodes}`;
  }

  #newId(): string {
    this.#node += 1;
    return `n${this.#node - 1}`;
  }

  #ownAction(): { readonly type: string } {
    this.#transition += 1;
    return { type: `t${this.#transition}` };
  }
}

function build(shape: Shape): AnyStateMachine {
  return createMachine({
    ...new Builder(shape).stateNode(shape),
    context: { n: 0 },
    options: { maxIterations: 60 },
  });
}

/** The number of its own action, of each transition in the coverage. */
function takenByAction(machine: AnyStateMachine, { coverage }: Exploration<EventObject>): Map<string, number> {
  return new Map(
    coverage.transitions.map(({ source, event, candidate, taken }) => {
      const node = machine.getStateNodeById(source);
      const written = event === null ? node.always : node.transitions.get(event);
      const [action] = written?.[candidate]?.actions ?? [];
      return [(action as { readonly type: string }).type, taken];
    }),
  );
}

const EVENTS = [{ type: "a" }, { type: "b" }, { type: "c" }] as const;

test("on machines at random the engine agrees with brute force, transition by transition", async (t) => {
  const seen = { endless: 0, large: 0, unused: 0, stuck: 0 };
  const check = fc.asyncProperty(root, async (shape) => {
    const machine = build(shape);
    let expected: ReturnType<typeof bruteForce>;
    try {
      expected = bruteForce(machine, EVENTS);
    } catch {
      seen.endless += 1;
      const error = await explore(machine, { events: EVENTS }).catch((thrown: EngineError) => thrown);
      return "code" in error && error.code === "endless-step";
    }
    const found = await explore(machine, { events: EVENTS });
    seen.large += found.states > 10 ? 1 : 0;
    seen.unused += found.coverage.neverTaken.length > 0 ? 1 : 0;
    seen.stuck += found.deadlocks.count > 0 ? 1 : 0;
    const { states, transitions, depth, deadlocks, actions } = expected;
    const counts = { states: found.states, transitions: found.transitions, depth: found.depth };
    assert.deepEqual({ ...counts, deadlocks: found.deadlocks.count }, { states, transitions, depth, deadlocks });
    for (const [action, taken] of takenByAction(machine, found)) assert.equal(taken, actions.get(action) ?? 0, action);
    return true;
  });
  await t.notThrowsAsync(() => fc.assert(check, { numRuns: 400, seed: 5 }));
  // The sample is worth something only if it has each sort of machine.
  t.log(seen);
  for (const many of Object.values(seen)) t.true(many >= 10);
});
