import type { Registration } from "../../../model/projection.js";

/**
 * What can be known of a page from calls and returns: what it holds (which frame, which grant makes no difference to any
 * return) and what callers registered of it. Nine values, and a set of them is a mask of nine bits.
 */
export type Content = "empty" | "frame" | "grant";

const CONTENTS: readonly Content[] = ["empty", "frame", "grant"];
const REGISTRATIONS: readonly Registration[] = ["none", "registered", "mistaken"];

/** The number of a value, 0 to 8. */
export function pageValue(content: Content, registration: Registration): number {
  return CONTENTS.indexOf(content) * 3 + REGISTRATIONS.indexOf(registration);
}

export function contentOf(value: number): Content {
  return CONTENTS[Math.floor(value / 3)] ?? "empty"; // values are below 9
}

export function registrationOf(value: number): Registration {
  return REGISTRATIONS[value % 3] ?? "none"; // the list has three
}

/** The set of one value. */
function maskOf(content: Content, registration: Registration): number {
  return 1 << pageValue(content, registration);
}

function maskWhere(holds: (content: Content, registration: Registration) => boolean): number {
  let mask = 0;
  for (const content of CONTENTS) {
    for (const registration of REGISTRATIONS) if (holds(content, registration)) mask |= maskOf(content, registration);
  }
  return mask;
}

export const UNREGISTERED = maskWhere((_, registration) => registration === "none");
export const RIGHTLY = maskWhere((_, registration) => registration === "registered");
export const MISTAKEN = maskWhere((_, registration) => registration === "mistaken");
export const GRANTED = maskWhere((content) => content === "grant");
export const HOLDS_NOTHING = maskWhere((content) => content === "empty");
/** All that a page may be: a grant is of a registered page. */
export const ANYTHING = maskWhere((content, registration) => content !== "grant" || registration !== "none");
/** A page of a new segment. */
export const FRESH = maskOf("empty", "none");

/** The least value of a set that is not empty. */
export function firstOf(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}

/** The set in which each value has this content, and its registration as it was. */
export function withContent(mask: number, content: Content): number {
  const registrations = (mask | (mask >> 3) | (mask >> 6)) & 7;
  return registrations << (3 * CONTENTS.indexOf(content));
}

/** The set in which each value has this registration, and its content as it was. */
export function withRegistration(mask: number, registration: Registration): number {
  let result = 0;
  for (const content of CONTENTS) {
    const at = 3 * CONTENTS.indexOf(content);
    if ((mask >> at) & 7) result |= maskOf(content, registration);
  }
  return result;
}
