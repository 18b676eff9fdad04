import type { MapCell } from "./data.js";
import type { Segment } from "./segment.js";

/** The page records of a segment as text, cut where a grant's handle belongs: one piece more than there are handles. */
interface CellsText {
  readonly pieces: readonly string[];
  readonly handles: readonly number[];
}

/** A cache only: arrays of cells are immutable, and each belongs to one driver. */
const texts = new WeakMap<readonly MapCell[], CellsText>();

/**
 * The live private state of a segment as a string: what a later call can be told by, in page order. `handle` renames a
 * grant's handle. A registered address that nobody will read is dead, and left out.
 */
export function privateKey(segment: Segment, handle: (handle: number) => string): string {
  const { data, map, deviates } = segment;
  let text = texts.get(map);
  if (text === undefined) {
    text = cellsText(map, deviates.unregisteredUnchecked);
    texts.set(map, text);
  }
  const { pieces, handles } = text;
  let key = `${data.domid},${data.softlockcnt}${pieces[0]}`;
  for (let i = 0; i < handles.length; i++) key += `${handle(handles[i] ?? 0)}${pieces[i + 1]}`;
  return key;
}

function cellsText(map: readonly MapCell[], unchecked: boolean): CellsText {
  const pieces: string[] = [];
  const handles: number[] = [];
  let piece = "";
  for (const cell of map) {
    const { record } = cell;
    piece += ";";
    if (record.type === "mfn") piece += `m${record.mfn.toString(36)}`;
    if (record.type === "gref") {
      piece += `g${record.gref}${record.writable ? "w" : "r"}@${record.pte_ma.toString(36)}:`;
      if (record.mapped) {
        pieces.push(piece);
        handles.push(record.handle);
        piece = "";
      } else piece += "-";
    }
    piece += registrationKey(cell, unchecked);
  }
  pieces.push(piece);
  return { pieces, handles };
}

/** With erratum unregistered-unchecked the word is read whether it was ever written or not. */
function registrationKey({ registered, pte }: MapCell, unchecked: boolean): string {
  return registered || unchecked ? `#${pte.toString(36)}` : "";
}
