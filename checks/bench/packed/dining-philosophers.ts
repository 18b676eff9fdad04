import { type Found, search } from "./search.js";
import { Visited } from "./visited.js";

// Dining philosophers by hand, for nothing but speed. 2 bits a seat: the first 10 in the low word, the rest in the high one.

const THINKING = 0;
const HOLDING_LEFT = 1;
const EATING = 2;

const SEATS_A_WORD = 10;
const MOST_SEATS = 25;

/** Explores a table of `n` philosophers, 2 to 25, breadth first; `deadlocks` is in how many states nobody can do anything. */
export function packedPhilosophers(n: number): Found {
  if (n < 2 || n > MOST_SEATS) throw new RangeError(`philosophers: expected 2 to ${MOST_SEATS}, got ${n}`);
  const visited = new Visited();

  function expand(state: number): number {
    const low = visited.low(state);
    const high = visited.high(state);
    let transitions = 0;
    const first = at(low, high, 0);
    let left = at(low, high, n - 1);
    let own = first;
    for (let seat = 0; seat < n; seat++) {
      const right = seat === n - 1 ? first : at(low, high, seat + 1);
      const change = own ^ next(left, own, right);
      if (change !== 0) {
        transitions++;
        if (seat < SEATS_A_WORD) visited.add(low ^ (change << (2 * seat)), high, state);
        else visited.add(low, high ^ (change << (2 * (seat - SEATS_A_WORD))), state);
      }
      left = own;
      own = right;
    }
    return transitions;
  }

  visited.add(0, 0, -1);
  return search(visited, expand);
}

function at(low: number, high: number, seat: number): number {
  return (seat < SEATS_A_WORD ? low >>> (2 * seat) : high >>> (2 * (seat - SEATS_A_WORD))) & 3;
}

/** What becomes of a philosopher between two others; there is at most one thing that they can do. */
function next(left: number, own: number, right: number): number {
  if (own === THINKING) return left === EATING ? own : HOLDING_LEFT;
  if (own === HOLDING_LEFT) return right === THINKING ? EATING : own;
  return THINKING;
}
