import type { Checkpoint } from "./checkpoint.js";
import { badCheckpoint } from "./errors.js";
import { sha256 } from "./identity.js";

/** An exploration that is brought to where another one stood. It holds the initial state. */
export interface Rederiving {
  /** How many states it holds. */
  readonly size: number;
  /** Asks which events are offered in a state, so that they get their numbers. */
  open(id: number): void;
  /** Adds what the event leads to in the state that was opened last. False if that is not enabled there, or not new. */
  derive(id: number, event: number): boolean;
  /** A state's key. */
  keyOf(id: number): string;
  /** Gives the event loop its turn if it has waited long enough. */
  turn(): Promise<void> | null;
}

/**
 * Makes all states of a checkpoint again, each by the event that first led to it, in the order in which they were reached.
 *
 * @throws EngineError `bad-checkpoint` where an event does not lead to a new state as it did; what the machine's functions throw
 */
export async function rederive(into: Rederiving, { file, states, standing }: Checkpoint): Promise<void> {
  const { next, halfway } = standing;
  const last = halfway === null ? next - 1 : next;
  let child = 1;
  for (let id = 0; id <= last; id += 1) {
    into.open(id);
    for (; child < states.size && states.parent(child) === id; child += 1) {
      if (!into.derive(id, states.event(child))) throw notAsBefore(file, child);
    }
    if ((id & STATES_BETWEEN_LOOKS) !== 0) continue;
    const turn = into.turn();
    if (turn !== null) await turn;
  }
  if (child !== states.size) throw badCheckpoint(file, `state ${child} has a parent that was not expanded`);
  const [first, end] = standing.ends;
  if (sha256(into.keyOf(0)) !== first) throw notAsBefore(file, 0);
  if (sha256(into.keyOf(into.size - 1)) !== end) throw notAsBefore(file, into.size - 1);
}

const STATES_BETWEEN_LOOKS = 127;

function notAsBefore(file: string, id: number) {
  const what = id === 0 ? "the machine does not start" : `the machine does not reach state ${id}`;
  return badCheckpoint(file, `${what} as it did when it was written, so something that it depends on has changed`);
}
