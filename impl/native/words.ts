import type { Prot } from "../driver.js";

/** PROT_READ, PROT_WRITE and PROT_EXEC are bits 0, 1 and 2. */
const PROTS = ["none", "r", "w", "rw", "x", "rx", "wx", "rwx"] as const satisfies readonly Prot[];

export function protBits(prot: Prot): number {
  return PROTS.indexOf(prot);
}

/** The protections of a word; other bits than the three don't count. */
export function protOf(bits: number): Prot {
  return PROTS[bits & 7] ?? "none";
}
