import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import test, { type ExecutionContext } from "ava";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { ERRATA, isErratumId } from "../../impl/segmf/errata.js";
import { TRACE_FORMATS } from "../../traces/formats.js";
import { parseTrace } from "../../traces/read.js";
import { runScenario } from "../conformance/run.js";
import { edition } from "../conformance/subject.js";
import { BROWSER, openBrowser } from "../doc/testing/browser.js";
import { inProcess, scratch } from "./testkit.js";

const ROOT = new URL("../../../", import.meta.url);
const PAGE = fileURLToPath(new URL("dist/checks/explorer/explorer.html", ROOT));
const CORPUS = fileURLToPath(new URL("traces/corpus/errata/", ROOT));
const TEST_DRIVER = fileURLToPath(new URL("impl/native/testdriver/testdriver.c", ROOT));

/** In a real browser, one after the other. Where there is none they say that they skip. */
const inBrowser = BROWSER === null ? test.serial.skip : test.serial;

let browser: Browser;
/** Requests that did not go to the page's own server, and what the page complained about. */
const strays: string[] = [];

test.before(async () => {
  if (BROWSER !== null) browser = await openBrowser();
});

test.after.always(async () => {
  if (BROWSER !== null) await browser.close();
});

interface Look {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
}

/** Opens the page at an address, in a context of its own, and closes it afterwards. */
async function withPage(
  url: string,
  use: (page: Page) => Promise<void>,
  { width = 1400, scheme = "light" }: Look = {},
) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const { origin, protocol } = new URL(url);
  page.on("request", (request) => {
    const asked = new URL(request.url());
    const isOwn = asked.protocol === "blob:" || asked.protocol === "data:" || asked.origin === origin;
    if (!isOwn || (protocol === "file:" && asked.pathname !== new URL(url).pathname)) strays.push(request.url());
  });
  page.on("pageerror", (error) => strays.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") strays.push(message.text());
  });
  await page.goto(url);
  await page.waitForSelector("html[data-ready]");
  await use(page);
  await context.close();
}

