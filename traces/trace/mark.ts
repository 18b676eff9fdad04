/** Within so many characters every file in another tool's format has its mark. */
export const HEAD = 256;

/** By this segmf knows a file that it wrote in another tool's format: our name for how we write it, with its version. */
export function markOf(format: string): string {
  return `written by segmf as ${format}`;
}
