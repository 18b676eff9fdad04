import { readFileSync } from "node:fs";
import type { Start } from "./session/start.js";

/** Made by `npm run build` (.ci/page.mjs), beside this module. */
const PAGE = new URL("explorer.html", import.meta.url);

/**
 * The explorer as one HTML text with all that it needs in it: model, TypeScript driver, recorded counterexamples. Works from
 * a file as well as from any server, asks nobody for anything, and runs no script but its own (Content-Security-Policy in it).
 */
export function explorerPage(): string {
  return readFileSync(PAGE, "utf8");
}

/** The page as the explorer's own server sends it: it begins as told, and has the server compile C files. */
export function servedPage(start: Start): string {
  const data = JSON.stringify(start).replaceAll("<", "\\u003c");
  // A function: what is put in stands for itself, also where it has a dollar sign.
  return explorerPage().replace(
    /(<script type="application\/json" id="start">)null(?=<)/,
    (_all, tag: string) => tag + data,
  );
}

/** The Content-Security-Policy that the page has in it, and what only a header can say. */
export function policyOf(html: string): string {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
  if (policy === undefined) throw new Error("the explorer's page has no policy in it");
  return `${policy}; frame-ancestors 'none'`;
}