/** Serves the explorer as the command does, until `use` is done. */
async function served(args: readonly string[], use: (url: string) => Promise<void>): Promise<number> {
  const stop = new AbortController();
  let printed: (text: string) => void = () => undefined;
  const address = new Promise<string>((resolve) => {
    printed = resolve;
  });
  const ended = inProcess(["explore", "--no-open", ...args], {
    out: (text) => printed(text),
    isTerminal: false,
    signal: stop.signal,
  });
  const url = await Promise.race([address, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  await use(url.trim()).finally(() => stop.abort());
  return (await ended).code;
}

const STATIC = pathToFileURL(PAGE).href;

/** What a message bar says. */
function said(page: Page, role: "status" | "alert"): Promise<string> {
  return page.locator(`.messages [role=${role}]`).innerText();
}

async function openFile(page: Page, path: string): Promise<void> {
  await page.getByRole("button", { name: "Open…" }).click();
  await page.locator("dialog input[type=file]").setInputFiles(path);
  await page.waitForFunction(() => document.querySelector(".messages")?.textContent !== "");
}

/** The names of the invariants that the page says are broken. */
function broken(page: Page): Promise<readonly string[]> {
  return page
    .locator(".breach strong")
    .allInnerTexts()
    .then((texts) => texts.map((text) => text.replace(/^✗ | is broken$/g, "")));
}

async function violations(name: string, errata: readonly string[]): Promise<readonly (readonly string[])[]> {
  const kernel = name.includes(".release.") ? "release" : "debug";
  const scenario = parseTrace(readFileSync(join(CORPUS, name)), name);
  const { steps } = await runScenario(edition("", new Set(errata.filter(isErratumId))), kernel, scenario);
  return steps.map((step) => [...new Set(step.violations.map(({ invariant }) => invariant))]);
}

inBrowser("every erratum's counterexample is walked to its end and seen marked", async (t) => {
  await withPage(STATIC, async (page) => {
    for (const { id } of ERRATA) {
      await page.getByRole("button", { name: "Open…" }).click();
      await page.getByRole("button", { name: `debug counterexample of ${id}`, exact: true }).click();
      await page.getByRole("button", { name: "Next violation" }).click();
      const expected = (await violations(`${id}.debug.json`, [id])).at(-1) ?? [];
      t.deepEqual(new Set(await broken(page)), new Set(expected), id);
      t.is(await page.locator(".history .here.broken, .history .here.panic").count(), 1, id);
      t.deepEqual(
        new Set(await page.locator(".invariants li.broken summary").allInnerTexts()),
        new Set(expected.map((name) => `✗\n${name}\nbroken`)),
      );
      const marks = await page.locator(".cell.wrong").count();
      const named = await page.locator(".disagreements li").count();
      t.is(marks > 1, named > 0, `${id}: what is named is marked (the legend has a mark, too)`);
    }
  });
});

inBrowser("every file of the corpus is opened, stepped through, and said what it breaks", async (t) => {
  await withPage(STATIC, async (page) => {
    await page.getByLabel("driver", { exact: true }).selectOption("illumos");
    for (const kernel of ["debug", "release"]) {
      await page.getByLabel("kernel", { exact: true }).selectOption(kernel);
      for (const name of readdirSync(CORPUS).filter((file) => file.includes(`.${kernel}.`))) {
        await drop(page, name, readFileSync(join(CORPUS, name), "utf8"));
        await page.waitForFunction(
          (file) => document.querySelector("[role=status]")?.textContent?.startsWith(file),
          name,
        );
        const steps = await violations(
          name,
          ERRATA.map(({ id }) => id),
        );
        const at = steps.findIndex((step) => step.length > 0);
        const text = await said(page, "status");
        t.true(text.includes(`step ${at + 1} breaks ${steps[at]?.join(", ")}.`), `${name}: ${text}`);
        t.true(text.startsWith(`${name}: `), text);
      }
    }
  });
});

inBrowser("calls, answers, branches: what was done is shown again from the link", async (t) => {
  await withPage(STATIC, async (page) => {
    const press = (name: string | RegExp) => page.getByRole("button", { name }).first().click();
    await press("create prot rw, maxprot rwx");
    t.regex(await page.locator(".question").innerText(), /VOP_ADDMAP for segment 0/);
    t.is(await page.evaluate(() => document.activeElement?.textContent), "succeeds (0)");
    await page.keyboard.press("Enter");
    await press("add_mfns page 0, count 2, mfn 0x100, domid 7");
    await press("succeeds (0)");
    t.is(await page.locator(".chart .active.leaf", { hasText: "faulting" }).count(), 2, "the call, and page 1");
    await press("fails (-22)");
    t.regex(await page.locator(".returned").innerText(), /returned 14\s+as the specification says: failed, 14/);
    await page.keyboard.press("Control+z");
    await press("add_gref_pte page 1, pte_ma 0x9008");
    await page.getByRole("button", { name: "Back" }).click();
    await page.waitForTimeout(200); // the address follows
    const all = await page.locator("main").innerText();
    const { hash } = new URL(page.url());
    await withPage(`${STATIC}${hash}`, async (again) => {
      t.is(await again.locator("main").innerText(), all);
      t.is(await again.locator(".branches button").count(), 1);
    });
  });
});

inBrowser("an export in each format has the bytes that the command writes, and runs alike", async (t) => {
  const folder = scratch();
  await withPage(STATIC, async (page) => {
    await page.getByRole("button", { name: "Open…" }).click();
    await page.getByRole("button", { name: "release counterexample of release-forgets-failed" }).click();
    await page.getByRole("button", { name: "To the end" }).click();
    await page.getByRole("button", { name: "Export…" }).click();
    const scenario = join(folder.path, "release-forgets-failed.release.json");
    for (const { name, readable } of TRACE_FORMATS) {
      await page
        .getByLabel(name, { exact: false })
        .and(page.locator(`[value=${name}]`))
        .check();
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: /^Save / }).click();
      const file = await download;
      const path = join(folder.path, name === "scenario" ? "" : "from-page", file.suggestedFilename());
      await file.saveAs(path);
      const options = ["--only", "release-forgets-failed", "--kernel", "release"];
      const out = join(folder.path, file.suggestedFilename());
      const { code, stderr } = await inProcess(["trace", "convert", scenario, "--to", name, ...options, "--out", out]);
      t.is(code, 0, stderr);
      t.is(readFileSync(path, "utf8"), readFileSync(out, "utf8"), name);
      if (!readable) continue;
      const run = await inProcess(["run", path, ...options, "--json"]);
      t.is(run.code, 1);
      t.deepEqual(
        JSON.parse(run.stdout)
          .steps.at(-1)
          .violations.map(({ invariant }: { readonly invariant: string }) => invariant),
        (await violations("release-forgets-failed.release.json", ["release-forgets-failed"])).at(-1),
      );
    }
  });
  await folder.remove();
});

