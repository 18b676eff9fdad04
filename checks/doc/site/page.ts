import { createHash } from "node:crypto";
import { markOf } from "../../../traces/trace/mark.js";
import { element, empty, escaped, type Html } from "./html.js";
import { SCRIPT } from "./script.js";
import type { SearchEntry } from "./search.js";
import { STYLE } from "./style.js";

export const SITE_FORMAT = "segmf-site/1";

/** A page as it is put together. */
export interface Page {
  readonly title: string;
  readonly summary: string;
  readonly body: Html;
  readonly sections: readonly NavigationLink[];
  /** The pages before this one and after it, if there are any. */
  readonly before: NavigationLink | null;
  readonly after: NavigationLink | null;
  readonly search: readonly SearchEntry[];
}

export interface NavigationLink {
  readonly title: string;
  readonly href: string;
  readonly isCurrent: boolean;
  readonly parts: readonly NavigationLink[];
}

const NAME = "seg_mf, specified";

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Nothing is loaded from anywhere, and nothing runs but what is written here. */
const POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'`;

export function pageHtml({ title, summary, body, sections, before, after, search }: Page): Html {
  const head = element(
    "head",
    {},
    empty("meta", { charset: "utf-8" }),
    empty("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
    empty("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    empty("meta", { name: "description", content: summary }),
    element("title", {}, escaped(title === NAME ? NAME : `${title} – ${NAME}`)),
    element("style", {}, STYLE),
  );
  const main = element(
    "main",
    { id: "main", tabindex: -1 },
    element("h1", {}, escaped(title)),
    element("p", { class: "summary" }, escaped(summary)),
    body,
    moreHtml(before, after),
  );
  const page = element(
    "body",
    {},
    element("a", { class: "skip", href: "#main" }, "To the text"),
    element("header", {}, element("a", { class: "name", href: "index.html" }, NAME), searchHtml()),
    element(
      "div",
      { class: "page" },
      element("nav", { class: "sections", "aria-label": "Sections" }, linksHtml(sections)),
      main,
    ),
    element("script", { type: "application/json", id: "search-entries" }, entriesJson(search)),
    element("script", {}, SCRIPT),
  );
  return `<!DOCTYPE html>\n<!-- ${markOf(SITE_FORMAT)} -->\n${element("html", { lang: "en" }, head, page)}\n`;
}

function linksHtml(links: readonly NavigationLink[]): Html {
  const items = links.map(({ title, href, isCurrent, parts }) =>
    element(
      "li",
      {},
      element("a", isCurrent ? { href, "aria-current": "page" } : { href }, escaped(title)),
      ...(parts.length === 0 ? [] : [linksHtml(parts)]),
    ),
  );
  return element("ul", {}, ...items);
}

/** Hidden until the script shows that it runs. */
function searchHtml(): Html {
  return element(
    "form",
    { id: "search", role: "search", hidden: "hidden" },
    element("label", { for: "query" }, "Search ( / )"),
    empty("input", { id: "query", type: "search", autocomplete: "off", "aria-controls": "found" }),
    element("div", { id: "told", role: "status" }),
    element("ul", { id: "found", hidden: "hidden" }),
  );
}

function moreHtml(before: NavigationLink | null, after: NavigationLink | null): Html {
  const link = (to: NavigationLink | null, text: string): Html =>
    to === null ? element("span", {}) : element("a", { href: to.href }, escaped(`${text} ${to.title}`));
  return element(
    "nav",
    { class: "more", "aria-label": "Before and after" },
    link(before, "Before:"),
    link(after, "Next:"),
  );
}

/** Nothing in it can end the element that it is in. */
function entriesJson(search: readonly SearchEntry[]): string {
  const rows = search.map(({ title, href, about }) => [title, href, about]);
  return JSON.stringify(rows).replaceAll("<", "\\u003c").replaceAll("&", "\\u0026").replaceAll(">", "\\u003e");
}
