/** The Mermaid diagrams in a Markdown text. */
export function diagramsIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```mermaid\n(.*?)^```$/gms)].map(([, diagram = ""]) => diagram);
}
