import type { CompiledMachine } from "../compiled/machine.js";
import { describeEvent, describeThrown } from "../describe.js";
import { EngineError } from "../errors.js";
import { valueKey } from "../key.js";
import { type Group, groupOf, type Permutation } from "./permutations.js";
import { describePermutation, notSymmetric, renaming } from "./refusals.js";
import { type Regions, regionsOf } from "./regions.js";
import type { AnySymmetry, Renaming } from "./symmetry.js";

type Members = Readonly<Record<string, unknown>>;

/** What renaming makes of a context: nothing else, or something of all of it, or something of each member by itself. */
export interface ContextChange {
  readonly of: "nothing" | "all" | "members";
  readonly make: (context: Members) => unknown;
}

/** A permutation of the things of one declaration, with what it does to a machine. */
export interface Action {
  readonly number: number;
  readonly name: string;
  readonly permutation: Permutation;
  /** The number of the action that undoes it. */
  readonly inverse: number;
  /** What is in the first slot goes to the second: slots of compound state nodes, and of history nodes. */
  readonly moves: readonly (readonly [number, number])[];
  readonly histories: ReadonlyMap<number, number>;
  /** By order number of a state node, that of the one that takes its place. */
  readonly orders: Int32Array;
  /** By number of an event, that of the renamed one. */
  readonly events: readonly number[];
  readonly context: ContextChange;
}

/** One declaration, with its actions: the neighbours' swaps or all permutations, as in its group. */
export interface Orbit {
  readonly group: Group;
  readonly regions: Regions;
  readonly actions: readonly Action[];
}

/**
 * What the declarations come to. All actions are numbered through.
 * @throws EngineError `bad-option`; `not-symmetric` if the events are not closed under the permutations
 */
export function orbitsOf(machine: CompiledMachine, symmetries: readonly AnySymmetry[]): readonly Orbit[] {
  const groups = symmetries.map(groupOf);
  const regions = regionsOf(machine.interpreter.layout, symmetries);
  let base = 0;
  return groups.map((group, index) => {
    // There is one of each for every declaration.
    const made = { index, symmetry: symmetries[index] as AnySymmetry, regions: regions[index] as Regions, base };
    base += group.permutations.length;
    const numbers = new Map(group.permutations.map((permutation, at) => [permutation.join(), made.base + at]));
    const actions = group.permutations.map((permutation, at) => action(machine, made, permutation, at, numbers));
    return { group, regions: made.regions, actions };
  });
}

interface Declared {
  readonly index: number;
  readonly symmetry: AnySymmetry;
  readonly regions: Regions;
  /** The number of its first action. */
  readonly base: number;
}

function action(
  machine: CompiledMachine,
  { index, symmetry, regions, base }: Declared,
  permutation: Permutation,
  at: number,
  numbers: ReadonlyMap<string, number>,
): Action {
  const name = describePermutation(index, permutation);
  const inverse = numbers.get(inverted(permutation).join());
  if (inverse === undefined) throw new Error("a group without an inverse");
  const moves: [number, number][] = [];
  const histories = new Map<number, number>();
  const orders = Int32Array.from(machine.interpreter.layout.nodes, (_, order) => order);
  permutation.forEach((to, from) => {
    regions.nodes[from]?.forEach((node, place) => {
      const counterpart = regions.nodes[to]?.[place];
      if (counterpart === undefined || to === from) return;
      orders[node.order] = counterpart.order;
      if (node.kind === "compound") moves.push([node.slot, counterpart.slot]);
      else if (node.kind === "history") histories.set(node.slot, counterpart.slot);
    });
  });
  const to = renaming(index, permutation);
  return {
    number: base + at,
    name,
    permutation,
    inverse,
    moves,
    histories,
    orders,
    events: renamedEvents(machine, name, (event) => symmetry.event?.(event, to) ?? event),
    context: contextChange(name, symmetry, to),
  };
}

function contextChange(name: string, { context }: AnySymmetry, to: Renaming): ContextChange {
  if (context === undefined) return { of: "nothing", make: (given) => given };
  if (typeof context === "function") {
    return { of: "all", make: (given) => users(name, "context", () => context(given, to)) };
  }
  const renamers = new Map(Object.entries<Renamer>(context));
  const renamed = (member: string, value: unknown): unknown => {
    const rename = renamers.get(member);
    return rename === undefined ? value : users(name, "context", () => rename(value, to));
  };
  const make = (given: Members): unknown =>
    Object.fromEntries(Object.entries(given).map(([member, value]) => [member, renamed(member, value)]));
  return { of: "members", make };
}

type Renamer = (value: unknown, to: Renaming) => unknown;

function inverted(permutation: Permutation): Permutation {
  const inverse = new Array<number>(permutation.length);
  permutation.forEach((to, from) => {
    inverse[to] = from;
  });
  return inverse;
}

function renamedEvents(machine: CompiledMachine, name: string, rename: (event: unknown) => unknown): readonly number[] {
  const numbers = new Map(machine.events.map((event, number) => [valueKey(event), number]));
  const renamed = machine.events.map((event) => {
    const made = users(name, "event", () => rename(event));
    const number = numbers.get(users(name, "event", () => valueKey(made)));
    if (number !== undefined) return number;
    throw notSymmetric(
      `\`events\` lacks ${describeEvent(made)}, which is ${describeEvent(event)} with things renamed`,
      {
        at: name,
        event,
        hint: "A list of events must hold with each event all that the permutations make of it.",
      },
    );
  });
  const twice = renamed.findIndex((number, at) => renamed.indexOf(number) < at);
  if (twice < 0) return renamed;
  throw notSymmetric(
    `Two events become ${describeEvent(machine.events[renamed[twice] ?? 0])} when things are renamed`,
    {
      at: name,
      event: machine.events[twice],
    },
  );
}

/** Runs one of the user's functions. */
function users<T>(name: string, member: "context" | "event", run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown;
    throw notSymmetric(`\`${member}\` of the symmetry threw: ${describeThrown(thrown)}`, { at: name, cause: thrown });
  }
}
