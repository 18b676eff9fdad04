import type { MapCell } from "./data.js";
import type { Segment } from "./segment.js";

/**
 * The live private state of a segment as a string: what a later call can be told by, in page order. `handle` renames a
 * grant's handle. A registered address that nobody will read is dead, and left out.
 */
export function privateKey(segment: Segment, handle: (handle: number) => string): string {
  const { data, map, deviates } = segment;
  let key = `${data.domid},${data.softlockcnt}`;
  for (const cell of map) key += `;${recordKey(cell, handle)}${registrationKey(cell, deviates.unregisteredUnchecked)}`;
  return key;
}

function recordKey({ record }: MapCell, handle: (handle: number) => string): string {
  switch (record.type) {
    case "empty":
      return "";
    case "mfn":
      return `m${record.mfn.toString(36)}`;
    case "gref":
      return `g${record.gref}${record.writable ? "w" : "r"}${record.mapped ? handle(record.handle) : "-"}@${record.pte_ma.toString(36)}`;
  }
}

/** With erratum unregistered-unchecked the word is read whether it was ever written or not. */
function registrationKey({ registered, pte }: MapCell, unchecked: boolean): string {
  return registered || unchecked ? `#${pte.toString(36)}` : "";
}
