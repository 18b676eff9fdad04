import { cellsText } from "./cellstext.js";
import type { Segment } from "./segment.js";

/**
 * The live private state of a segment as a string: what a later call can be told by, in page order. `handle` renames a
 * grant's handle. A registered address that nobody will read is dead, and left out.
 */
export function privateKey(segment: Segment, handle: (handle: number) => string): string {
  const { data, map, deviates, seen } = segment;
  let text = seen?.cells === map ? seen.text : null;
  if (text === null) {
    text = cellsText(map, deviates.unregisteredUnchecked);
    if (seen?.cells === map) seen.text = text;
  }
  const { pieces, handles } = text;
  let key = `${data.domid},${data.softlockcnt}${pieces[0]}`;
  for (let i = 0; i < handles.length; i++) key += `${handle(handles[i] ?? 0)}${pieces[i + 1]}`;
  return key;
}
