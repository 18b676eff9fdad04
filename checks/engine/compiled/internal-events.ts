import type { EventObject } from "xstate";
import { EngineError } from "../errors.js";
import { valueKey } from "../key.js";

/** Gives equal events that a machine raises one identity, so that what was learned of one serves for all. */
export class InternalEvents {
  readonly #byKey = new Map<string, EventObject>();
  readonly #known = new Set<EventObject>();

  intern(event: EventObject): EventObject {
    if (this.#known.has(event)) return event;
    const key = keyOf(event);
    // An event without a key can still be handled; it is only known by nothing but its identity.
    if (key === null) return event;
    const equal = this.#byKey.get(key);
    if (equal !== undefined) return equal;
    this.#byKey.set(key, event);
    this.#known.add(event);
    return event;
  }
}

function keyOf(event: EventObject): string | null {
  try {
    return valueKey(event);
  } catch (thrown) {
    if (thrown instanceof EngineError) return null;
    throw thrown;
  }
}
