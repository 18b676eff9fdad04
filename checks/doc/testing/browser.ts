import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** For tests that look at pages in a real browser: Debian's Chromium, or another that is where browsers are. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where a browser is; `null` where there is none, and tests that need one say that they skip. */
export const BROWSER: string | null = PLACES.find((path) => existsSync(path)) ?? null;

/** Starts it. It has no network to speak of: pages come from files or from this machine. */
export async function openBrowser(): Promise<Browser> {
  if (BROWSER === null) throw new Error("there is no browser");
  return await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
