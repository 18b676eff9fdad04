import type { Block } from "./blocks.js";
import type { BlockText, Content } from "./contents.js";
import type { DriverLayout, Field } from "./layout.js";
import type { LinearMemory } from "./memory.js";
import { segmentAddress } from "./memory.js";
import type { Viewer } from "./view.js";

/** A mask over one word: the bits of it that are live. */
type Mask = number;
const ALL: Mask = -1;

/**
 * Which words of a map cell are live, by the cell's type. What a cell's type makes meaningless is dead: the driver writes it
 * before it reads it again. The word where a registration is kept is live whatever the type. Members that have none of the known
 * names, and all of a cell whose type is none, are live. The handle is left out: it goes into a key under another name.
 */
export class CellMasks {
  readonly #empty: readonly Mask[];
  readonly #mfn: readonly Mask[];
  readonly #gref: readonly Mask[];
  readonly #other: readonly Mask[];
  readonly #types: DriverLayout["types"];

  constructor(layout: DriverLayout) {
    const { mfn, ptep, gref, flags, handle, types } = layout;
    this.#types = types;
    this.#empty = masks(layout, [mfn, gref, flags, handle], [ptep]);
    this.#mfn = masks(layout, [gref, flags, handle], [mfn, ptep]);
    this.#gref = masks(layout, [mfn, handle], [ptep, gref, flags]);
    this.#other = masks(layout, [], []);
  }

  of(type: number): readonly Mask[] {
    switch (type) {
      case this.#types.empty:
        return this.#empty;
      case this.#types.mfn:
        return this.#mfn;
      case this.#types.gref:
        return this.#gref;
      default:
        return this.#other;
    }
  }
}

/** All bytes of a cell but those of `dead` members; `live` members count where both overlap. */
function masks({ cellBytes }: DriverLayout, dead: readonly Field[], live: readonly Field[]): readonly Mask[] {
  const bytes = new Uint8Array(cellBytes).fill(0xff);
  for (const { offset, bytes: length } of dead) bytes.fill(0, offset, offset + length);
  for (const { offset, bytes: length } of live) bytes.fill(0xff, offset, offset + length);
  return Array.from(new Int32Array(bytes.buffer));
}

/** Writes a segment's live private state as an exact string; see `DriverOps.privateKey`. */
export class KeyWriter {
  readonly #memory: LinearMemory;
  readonly #layout: DriverLayout;
  readonly #viewer: Viewer;
  readonly #masks: CellMasks;

  constructor(memory: LinearMemory, layout: DriverLayout, viewer: Viewer) {
    this.#memory = memory;
    this.#layout = layout;
    this.#viewer = viewer;
    this.#masks = new CellMasks(layout);
  }

  /**
   * What the segment points to, where its lock is, and its blocks, the map's cells among them by what is live of each.
   * Blocks have fixed places, so pointers are the same in equal states.
   */
  key(seg: number, handle: (handle: number) => string): string {
    const map = this.#viewer.placement(seg)?.map;
    const { ops, data } = this.#memory.layout;
    let key = "";
    for (const offset of [ops, data]) key += `${text(this.#memory.words[(segmentAddress(seg) + offset) >> 2] ?? 0)},`;
    key += `${this.#memory.segments[seg]?.lock ?? 0};`;
    const { blocks } = this.#memory;
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i];
      if (block === undefined || block.owner !== seg) continue;
      const { pieces, handles } = this.#text(block, this.#memory.contentOf(i), block.addr === map);
      key += `${block.zone}:${pieces[0]}`;
      for (let at = 0; at < handles.length; at++) key += `${handle(handles[at] ?? 0)}${pieces[at + 1]}`;
      key += ";";
    }
    return key;
  }

  #text(block: Block, content: Content | undefined, isMap: boolean): BlockText {
    const known = content?.text ?? null;
    if (known !== null && known.isMap === isMap) return known;
    const text = isMap ? this.#cells(block) : { isMap, pieces: [this.#words(block.addr, block.bytes)], handles: [] };
    if (content !== undefined) content.text = text;
    return text;
  }

  /** What is no segment's: blocks whose segment is gone, and the static data that the driver has changed. */
  sharedKey(): string {
    let key = "";
    for (const { owner, zone, addr, bytes } of this.#memory.blocks) {
      if (this.#memory.segments[owner]?.live === true) continue;
      key += `${zone}:${this.#words(addr, bytes)};`;
    }
    for (const [index, word] of this.#memory.changedStatics()) key += `${index}=${text(word)},`;
    return key;
  }

  #cells({ addr, bytes }: Block): BlockText {
    const { cellBytes } = this.#layout;
    const end = addr + bytes - (bytes % cellBytes);
    const pieces: string[] = [];
    const handles: number[] = [];
    let piece = "";
    for (let cell = addr; cell < end; cell += cellBytes) {
      const type = this.#viewer.number(cell, this.#layout.type);
      const live = this.#masks.of(type);
      for (let i = 0; i < live.length; i++) {
        const mask = live[i] ?? ALL;
        if (mask !== 0) piece += `${text((this.#memory.words[(cell >>> 2) + i] ?? 0) & mask)},`;
      }
      if (type === this.#layout.types.gref) {
        pieces.push(piece);
        handles.push(this.#viewer.number(cell, this.#layout.handle));
        piece = "";
      }
      piece += "|";
    }
    pieces.push(piece + this.#words(end, addr + bytes - end));
    return { isMap: true, pieces, handles };
  }

  #words(addr: number, bytes: number): string {
    const whole = bytes >>> 2;
    let key = "";
    for (let i = 0; i < whole; i++) key += `${text(this.#memory.words[(addr >>> 2) + i] ?? 0)},`;
    for (let at = addr + 4 * whole; at < addr + bytes; at++) key += `${this.#memory.data.getUint8(at)}.`;
    return key;
  }
}

function text(word: number): string {
  return (word >>> 0).toString(36);
}
