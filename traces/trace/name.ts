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

/** What a trace that was read from a file of this name is called: the file's stem. */
export function traceNameOf(fileName: string): string {
  return stemOf(fileName.replace(/(?:\.itf)?\.[A-Za-z0-9]+(:\d+)?$/, "$1"), "trace");
}