/** Drops a file on the page, as a user does. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(
    ([file = "", content = ""]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], file));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [name, text],
  );
  await page.waitForFunction(() => document.querySelector(".messages")?.textContent !== "");
}

inBrowser("a broken file is refused with one line, and what was there stays", async (t) => {
  await withPage(STATIC, async (page) => {
    await page.getByRole("button", { name: "create prot rw" }).click();
    await drop(
      page,
      "broken.json",
      '{ "format": "segmf-scenario/1", "segment": { "pages": 1 }, "steps": [ { "call": "creat" } ] }',
    );
    t.is(
      await said(page, "alert"),
      'broken.json: $.steps[0].call: expected the name of a call (nearest: "create"), got "creat"',
    );
    t.is(await page.locator(".question").count(), 1);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await drop(page, "seg_mf.c", "int x;");
    t.regex(await said(page, "alert"), /^seg_mf\.c: this page can't compile C; open it with segmf explore/);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await drop(page, "x.wasm", "nothing");
    t.is(await said(page, "alert"), "x.wasm: not a WebAssembly module; expected what segmf compile writes");
    await page.evaluate(() => {
      location.hash = "#1broken";
    });
    await page.waitForFunction(() => document.querySelector("[role=alert]")?.textContent?.includes("damaged"));
    t.is(await said(page, "alert"), "this link is damaged: a part of it is missing or changed; copy it again, whole");
  });
});

inBrowser("a search is made in the page, and its path taken", async (t) => {
  await withPage(STATIC, async (page) => {
    await page.getByLabel("pages", { exact: true }).selectOption("1");
    await page.getByLabel("driver", { exact: true }).selectOption("illumos");
    await page.getByRole("button", { name: "Next violation" }).click();
    await page.locator(".last.bad").waitFor();
    t.regex(await said(page, "status"), /^Found among \d+ states: no shorter way than these 2 steps/);
    t.true(await page.getByRole("button", { name: "Find it" }).isDisabled());
    await page.getByRole("button", { name: "To the start" }).click();
    await page.getByLabel("to a state where").selectOption("segment");
    await page.getByRole("button", { name: "Find it" }).click();
    await page.locator(".segment h3", { hasText: "stillborn" }).waitFor();
    t.is(await page.locator(".history > ol > li").count(), 2);
  });
});

inBrowser(
  "a C file is compiled by the server, and a module made by segmf compile runs in the static page",
  async (t) => {
    const folder = scratch();
    const wasm = join(folder.path, "driver.wasm");
    t.is((await inProcess(["compile", TEST_DRIVER, "-o", wasm])).code, 0);
    t.is((await inProcess(["compile", TEST_DRIVER, "-o", wasm])).code, 0, "its own file may be replaced");
    const trace = join(folder.path, "trace.json");
    const steps = [
      { call: "create", seg: 0 },
      { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: 256, domid: 7 },
    ];
    await writeFile(trace, JSON.stringify({ format: "segmf-scenario/1", segment: { pages: 2 }, steps }));
    const shown = async (page: Page, path: string): Promise<void> => {
      t.is(await page.getByLabel("driver", { exact: true }).inputValue(), `=${path}`);
      await page.locator(".history > ol > li:last-child > button").click();
      t.is(await page.locator(".pages td").first().innerText(), "frame 0x100 was empty".replace(" was", "\nwas"));
    };
    await withPage(STATIC, async (page) => {
      await openFile(page, wasm);
      t.is(await said(page, "status"), `The driver is ${TEST_DRIVER} now, running in this page.`);
      await openFile(page, trace);
      await shown(page, TEST_DRIVER);
    });
    const code = await served([trace, "--driver", TEST_DRIVER], async (url) => {
      await withPage(url, async (page) => {
        await shown(page, TEST_DRIVER);
        await page.reload();
        await page.waitForSelector("html[data-ready]");
        t.is(await page.getByLabel("driver", { exact: true }).inputValue(), `=${TEST_DRIVER}`);
        await drop(page, "mine.c", readFileSync(TEST_DRIVER, "utf8"));
        await page.waitForFunction(() => document.querySelector("[role=status]")?.textContent?.includes("mine.c"));
        await shown(page, "mine.c");
      });
    });
    t.is(code, 130);
    await folder.remove();
  },
);

/** What axe finds, as lines. */
async function findings(page: Page): Promise<readonly string[]> {
  const { violations: found } = await page.evaluate<axe.AxeResults>(`${axe.source}; axe.run(document)`);
  return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

for (const look of [
  { width: 1400, scheme: "light" },
  { width: 390, scheme: "dark" },
] as const) {
  inBrowser(`axe finds nothing, ${look.width} pixels wide, ${look.scheme}`, async (t: ExecutionContext) => {
    await withPage(
      STATIC,
      async (page) => {
        const none = async (where: string) => t.deepEqual(await findings(page), [], where);
        await none("at the start");
        await page.getByRole("button", { name: "create prot rw" }).click();
        await page.locator(".blocked summary").click();
        await none("in the midst of a call");
        await page.getByRole("button", { name: "Open…" }).click();
        await none("opening");
        await page.getByRole("button", { name: "debug counterexample of gref-rollback-leaks" }).click();
        await page.getByRole("button", { name: "Next violation" }).click();
        await page.evaluate(() => {
          for (const each of document.querySelectorAll("details")) each.open = true;
        });
        await none("at a violation, all unfolded");
        await page.getByRole("button", { name: "Export…" }).click();
        await none("exporting");
        await page.getByRole("button", { name: "Close" }).click();
        await page.getByRole("button", { name: "Errata…" }).click();
        await none("choosing errata");
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        t.is(width, look.width, "nothing sticks out at the side");
      },
      look,
    );
  });
}

inBrowser("no page asked anybody else for anything, or complained", (t) => {
  t.deepEqual(strays, []);
});

for (const [args, message] of [
  [["explore", "--port", "70000"], 'segmf: --port: expected a whole number from 0 to 65535, got "70000"\n'],
  [
    ["explore", "--no-open", "gone.json"],
    "segmf: gone.json: no such file or directory; expected a trace file (segmf-scenario/1, segmf-log/1 or ITF)\n",
  ],
  [
    ["explore", "--driver", "gone.c"],
    "segmf: --driver gone.c: no such file; expected corrected, illumos or the path of a C file\n",
  ],
  [["compile", "gone.c", "-o", "x.wasm"], "segmf: gone.c: missing; expected a driver's C file, such as seg_mf.c\n"],
  [
    ["compile", TEST_DRIVER, "-o", PAGE],
    `segmf: ${PAGE}: exists and is not segmf's own (segmf-driver/1); move it away, or give --force\n`,
  ],
] as const) {
  test(`misuse: ${args.join(" ").replace(TEST_DRIVER, "driver.c").replace(PAGE, "page.html")}`, async (t) => {
    const { code, stdout, stderr } = await inProcess(args);
    t.deepEqual({ code, stdout, stderr }, { code: 2, stdout: "", stderr: message });
  });
}

test("a port that another program has is said so", async (t) => {
  const code = await served([], async (url) => {
    const { port } = new URL(url);
    t.like(await inProcess(["explore", "--no-open", "--port", port]), {
      code: 2,
      stderr: `segmf: --port ${port}: another program has it; expected a port that is free, or 0\n`,
    });
  });
  t.is(code, 130);
});
