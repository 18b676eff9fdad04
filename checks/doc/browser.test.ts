import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import test from "ava";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { defineScope, FAULT_CLASSES } from "../../model/scope.js";
import { writeMermaidGraph } from "../../traces/graph/mermaid.js";
import { graphOfStatechart } from "../conformance/graph/statechart.js";
import { shownErrata } from "./counterexamples.js";
import { parseVerified } from "./results/verified.js";
import { graphviz } from "./site/layout.js";
import { siteFiles } from "./site/site.js";
import { specification } from "./specification.js";
import { BROWSER, openBrowser } from "./testing/browser.js";
import { diagramsIn } from "./testing/diagrams.js";

/** The site as a reader sees it. Without a browser these tests are skipped, and say so. */

const look = BROWSER === null ? test.skip : test.serial;

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const MERMAID = readFileSync(createRequire(import.meta.url).resolve("mermaid/dist/mermaid.min.js"), "utf8");

let browser: Browser;
let folder: string;
let paths: readonly string[];

if (BROWSER !== null) {
  test.before("make the site, and start a browser", async () => {
    const verified = parseVerified(readFileSync(`${ROOT}model/verified.json`, "utf8"));
    const files = siteFiles(specification(verified, await shownErrata(ROOT)), await graphviz());
    folder = await mkdtemp(join(tmpdir(), "segmf-site-"));
    for (const { path, text } of files) await writeFile(join(folder, path), text);
    paths = files.map(({ path }) => path);
    browser = await openBrowser();
  });

  test.after.always("leave nothing behind", async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
}

const PHONE = { width: 390, height: 844 };
const WIDE = { width: 1440, height: 900 };

interface Opened {
  readonly page: Page;
  /** What went wrong in the page, and what it asked for besides itself. */
  readonly complaints: readonly string[];
}

async function open(path: string, viewport: typeof PHONE, colorScheme: "light" | "dark"): Promise<Opened> {
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  const address = pathToFileURL(join(folder, path)).href;
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== address) complaints.push(request.url());
  });
  await page.goto(address);
  return { page, complaints };
}

/** A page of each kind is enough; `npm run test:deep` looks at all. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";

for (const [name, viewport, scheme, some] of [
  ["on a phone, dark", PHONE, "dark", ["erratum-gref-rollback-leaks.html"]],
  ["on a wide screen, light", WIDE, "light", ["call-add_grefs.html"]],
] as const) {
  look(
    `${name}: axe finds nothing, nothing is asked of anybody, and only drawings and tables are wider than the window`,
    async (t) => {
      for (const path of IS_DEEP ? paths : some) {
        const { page, complaints } = await open(path, viewport, scheme);
        await page.evaluate(AXE);
        const results = (await page.evaluate("axe.run()")) as AxeResults;
        t.deepEqual(
          results.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          [],
          path,
        );
        t.deepEqual(complaints, [], path);
        t.is(await page.evaluate("document.documentElement.scrollWidth"), viewport.width, path);
        await page.context().close();
      }
    },
  );
}

look("the search is found, used and left with the keyboard alone", async (t) => {
  const { page, complaints } = await open("index.html", WIDE, "light");
  await page.keyboard.press("/");
  await page.keyboard.type("grant handle");
  t.is(await page.locator("#found a").first().textContent(), "grant handle");
  await page.keyboard.press("ArrowDown");
  t.is(await page.evaluate("document.activeElement.textContent"), "grant handle");
  await page.keyboard.press("Escape");
  t.is(await page.evaluate("document.activeElement.id"), "query");
  t.true(await page.locator("#found").isHidden());
  await page.keyboard.type("no such thing");
  t.is(await page.locator("#told").textContent(), "Nothing found");
  await page.keyboard.press("Escape");
  t.deepEqual(complaints, []);
  await page.keyboard.type("lock-discipline");
  await page.keyboard.press("Enter");
  await page.waitForURL(/invariants\.html#invariant-lock-discipline$/);
  t.pass();
  await page.context().close();
});

look(
  "Mermaid draws the diagrams of SPEC.md and the statechart of segmf graph, and no error in their place",
  async (t) => {
    const diagrams = diagramsIn(readFileSync(`${ROOT}model/SPEC.md`, "utf8"));
    const page = await browser.newPage();
    await page.addScriptTag({ content: MERMAID });
    // All charts, which nest states and are laid out each in its own way; sequences are alike.
    const some = diagrams.filter((text) => IS_DEEP || text.includes("\nstateDiagram"));
    t.true(some.length > 3);
    const scope = defineScope({ pages: 2, domids: [7], faults: new Set(FAULT_CLASSES), forks: 1 });
    const statechart = writeMermaidGraph(graphOfStatechart(scope, "the statechart"));
    for (const [at, text] of [...some, statechart].entries()) {
      const drawn = await page.evaluate(
        `mermaid.render("drawing-${at}", ${JSON.stringify(text)}).then(({ svg }) => svg.slice(0, 4), String)`,
      );
      t.is(drawn, "<svg", text);
    }
    await page.close();
  },
);

look("without scripts everything is there but the search", async (t) => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: PHONE });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(folder, "index.html")).href);
  t.true(await page.locator("#search").isHidden());
  t.true(await page.locator("main").isVisible());
  await context.close();
});

look("on paper there is the text, and nothing to click on", async (t) => {
  const { page } = await open("invariants.html", WIDE, "dark");
  await page.emulateMedia({ media: "print" });
  for (const gone of ["header", "nav.sections"]) t.true(await page.locator(gone).isHidden());
  t.is(await page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
  await page.context().close();
});
