import { type Found, search } from "./search.js";
import { Visited } from "./visited.js";

// Two-phase commit as somebody writes it by hand who wants nothing but speed: the limit that the engine is measured
// against. Every variable of the model has bits of its own, as in the chart; nothing is derived from an invariant.
//
// Low word: 2 bits for each resource manager (working is 0), 2 for the transaction manager (undecided is 0), 1 each for the
// messages "commit" and "abort". High word: for each resource manager whether "prepared" was sent, above these whether it
// was received.

const PREPARED = 1;
const COMMITTED = 2;
const ABORTED = 3;

/** The low word holds no more. */
const MOST_MANAGERS = 13;

/**
 * Explores two-phase commit among `n` resource managers, 1 to 13, breadth first, and judges in every new state that no
 * manager is committed while another is aborted: `violations` is in how many of them one is.
 */
export function packedTwoPhaseCommit(n: number): Found & { readonly violations: number } {
  if (n < 1 || n > MOST_MANAGERS) throw new RangeError(`resource managers: expected 1 to ${MOST_MANAGERS}, got ${n}`);
  const visited = new Visited();
  const tm = 2 * n;
  const commit = 1 << (tm + 2);
  const abort = 1 << (tm + 3);
  const all = (1 << n) - 1;
  const lowerBits = ((1 << (tm + 2)) - 1) / 3;
  let violations = 0;

  function reach(low: number, high: number, from: number): void {
    if (!visited.add(low, high, from)) return;
    const decided = (low >>> 1) & lowerBits; // one bit for each manager that is committed or aborted
    if ((decided & low) !== 0 && (decided & ~low) !== 0) violations++;
  }

  function transactionManager(low: number, high: number, from: number): number {
    reach(low | (ABORTED << tm) | abort, high, from);
    if (high >>> n !== all) return 1;
    reach(low | (COMMITTED << tm) | commit, high, from);
    return 2;
  }

  // A step that changes nothing is counted and not looked up: it can't lead to a new state.
  function resourceManager(rm: number, low: number, high: number, undecided: boolean, from: number): number {
    let transitions = 0;
    const at = 2 * rm;
    const others = low & ~(3 << at);
    if (undecided && ((high >>> rm) & 1) === 1) {
      transitions = 1;
      const received = high | (1 << (n + rm));
      if (received !== high) reach(low, received, from);
    }
    if (low === others) {
      transitions += 2;
      reach(others | (PREPARED << at), high | (1 << rm), from);
      reach(others | (ABORTED << at), high, from);
    }
    if ((low & (commit | abort)) === 0) return transitions;
    const obeyed = others | (((low & commit) === 0 ? ABORTED : COMMITTED) << at);
    if (obeyed !== low) reach(obeyed, high, from);
    return transitions + 1;
  }

  function expand(state: number): number {
    const low = visited.low(state);
    const high = visited.high(state);
    const undecided = ((low >>> tm) & 3) === 0;
    let transitions = undecided ? transactionManager(low, high, state) : 0;
    for (let rm = 0; rm < n; rm++) transitions += resourceManager(rm, low, high, undecided, state);
    return transitions;
  }

  visited.add(0, 0, -1);
  const found = search(visited, expand);
  return { ...found, violations };
}
