import type { Start } from "../session/start.js";

/** What the page's builder, or the server that serves it, put into it as data. */
interface PageData {
  /** The recorded traces. */
  readonly corpus: readonly { readonly name: string; readonly text: string }[];
  /** How to begin; null where nobody serves the page. */
  readonly start: Start | null;
}

export function dataOf<K extends keyof PageData>(id: K): PageData[K] {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}
