import type { InvariantId } from "../../model/judged.js";
import { code, link, type Piece } from "./document.js";

/** What places in the documentation are called. */

export function clauseId(clause: string): string {
  return `clause-${clause.replaceAll(/[._]/g, "-")}`;
}

export function clauseLink(clause: string): Piece {
  return link(clauseId(clause), clause);
}

export function invariantId(invariant: string): string {
  return `invariant-${invariant}`;
}

/** `specification` is not one of the contract's, and has no place. */
export function invariantLink(invariant: InvariantId): Piece {
  return invariant === "specification" ? code(invariant) : link(invariantId(invariant), invariant);
}

export function erratumId(erratum: string): string {
  return `erratum-${erratum}`;
}

export function erratumLink(erratum: string): Piece {
  return link(erratumId(erratum), erratum);
}

export function callId(call: string): string {
  return `call-${call}`;
}
