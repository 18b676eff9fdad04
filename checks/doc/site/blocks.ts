import { drawSequence } from "../../../traces/sequence/svg.js";
import { drawTrace } from "../../../traces/svg/write.js";
import { type Bars, type Block, type Piece, piecesOf, type Table, type Text } from "../document.js";
import { element, escaped, type Html } from "./html.js";
import type { Layout } from "./layout.js";
import { drawBars } from "./plot.js";

/** Where places are, as a page links to them. */
export type Href = (id: string) => string;

/** What blocks need to become HTML. */
export interface Rendering {
  readonly href: Href;
  readonly layout: Layout;
  /** Where the explorer is, if there is one. */
  readonly explorer: string | null;
  /** What ids on this page begin with that are nobody's to link to. */
  readonly prefix: string;
}

export function blockHtml(block: Block, rendering: Rendering): Html {
  const { href, layout, explorer, prefix } = rendering;
  switch (block.kind) {
    case "heading":
      return element("h2", { id: block.id }, element("a", { href: `#${block.id}` }, escaped(block.title)));
    case "paragraph":
      return element("p", {}, textHtml(block.text, href));
    case "list":
      return element(
        block.ordered ? "ol" : "ul",
        {},
        ...block.items.map((item) => element("li", {}, textHtml(item, href))),
      );
    case "table":
      return tableHtml(block, href);
    case "code":
      return element("pre", { tabindex: 0, class: "code" }, element("code", {}, escaped(block.text.trimEnd())));
    case "graph":
      return figure("graph", block.caption, layout(block.graph, block.caption, prefix));
    case "sequence":
      return figure("sequence", block.caption, drawSequence(block.trace, block.caption, prefix));
    case "pages":
      return figure("trace", block.caption, drawTrace(block.trace, prefix, null));
    case "walk":
      return explorer === null ? "" : element("p", {}, element("a", { href: `${explorer}#${block.hash}` }, block.text));
    case "bars":
      return barsHtml(block, prefix);
  }
}

function barsHtml(block: Bars, prefix: string): Html {
  return figure("bars", block.caption, drawBars(block, prefix));
}

/** Drawings are as large as they are; where there is less room they can be moved about in, with the keyboard, too. */
function figure(kind: string, caption: string, drawing: Html): Html {
  return element(
    "figure",
    { class: kind },
    element("figcaption", {}, escaped(caption)),
    element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption }, drawing),
  );
}

function tableHtml({ caption, head, rows }: Table, href: Href): Html {
  const row = ({ id, cells }: Table["rows"][number]): Html => {
    const [first = "", ...others] = cells.map((cell) => textHtml(cell, href));
    const name = first === "" ? element("td", {}) : element("th", { scope: "row" }, first);
    return element("tr", id === undefined ? {} : { id }, name, ...others.map((cell) => element("td", {}, cell)));
  };
  return element(
    "div",
    { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, escaped(caption)),
      element("thead", {}, element("tr", {}, ...head.map((cell) => element("th", { scope: "col" }, escaped(cell))))),
      element("tbody", {}, ...rows.map(row)),
    ),
  );
}

function textHtml(text: Text, href: Href): Html {
  return piecesOf(text)
    .map((piece) => pieceHtml(piece, href))
    .join("");
}

/** Files of the repository are named: a reader of the site need not have them. */
function pieceHtml(piece: Piece, href: Href): Html {
  if (typeof piece === "string") return escaped(piece);
  if ("code" in piece) return element("code", {}, escaped(piece.code));
  if ("strong" in piece) return element("strong", {}, escaped(piece.strong));
  if ("file" in piece) return element("code", {}, escaped(piece.file));
  return element("a", { href: href(piece.to) }, escaped(piece.text));
}
