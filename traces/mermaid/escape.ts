/** Whatever Mermaid, or the HTML that it makes, could take for its own is written as a character's number. */
export function escaped(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9 .,:()[\]_/*+=-]/gu, (character) => `#${character.codePointAt(0)};`);
}
