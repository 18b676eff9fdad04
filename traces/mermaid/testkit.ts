import DOMPurify from "dompurify";

/** For tests: Mermaid's own parser. */

// It cleans texts of HTML by a library that needs a browser's window; here there is none, and only the grammar matters.
Object.assign(DOMPurify, { addHook: () => undefined, sanitize: (text: string) => text });

/** Which kind of diagram a text is. Rejects with what Mermaid says is wrong. */
export async function diagramType(text: string): Promise<string> {
  const { default: mermaid } = await import("mermaid");
  return (await mermaid.parse(text)).diagramType;
}
