import type { EventObject } from "xstate";
import type { Standing } from "../checkpoint/index.js";
import { type Deadlocks, MAX_DEADLOCK_PATHS, type Violation } from "../result.js";

/** What an exploration has found so far, with the states it was found in. */
export class Findings {
  readonly #pathTo: (id: number) => EventObject[];
  readonly #violations: Violation<EventObject>[] = [];
  readonly #violating: { readonly invariant: string; readonly id: number }[] = [];
  #deadlockCount = 0;
  readonly #deadlockPaths: EventObject[][] = [];
  readonly #deadlocked: number[] = [];

  constructor(pathTo: (id: number) => EventObject[]) {
    this.#pathTo = pathTo;
  }

  violated(invariant: string, id: number): void {
    this.#violating.push({ invariant, id });
    this.#violations.push({ invariant, path: this.#pathTo(id) });
  }

  deadlocked(id: number): void {
    this.#deadlockCount += 1;
    if (this.#deadlocked.length >= MAX_DEADLOCK_PATHS) return;
    this.#deadlocked.push(id);
    this.#deadlockPaths.push(this.#pathTo(id));
  }

  /** Takes over what another exploration had found, once its states are there. */
  takeOver({ violations, deadlocks }: Pick<Standing, "violations" | "deadlocks">): void {
    for (const { invariant, id } of violations) this.violated(invariant, id);
    for (const id of deadlocks.ids) this.deadlocked(id);
    this.#deadlockCount = deadlocks.count;
  }

  /** The findings as a checkpoint has them. */
  standing(): Pick<Standing, "violations" | "deadlocks"> {
    return { violations: this.#violating, deadlocks: { count: this.#deadlockCount, ids: this.#deadlocked } };
  }

  get violations(): readonly Violation<EventObject>[] {
    return this.#violations;
  }

  get deadlocks(): Deadlocks<EventObject> {
    return { count: this.#deadlockCount, paths: this.#deadlockPaths };
  }
}
