import { basename } from "node:path";
import { traceNameOf as nameOf } from "../../traces/trace/name.js";

/** What a trace that was read from the file at a path is called. */
export function traceNameOf(path: string): string {
  return nameOf(basename(path));
}

/** Numbers from 2 on for those that are alike but for case, since some systems take them for the same. */
export function distinct(stems: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return stems.map((stem) => {
    let name = stem;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}-${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
