import { basename } from "node:path";

/** Names of files are cut here: systems take 255 bytes. */
const LONGEST_NAME = 100;

/** A name as the stem of a file's name, in characters that any system takes. */
export function stemOf(name: string, otherwise: string): string {
  const plain = name
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .slice(0, LONGEST_NAME)
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  return plain === "" ? otherwise : plain;
}

/** What a trace that was read from a file is called: the file's stem. */
export function traceNameOf(file: string): string {
  return stemOf(basename(file).replace(/(?:\.itf)?\.[A-Za-z0-9]+$/, ""), "trace");
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
