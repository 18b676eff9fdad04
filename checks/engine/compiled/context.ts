import { EngineError } from "../errors.js";
import type { Held } from "./memo.js";
import type { Trace } from "./trace.js";
import { Uncompilable } from "./uncompilable.js";
import { Values } from "./values.js";

/*
 * The context as integers. Each member of the context has a slot, and the slot holds the number of the member's value; so
 * a function that reads two members of ten is evaluated once for each pair of values of those two. The user's functions
 * are given a context that notes what they read of it.
 *
 * Members that share an object are told apart from each other by nobody: they are kept in one slot, so that which object
 * is which stays as the user made it.
 */

/** Thrown where two members turn out to share an object: everything starts again, with the two in one slot. */
export class SharedObject extends Error {
  override readonly name = "SharedObject";
  readonly members: readonly [string, string];

  constructor(left: string, right: string) {
    super(`'${left}' and '${right}' share an object`);
    this.members = [left, right];
  }
}

/** Thrown where a function can't be given the noting context: it is evaluated again with a plain one. */
export class NeedsPlainContext extends Error {
  override readonly name = "NeedsPlainContext";
}

interface Group {
  readonly slot: number;
  readonly values: Values;
  /** Whether it holds several members, and its values are objects of them. */
  readonly several: boolean;
}

type Members = Readonly<Record<string, unknown>>;

export class ContextSlots {
  readonly #trace: Trace;
  readonly #firstSlot: number;
  /** Which members share a slot: by member, the member that names the group. */
  readonly #leaders: ReadonlyMap<string, string>;
  readonly #groups: Group[] = [];
  readonly #byLeader = new Map<string, Group>();
  readonly #byMember = new Map<string, Group>();
  #epoch = 0;
  /** By object, the leader of the member that it was first seen in. */
  readonly #owners = new WeakMap<object, string>();
  /** What the user's functions are given; `null` while they are given a plain copy. */
  readonly noting: Members;

