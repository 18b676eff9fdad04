import fc from "fast-check";
import {
  type CombinedGuard,
  type Guard,
  type History,
  type Hop,
  type Jump,
  type Operation,
  type PlainGuard,
  RAISED,
  type Shape,
} from "./machine-shape.js";

/** Shapes of machines at random. They shrink: to fewer children, fewer transitions, smaller numbers, plainer kinds. */

const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 2) => fc.option(arbitrary, { nil: undefined, freq });

/** Mostly nothing; in one of `weight + 1` cases one or two of them. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight, arbitrary: fc.constant<T[]>([]) },
    { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 2 }) },
  );

const node = fc.nat(30);

const operation: fc.Arbitrary<Operation> = fc.record({
  do: fc.constantFrom("set", "add", "set", "add", "push", "toggle", "copy", "take"),
  number: fc.nat(2),
});

const raising: fc.Arbitrary<Operation> = fc.constant({ do: "raise", number: 0 });

const plainGuard: fc.Arbitrary<PlainGuard> = fc.record({
  is: fc.constantFrom("below", "from", "in", "below", "from", "in", "matches", "longer", "has", "carries"),
  number: node,
});

const combinedGuard: fc.Arbitrary<CombinedGuard> = fc.record({
  is: fc.constantFrom("not", "and", "or"),
  of: fc.tuple(plainGuard, plainGuard),
});

const guard: fc.Arbitrary<Guard> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: plainGuard },
  { weight: 1, arbitrary: combinedGuard },
);

const jump: fc.Arbitrary<Jump> = fc.record({
  on: fc.constantFrom("a", "b", "c", "a", "b", "c", "a", "b", "c.d", RAISED, "c.*", "*"),
  targets: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: fc.array(node, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(node, { minLength: 2, maxLength: 2 }) },
  ),
  reenter: fc.boolean(),
  guard: maybe(guard),
  operations: fc.oneof(
    { weight: 12, arbitrary: rarely(operation, 1) },
    {
      weight: 1,
      arbitrary: fc.array(raising, { minLength: 1, maxLength: 1 }),
    },
  ),
  forbidden: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const hop: fc.Arbitrary<Hop> = fc.record({ target: node, operations: rarely(operation, 4) });
const history: fc.Arbitrary<History> = fc.record({ deep: fc.boolean(), target: maybe(fc.nat(3)) });

const inner = {
  history: maybe(history),
  jumps: fc.array(jump, { maxLength: 4, size: "max" }),
  hops: rarely(hop, 9),
  entry: rarely(fc.oneof({ weight: 3, arbitrary: operation }, { weight: 1, arbitrary: raising }), 9),
  exit: rarely(operation, 9),
  done: maybe(jump),
  output: fc.boolean(),
};

const { shape } = fc.letrec<{ shape: Shape; leaf: Shape; branch: Shape }>((tie) => ({
  shape: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tie("leaf"), tie("branch")),
  leaf: fc.record({
    ...inner,
    kind: fc.constantFrom("atomic", "atomic", "atomic", "final"),
    children: fc.constant([]),
  }),
  branch: fc.record({
    ...inner,
    kind: fc.constantFrom("compound", "compound", "parallel"),
    children: fc.array(tie("shape"), { minLength: 1, maxLength: 3, size: "max" }),
  }),
}));

/** The shape of a whole machine: up to five levels, from one state node with children on. */
export const machineShape: fc.Arbitrary<Shape> = fc.record({
  ...inner,
  kind: fc.constantFrom("compound", "parallel"),
  children: fc.array(shape, { minLength: 2, maxLength: 4, size: "max" }),
});
