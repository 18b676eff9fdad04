import { SaxesParser } from "saxes";

/** What a strict reader finds on a page. */
export interface ReadPage {
  readonly ids: readonly string[];
  readonly links: readonly string[];
  /** Every attribute by which a browser would load something. */
  readonly loads: readonly string[];
  readonly titles: readonly string[];
}

const LOADS = new Set(["src", "srcset", "poster", "data", "xlink:href", "action"]);

/** Reads a page as XML, which ours are but for scripts and styles. Throws where an element is not closed. */
export function readPage(html: string): ReadPage {
  const bare = html.replaceAll(/(<(script|style)[^>]*>).*?(<\/\2>)/gs, "$1$3");
  const page = { ids: [] as string[], links: [] as string[], loads: [] as string[], titles: [] as string[] };
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    for (const [attribute, value] of Object.entries(attributes)) {
      if (attribute === "id") page.ids.push(value);
      if (attribute === "href") (name === "a" ? page.links : page.loads).push(value);
      if (LOADS.has(attribute)) page.loads.push(value);
    }
    if (name === "title") page.titles.push(name);
  });
  parser.write(bare).close();
  return page;
}
