/** What `writeInline` can write. */
export type Writable = boolean | number | string | readonly Writable[] | { readonly [name: string]: Writable };

/** JSON on one line with a space inside the braces and after `:` and `,`, as people write a step: `{ "a": [1, 2] }`. */
export function writeInline(value: Writable): string {
  if (isList(value)) return `[${value.map(writeInline).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${writeInline(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** `Array.isArray` alone does not narrow a read-only array. */
function isList(value: Writable): value is readonly Writable[] {
  return Array.isArray(value);
}
