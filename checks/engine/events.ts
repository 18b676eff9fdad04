import type { EventObject } from "xstate";
import { describeValue } from "./describe.js";
import { EngineError } from "./errors.js";
import { valueKey } from "./key.js";

/** An event of the alphabet: structurally equal events are one. */
export interface OfferedEvent {
  readonly event: EventObject;
  /** In how many states it was enabled. */
  enabled: number;
  /** The last state for which it was offered, so that an event that is offered twice is taken once. */
  lastOfferedAt: number;
}

/** Gives structurally equal events one identity, and refuses what is no event. */
export class Alphabet {
  readonly #byKey = new Map<string, OfferedEvent>();
  readonly #byIdentity = new WeakMap<object, OfferedEvent>();

  /** Every event offered so far, in the order in which it first was. */
  offered(): OfferedEvent[] {
    return [...this.#byKey.values()];
  }

  /**
   * @param index its place among the events that were given, for the error
   * @throws EngineError `bad-event`, `not-keyable`
   */
  intern(event: unknown, index: number): OfferedEvent {
    if (typeof event !== "object" || event === null) throw badEvent(event, index);
    const known = this.#byIdentity.get(event);
    return known ?? this.#internNew(event, index);
  }

  #internNew(event: object, index: number): OfferedEvent {
    if (!isEvent(event)) throw badEvent(event, index);
    const key = valueKey(event, `events[${index}]`);
    const equal = this.#byKey.get(key);
    const offered = equal ?? { event, enabled: 0, lastOfferedAt: -1 };
    if (equal === undefined) this.#byKey.set(key, offered);
    this.#byIdentity.set(event, offered);
    return offered;
  }
}

function isEvent(event: object): event is EventObject {
  return "type" in event && typeof event.type === "string" && event.type !== "" && event.type !== "*";
}

function badEvent(event: unknown, index: number): EngineError {
  return new EngineError("bad-event", `events[${index}] is no event: ${describeValue(event)}.`, {
    event,
    hint: 'An event is an object with a "type": a string, not empty and not the wildcard "*".',
  });
}
