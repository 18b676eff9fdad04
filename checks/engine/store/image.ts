import { crc32 } from "node:zlib";
import { build, type IndexedStore, inside } from "./create.js";
import { StoreError } from "./errors.js";
import { MOST_STATES } from "./records.js";
import type { Store, StoreOptions } from "./store.js";

/*
 * The image of a store: a header of eight 32-bit words, then for each chunk the keys, the parents and the events (low
 * halves, then high halves if there are) of its states, and the CRC-32 of that. The words are in the byte order of the
 * machine; the first of them says which. The index is not part of it.
 */

const MAGIC = 0x53474d53;
const VERSION = 1;
const HEADER_WORDS = 8;

interface Header {
  readonly words: number;
  readonly wide: boolean;
  readonly chunk: number;
  readonly size: number;
}

/**
 * Writes an image of a store: all states with their ids, keys, parents and events.
 *
 * @param write takes the next bytes of the image, and must be done with them when it returns: they are the store's own
 */
export function saveStore(store: Store, write: (bytes: Uint8Array) => void): void {
  const { keys, parents, events, layout, chunk, words, size } = inside(store);
  write(header({ words, wide: layout.wide, chunk, size }));
  for (let index = 0; index * chunk < size; index++) {
    const states = Math.min(chunk, size - index * chunk);
    const parts = sections(keys[index], parents[index], events[index], { states, words, chunk, wide: layout.wide });
    let sum = 0;
    for (const part of parts) {
      sum = crc32(part, sum);
      write(part);
    }
    write(bytesOf(Uint32Array.of(sum)));
  }
}

/**
 * The store of which `saveStore` wrote the image, with the index built anew. Reads exactly the image and nothing after it.
 *
 * @param read fills the first bytes of the array it gets and answers how many; 0 means that there are no more
 * @throws StoreError `bad-image` if the image ends early, is garbled, or was written by a machine with another byte order
 *   or another version; and what `createStore` and `add` throw
 */
export function loadStore(
  read: (into: Uint8Array) => number,
  options: Pick<StoreOptions, "range" | "shared" | "tuning"> = {},
): Store {
  const { size, ...layout } = readHeader(read);
  const store = build(
    { ...layout, shared: options.shared ?? false, budget: null },
    options.range,
    options.tuning ?? {},
  );
  while (store.size < size) loadChunk(store, Math.min(layout.chunk, size - store.size), read);
  return store;
}

function loadChunk(store: IndexedStore, states: number, read: (into: Uint8Array) => number): void {
  const first = store.size;
  const { keys, parents, events } = store.addChunk();
  let sum = 0;
  const shape = { states, words: store.words, chunk: store.chunk, wide: store.layout.wide };
  for (const part of sections(keys, parents, events, shape)) {
    fill(part, read);
    sum = crc32(part, sum);
  }
  const written = new Uint32Array(1);
  fill(bytesOf(written), read);
  if (written[0] !== sum) throw bad(`the checksum of the states from ${first} on is wrong`);
  for (let i = 0; i < states; i++) {
    const parent = parents[i] as number;
    if (parent < -1 || parent >= first + i) throw bad(`state ${first + i} has the parent ${parent}`);
    const known = store.enter();
    if (known >= 0) throw bad(`the states ${known} and ${first + i} have the same key`);
  }
}

interface Shape {
  readonly states: number;
  readonly words: number;
  readonly chunk: number;
  readonly wide: boolean;
}

/** The parts of a chunk's arrays that its first states take. */
function sections(
  keys: Int32Array | undefined,
  parents: Int32Array | undefined,
  events: Uint16Array | undefined,
  { states, words, chunk, wide }: Shape,
): Uint8Array[] {
  if (keys === undefined || parents === undefined || events === undefined) {
    throw new StoreError("bad-option", "The store was used up when it was repacked.");
  }
  const parts = [keys.subarray(0, states * words), parents.subarray(0, states), events.subarray(0, states)];
  if (wide) parts.push(events.subarray(chunk, chunk + states));
  return parts.map(bytesOf);
}

function header({ words, wide, chunk, size }: Header): Uint8Array {
  const content = Uint32Array.of(MAGIC, VERSION, words, wide ? 1 : 0, chunk, size, 0, 0);
  content[HEADER_WORDS - 1] = crc32(bytesOf(content.subarray(0, HEADER_WORDS - 1)));
  return bytesOf(content);
}

function readHeader(read: (into: Uint8Array) => number): Header {
  const content = new Uint32Array(HEADER_WORDS);
  fill(bytesOf(content), read);
  const [magic, version, words = 0, wide = 0, chunk = 0, size = 0, , sum] = content;
  if (magic !== MAGIC) throw bad("it does not begin as one, or comes from a machine with another byte order");
  if (crc32(bytesOf(content.subarray(0, HEADER_WORDS - 1))) !== sum) throw bad("the checksum of its header is wrong");
  if (version !== VERSION) throw bad(`it has version ${version}, and this program reads version ${VERSION}`);
  if (size > MOST_STATES) throw bad(`it claims to hold ${size} states`);
  return { words, wide: wide === 1, chunk, size };
}

function fill(bytes: Uint8Array, read: (into: Uint8Array) => number): void {
  for (let done = 0; done < bytes.length; ) {
    const count = read(bytes.subarray(done));
    if (count <= 0) throw bad("it ends too early");
    done += count;
  }
}

function bytesOf(array: Int32Array | Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function bad(why: string): StoreError {
  return new StoreError("bad-image", `This is no usable image of a store: ${why}. Save it again, or start anew.`);
}
