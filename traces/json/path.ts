import { quote } from "./value.js";

/** The path of the whole text. */
export const ROOT = "$";

/** `$.steps` of `$`; a name that is no plain word is quoted: `$["two words"]`. */
export function memberPath(path: string, name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]{0,39}$/.test(name) ? `${path}.${name}` : `${path}[${quote(name)}]`;
}

/** `$.steps[3]` of `$.steps`. */
export function elementPath(path: string, index: number): string {
  return `${path}[${index}]`;
}
