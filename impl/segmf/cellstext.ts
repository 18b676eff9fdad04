import type { MapCell } from "./data.js";

/** The page records of a segment as text, cut where a grant's handle belongs: one piece more than there are handles. */
export interface CellsText {
  readonly pieces: readonly string[];
  readonly handles: readonly number[];
}

export function cellsText(map: readonly MapCell[], unchecked: boolean): CellsText {
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
