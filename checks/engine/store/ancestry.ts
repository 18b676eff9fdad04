import { inside } from "./create.js";
import { StoreError } from "./errors.js";
import type { Store } from "./store.js";

/*
 * Where the states of a store came from: for each chunk the parents, then the events (low halves, then high halves if there
 * are). In the byte order of the machine. All of a store but its keys, for whoever can make these again.
 */

/** The parents and events of states 0, 1, 2… */
export interface Ancestry {
  readonly size: number;
  /** -1 for none. */
  parent(id: number): number;
  event(id: number): number;
}

/** How the arrays of an ancestry are cut. */
export interface AncestryShape {
  readonly size: number;
  /** States in one array. */
  readonly chunk: number;
  /** Whether event numbers take four bytes. */
  readonly wide: boolean;
}

/** Bytes that an ancestry of that shape takes. */
export function ancestryBytes({ size, wide }: AncestryShape): number {
  return size * (wide ? 8 : 6);
}

/**
 * Writes parents and events of all states.
 * @param write takes the next bytes, and must be done with them when it returns: they are the store's own
 */
export function writeAncestry(store: Store, write: (bytes: Uint8Array) => void): void {
  const { parents, events, layout, chunk, size } = inside(store);
  for (let index = 0; index * chunk < size; index += 1) {
    const states = Math.min(chunk, size - index * chunk);
    const [parent, event] = [parents[index], events[index]];
    if (parent === undefined || event === undefined) throw new StoreError("bad-option", "The store was used up.");
    write(bytesOf(parent.subarray(0, states)));
    write(bytesOf(event.subarray(0, states)));
    if (layout.wide) write(bytesOf(event.subarray(chunk, chunk + states)));
  }
}

/** The shape of what `writeAncestry` writes. */
export function ancestryShape(store: Store): AncestryShape {
  const { size, chunk, layout } = inside(store);
  return { size, chunk, wide: layout.wide };
}

/**
 * Reads what `writeAncestry` wrote.
 * @param read fills the whole array that it gets, or throws
 */
export function readAncestry({ size, chunk, wide }: AncestryShape, read: (into: Uint8Array) => void): Ancestry {
  const parents: Int32Array[] = [];
  const events: Uint16Array[] = [];
  for (let first = 0; first < size; first += chunk) {
    const states = Math.min(chunk, size - first);
    const parent = new Int32Array(states);
    const event = new Uint16Array(wide ? 2 * states : states);
    read(bytesOf(parent));
    read(bytesOf(event));
    parents.push(parent);
    events.push(event);
  }
  return {
    size,
    parent: (id) => parents[Math.floor(id / chunk)]?.[id % chunk] ?? -1,
    event(id) {
      const array = events[Math.floor(id / chunk)];
      const at = id % chunk;
      const low = array?.[at] ?? 0;
      return wide ? (array?.[at + array.length / 2] ?? 0) * 65_536 + low : low;
    },
  };
}

function bytesOf(array: Int32Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
