import { type Block, piecesOf, type Section, type Text } from "../document.js";

/** What can be found, and where: an entry for each place that has a name. */
export interface SearchEntry {
  readonly title: string;
  /** The page, and the place on it. */
  readonly href: string;
  /** The page's title, or what is said at the place. */
  readonly about: string;
}

/** More than this of a text is not searched. */
const MOST_CHARACTERS = 200;

/** Of one page: itself, its headings, and the rows of tables that can be linked to. */
export function searchEntries(
  { id, title, summary, blocks }: Section,
  href: (id: string) => string,
): readonly SearchEntry[] {
  return [
    { title, href: href(id), about: summary },
    ...blocks.flatMap((block, at) => entriesIn(block, blocks[at + 1], title, href)),
  ];
}

function entriesIn(
  block: Block,
  next: Block | undefined,
  title: string,
  href: (id: string) => string,
): readonly SearchEntry[] {
  if (block.kind === "heading") {
    const about = next?.kind === "paragraph" ? plain(next.text) : title;
    return [{ title: block.title, href: href(block.id), about: about.slice(0, MOST_CHARACTERS) }];
  }
  if (block.kind !== "table") return [];
  return block.rows.flatMap(({ id, cells: [name = "", said = ""] }) =>
    id === undefined ? [] : [{ title: plain(name), href: href(id), about: plain(said).slice(0, MOST_CHARACTERS) }],
  );
}

function plain(text: Text): string {
  return piecesOf(text)
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if ("code" in piece) return piece.code;
      if ("strong" in piece) return piece.strong;
      return "file" in piece ? piece.file : piece.text;
    })
    .join("");
}