  constructor(trace: Trace, firstSlot: number, leaders: ReadonlyMap<string, string>) {
    this.#trace = trace;
    this.#firstSlot = firstSlot;
    this.#leaders = leaders;
    this.noting = new Proxy({}, this.#handler());
  }

  /** The slots by number, `firstSlot` on: how many there are grows as members come up. */
  get slots(): number {
    return this.#groups.length;
  }

  /**
   * Changes when a member comes up that no context had before. Whatever was concluded from its absence (from all names of
   * the context, say) holds no longer then.
   */
  get epoch(): number {
    return this.#epoch;
  }

  /** How many values the slot has had, none included. */
  radix(slot: number): number {
    return this.#groups[slot - this.#firstSlot]?.values.size ?? 1;
  }

  /** Bytes that the values of all members take, roughly. */
  get bytes(): number {
    return this.#groups.reduce((sum, { values }) => sum + values.bytes, 0);
  }

  /** The names of all members that ever were. */
  get members(): readonly string[] {
    return [...this.#byMember.keys()];
  }

  /** The context of a state as a plain object. */
  plain(read: (slot: number) => number): Members {
    const context: Record<string, unknown> = {};
    this.#trace.look();
    for (const [name, group] of this.#byMember) {
      const id = read(group.slot);
      if (id === 0) continue;
      const value = group.values.value(id);
      if (!group.several) context[name] = value;
      else if (hasMember(value, name)) context[name] = value[name];
    }
    return context;
  }

  /** What an assign returned, as XState merges it into the context: a slot, its new value's number, the next slot … */
  changes(partial: unknown): readonly number[] {
    if (typeof partial === "string" || typeof partial === "function") {
      throw new Uncompilable(null, `an assign returned a ${typeof partial}.`);
    }
    if (typeof partial !== "object" || partial === null) return [];
    const several = new Map<Group, Record<string, unknown>>();
    const changes: number[] = [];
    for (const name of Reflect.ownKeys(partial)) {
      if (typeof name === "symbol") throw new Uncompilable(null, "a member of the context is named by a symbol.");
      if (!Object.prototype.propertyIsEnumerable.call(partial, name)) continue;
      const value: unknown = Reflect.get(partial, name);
      const group = this.#groupOf(name);
      this.#own(value, this.#leaderOf(name), 0);
      if (group.several) this.#members(several, group)[name] = value;
      else changes.push(group.slot, group.values.idOf(value));
    }
    for (const [group, members] of several) changes.push(group.slot, group.values.idOf(members));
    return changes;
  }

  /** @throws EngineError `impure` if the value of one of these slots is not what it was: it was changed in place */
  assertUnchanged(slots: readonly number[], held: Held): void {
    slots.forEach((slot, index) => {
      const group = this.#groups[slot - this.#firstSlot];
      if (group === undefined || group.values.isUnchanged(held(index))) return;
      const member = [...this.#byMember].find(([, other]) => other === group)?.[0] ?? "";
      throw new EngineError("impure", "A state changed while its transitions were taken.", {
        at: member,
        hint: `A step must make new values and leave the old ones as they are: an assign (or a guard) changes context.${member} in place.`,
      });
    });
  }

  #members(several: Map<Group, Record<string, unknown>>, group: Group): Record<string, unknown> {
    let members = several.get(group);
    if (members === undefined) {
      members = { ...(group.values.value(this.#trace.read(group.slot)) as Members | undefined) };
      several.set(group, members);
    }
    return members;
  }

  #leaderOf(name: string): string {
    return this.#leaders.get(name) ?? name;
  }

  #groupOf(name: string): Group {
    const known = this.#byMember.get(name);
    if (known !== undefined) return known;
    const leader = this.#leaderOf(name);
    let group = this.#byLeader.get(leader);
    if (group === undefined) {
      const several = this.#leaders.has(name);
      const slot = this.#firstSlot + this.#groups.length;
      group = { slot, several, values: new Values(several ? "context" : `context.${name}`) };
      this.#groups.push(group);
      this.#byLeader.set(leader, group);
    }
    this.#byMember.set(name, group);
    this.#epoch += 1;
    return group;
  }

  /** Notes which member the objects in a value belong to. */
  #own(value: unknown, leader: string, depth: number): void {
    if (typeof value !== "object" || value === null) return;
    if (value === this.noting) throw new NeedsPlainContext();
    const owner = this.#owners.get(value);
    if (owner === undefined) this.#owners.set(value, leader);
    else if (owner !== leader) throw new SharedObject(owner, leader);
    // Deeper than this only a value is that contains itself: `valueKey` says so.
    if (depth > MAX_DEPTH) return;
    if (value instanceof Map) {
      for (const entry of value) for (const part of entry) this.#own(part, leader, depth + 1);
    } else if (value instanceof Set) {
      for (const item of value) this.#own(item, leader, depth + 1);
    } else {
      for (const item of Object.values(value)) this.#own(item, leader, depth + 1);
    }
  }

  #member(name: string | symbol): { readonly value: unknown } | undefined {
    this.#trace.look();
    if (typeof name === "symbol") return undefined;
    const group = this.#byMember.get(name);
    if (group === undefined) return undefined;
    const id = this.#trace.read(group.slot);
    if (id === 0) return undefined;
    const value = group.values.value(id);
    if (!group.several) return { value };
    return hasMember(value, name) ? { value: value[name] } : undefined;
  }

  #names(): string[] {
    this.#trace.look();
    return [...this.#byMember.keys()].filter((name) => this.#member(name) !== undefined);
  }

  #handler(): ProxyHandler<object> {
    const refuse = (): never => {
      throw new Uncompilable(null, "a guard or an action changes the context in place.");
    };
    return {
      get: (target, name): unknown => {
        const member = this.#member(name);
        return member === undefined ? Reflect.get(target, name) : member.value;
      },
      has: (target, name) => this.#member(name) !== undefined || Reflect.has(target, name),
      ownKeys: () => this.#names(),
      getOwnPropertyDescriptor: (_, name) => {
        const member = this.#member(name);
        return member && { value: member.value, enumerable: true, configurable: true, writable: true };
      },
      set: refuse,
      deleteProperty: refuse,
      defineProperty: refuse,
      setPrototypeOf: refuse,
      preventExtensions: refuse,
    };
  }
}

const MAX_DEPTH = 200;

function hasMember(value: unknown, name: string): value is Members {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name);
}
