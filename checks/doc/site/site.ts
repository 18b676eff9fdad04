import { allSections, type Section } from "../document.js";
import { blockHtml, type Rendering } from "./blocks.js";
import type { Html } from "./html.js";
import type { Layout } from "./layout.js";
import { type NavigationLink, type Page, pageHtml } from "./page.js";
import { searchEntries } from "./search.js";

/** A file of the site: its name and its text. All are in one folder. */
export interface SiteFile {
  readonly path: string;
  readonly text: string;
}

/** What else a site may have. */
export interface SiteOptions {
  /** The page to walk in the state space with, whole, everything in it; without it the site does without. */
  readonly explorer?: string;
}

/** Where the explorer is, in the site. */
export const EXPLORER_PATH = "explore.html";

/**
 * The documentation as a static site: a page for each section, and for each section within one. Works from a folder: every page
 * has all that it needs in itself, and loads nothing. The same for the same.
 */
export function siteFiles(
  sections: readonly Section[],
  layout: Layout,
  { explorer }: SiteOptions = {},
): readonly SiteFile[] {
  const pages = allSections(sections);
  const href = hrefs(pages);
  const rendering = { href, layout, explorer: explorer === undefined ? null : EXPLORER_PATH };
  const search = pages.flatMap((page) => searchEntries(page, href));
  const files = pages.map((section, at): SiteFile => {
    const navigation = (one: Section | undefined): NavigationLink | null =>
      one === undefined ? null : { title: one.title, href: href(one.id), isCurrent: false, parts: [] };
    const page: Page = {
      title: section.title,
      summary: section.summary,
      body: bodyHtml(section, rendering),
      sections: [
        ...sections.map((one) => navigationOf(one, section, href)),
        ...(explorer === undefined ? [] : [EXPLORER_LINK]),
      ],
      before: navigation(pages[at - 1]),
      after: navigation(pages[at + 1]),
      search,
    };
    return { path: pathOf(section, at), text: pageHtml(page) };
  });
  return explorer === undefined ? files : [...files, { path: EXPLORER_PATH, text: explorer }];
}

const EXPLORER_LINK: NavigationLink = { title: "Explore", href: EXPLORER_PATH, isCurrent: false, parts: [] };

/** The first section is what a reader comes to first. */
function pathOf({ id }: Section, at: number): string {
  return at === 0 ? "index.html" : `${id}.html`;
}

/** Where each place is: on which page, and where on it. */
function hrefs(pages: readonly Section[]): (id: string) => string {
  const places = new Map<string, string>();
  pages.forEach((section, at) => {
    const path = pathOf(section, at);
    places.set(section.id, path);
    for (const block of section.blocks) {
      if (block.kind === "heading") places.set(block.id, `${path}#${block.id}`);
      if (block.kind === "table") {
        for (const { id } of block.rows) if (id !== undefined) places.set(id, `${path}#${id}`);
      }
    }
  });
  return (id) => {
    const place = places.get(id);
    if (place === undefined) throw new Error(`there is no place ${id} to link to`);
    return place;
  };
}

/** The sections within a section are listed where the reader is in it. */
function navigationOf(section: Section, current: Section, href: (id: string) => string): NavigationLink {
  const isIn = section === current || section.parts.includes(current);
  return {
    title: section.title,
    href: href(section.id),
    isCurrent: section === current,
    parts: isIn ? section.parts.map((part) => ({ ...navigationOf(part, current, href), title: shortTitle(part) })) : [],
  };
}

/** An erratum by its id alone. */
function shortTitle({ title }: Section): string {
  return title.replace(/: .*$/, "");
}

function bodyHtml({ blocks }: Section, rendering: Omit<Rendering, "prefix">): Html {
  return blocks.map((block, at) => blockHtml(block, { ...rendering, prefix: `drawing-${at}` })).join("\n");
}
