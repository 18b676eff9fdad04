import type { Graph } from "../../traces/graph/graph.js";
import type { Trace } from "../../traces/trace/trace.js";

/**
 * A document as plain data, which becomes Markdown (`markdown/`) or pages (`site/`). Places that can be linked to have an id,
 * unique in the whole document; a link names one.
 */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What it tells, or what it is about: it comes first. */
  readonly summary: string;
  readonly blocks: readonly Block[];
  /** Sections inside it, which have pages of their own in the site. */
  readonly parts: readonly Section[];
}

export type Block =
  | { readonly kind: "heading"; readonly id: string; readonly title: string }
  | { readonly kind: "paragraph"; readonly text: Text }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly Text[] }
  | Table
  | { readonly kind: "code"; readonly language: string; readonly text: string }
  /** A drawing of states. */
  | { readonly kind: "graph"; readonly caption: string; readonly graph: Graph }
  /** Who calls whom in a trace. */
  | { readonly kind: "sequence"; readonly caption: string; readonly trace: Trace }
  /** Map and page table before and after each step of a trace. */
  | { readonly kind: "pages"; readonly caption: string; readonly trace: Trace }
  /** A walk that the explorer can be opened with, which only a site may have: what its link has after `#`. */
  | { readonly kind: "walk"; readonly text: string; readonly hash: string }
  | Bars;

export interface Table {
  readonly kind: "table";
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly id?: string;
  readonly cells: readonly Text[];
}

/** A plot of counts. */
export interface Bars {
  readonly kind: "bars";
  readonly caption: string;
  /** What the bars are of, and what is counted. */
  readonly axes: readonly [string, string];
  readonly bars: readonly { readonly label: string; readonly value: number }[];
}

/** Words, some of them marked. */
export type Text = string | readonly Piece[];
export type Piece =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly to: string; readonly text: string }
  /** A file of the repository, from its root. */
  | { readonly file: string };

export function paragraph(...pieces: readonly Piece[]): Block {
  return { kind: "paragraph", text: pieces };
}

export function heading(id: string, title: string): Block {
  return { kind: "heading", id, title };
}

export function bullets(items: readonly Text[]): Block {
  return { kind: "list", ordered: false, items };
}

export function code(text: string): Piece {
  return { code: text };
}

export function strong(text: string): Piece {
  return { strong: text };
}

export function link(to: string, text: string): Piece {
  return { to, text };
}

/** Pieces with something in between. */
export function joined(parts: readonly Piece[], between: Piece = ", "): readonly Piece[] {
  return parts.flatMap((part, at) => (at === 0 ? [part] : [between, part]));
}

/** The pieces of a text. */
export function piecesOf(text: Text): readonly Piece[] {
  return typeof text === "string" ? [text] : text;
}

/** A section and those inside it, in the order of the text. */
export function allSections(sections: readonly Section[]): readonly Section[] {
  return sections.flatMap((section) => [section, ...allSections(section.parts)]);
}

/** Every place that can be linked to, by its id. Throws where two have the same. */
export function placesIn(sections: readonly Section[]): ReadonlySet<string> {
  const places = new Set<string>();
  const add = (id: string): void => {
    if (places.has(id)) throw new Error(`two places are called ${id}`);
    places.add(id);
  };
  for (const { id, blocks } of allSections(sections)) {
    add(id);
    for (const block of blocks) {
      if (block.kind === "heading") add(block.id);
      if (block.kind === "table") for (const row of block.rows) if (row.id !== undefined) add(row.id);
    }
  }
  return places;
}

/** Links that lead nowhere. */
export function deadLinks(sections: readonly Section[]): readonly string[] {
  const places = placesIn(sections);
  return allSections(sections)
    .flatMap(({ blocks }) => blocks.flatMap(textsOf))
    .flatMap(piecesOf)
    .flatMap((piece) => (typeof piece === "object" && "to" in piece && !places.has(piece.to) ? piece.to : []));
}

function textsOf(block: Block): readonly Text[] {
  switch (block.kind) {
    case "paragraph":
      return [block.text];
    case "list":
      return block.items;
    case "table":
      return block.rows.flatMap(({ cells }) => cells);
    default:
      return [];
  }
}
