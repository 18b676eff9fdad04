import { LIFECYCLE_ERRATA } from "./errata/lifecycle.js";
import { ADD_ERRATA } from "./errata/pages.js";
import { REFUSAL_ERRATA } from "./errata/refusals.js";
import type { ErratumShape } from "./errata/shape.js";

type Listed = (typeof LIFECYCLE_ERRATA)[number] | (typeof REFUSAL_ERRATA)[number] | (typeof ADD_ERRATA)[number];

export type ErratumId = Listed["id"];
/** What the driver's code asks for: the erratum's id in camel case. */
export type ErratumSwitch = Listed["switch"];

export interface Erratum extends ErratumShape {
  readonly id: ErratumId;
  readonly switch: ErratumSwitch;
}

/**
 * Everything that the shipped driver does otherwise than the contract says. With all of them switched on this driver is
 * the shipped one; with none it meets the contract; any set in between works.
 */
export const ERRATA: readonly Erratum[] = [...LIFECYCLE_ERRATA, ...REFUSAL_ERRATA, ...ADD_ERRATA];

const ids: ReadonlySet<string> = new Set(ERRATA.map((erratum) => erratum.id));

/** Whether a name, from a command line or a file, is that of an erratum. */
export function isErratumId(name: string): name is ErratumId {
  return ids.has(name);
}
