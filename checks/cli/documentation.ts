import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { CheckReport } from "../conformance/report.js";
import { scopeReport } from "../conformance/scopereport.js";
import { scopesOf } from "../conformance/scopes.js";
import { shownErrata } from "../doc/counterexamples.js";
import type { Section } from "../doc/document.js";
import { SPEC_FORMAT, writeMarkdown } from "../doc/markdown/write.js";
import { namedTests } from "../doc/results/tests.js";
import { formatVerified, parseVerified, VERIFIED_FORMAT, type Verified, verify } from "../doc/results/verified.js";
import { graphviz } from "../doc/site/layout.js";
import { SITE_FORMAT } from "../doc/site/page.js";
import { siteFiles } from "../doc/site/site.js";
import { specification } from "../doc/specification.js";
import { gaps } from "../doc/traceability.js";
import { explorerPage } from "../explorer/page.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { checkWritable, makeDirectory, readText, writeWhole } from "./files.js";
import type { Io } from "./io.js";

/** The root of the package; this module is `dist/checks/cli/documentation.js` in it. */
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const VERIFIED = join(ROOT, "model/verified.json");
const SPEC = join(ROOT, "model/SPEC.md");

/** The options of `segmf doc` as parsed. */
export interface DocOptions {
  readonly out?: string;
  readonly site?: string;
  readonly report?: string;
  readonly check?: boolean;
  readonly force?: boolean;
}

/** A file to be written, or to be compared with what is there. */
interface Product {
  readonly path: string;
  readonly format: string;
  readonly text: string;
}

/** Makes the documentation, and writes it or says where it is not what is there. */
export async function documentation(options: DocOptions, io: Io): Promise<ExitCode> {
  const isCheckout = existsSync(join(ROOT, "model/clauses.test.ts"));
  const out = outputOf(options, isCheckout);
  const force = options.force === true;
  if (options.check !== true && out !== null) checkWritable(out, SPEC_FORMAT, force);
  if (options.site !== undefined) makeDirectory(options.site, "--site");
  io.progress("making the documentation");
  const verified = await verifiedBy(options, isCheckout);
  const missing = gaps(verified.tests);
  for (const gap of missing) io.err(`segmf: ${gap}\n`);
  if (missing.length > 0) return EXIT.violated;
  const sections = specification(verified, await shownErrata(ROOT));
  // Where the Markdown goes elsewhere, the checkout's own files stay as they are.
  const isKept = isCheckout && options.out === undefined;
  const kept = isKept ? [{ path: VERIFIED, format: VERIFIED_FORMAT, text: formatVerified(verified) }] : [];
  const products = [
    ...kept,
    ...(out === null ? [] : [{ path: out, format: SPEC_FORMAT, text: writeMarkdown(sections) }]),
  ];
  io.progress(null);
  if (io.signal.aborted) return EXIT.interrupted;
  if (options.check === true) return compare(products, io);
  for (const { path, text } of products) writeWhole(path, text);
  for (const { path } of products) io.out(`${named(path)}: written\n`);
  if (options.site !== undefined) await writeSite(sections, options.site, force, io);
  return EXIT.holds;
}

/** Where the Markdown goes; `null` if only a site is asked for, by an installed package. */
function outputOf({ out, site, report }: DocOptions, isCheckout: boolean): string | null {
  if (report !== undefined && !isCheckout) {
    throw new Misuse("--report is for a checkout of segmf, whose records it replaces; leave it out");
  }
  if (out !== undefined) return out;
  if (isCheckout) return SPEC;
  if (site !== undefined) return null;
  throw new Misuse(
    "segmf doc: this is an installed package and no checkout; say where to write with --out FILE or --site DIR",
  );
}

/** What was verified, as it is recorded; in a checkout with the tests as they are now, and with a report all of it anew. */
async function verifiedBy({ report }: DocOptions, isCheckout: boolean): Promise<Verified> {
  if (report !== undefined) return await verify(readReport(report), namedTests(ROOT));
  if (!existsSync(VERIFIED)) {
    throw new Misuse(
      "model/verified.json: no such file; make it with segmf check --reporter json=FILE, then segmf doc --report FILE",
    );
  }
  const recorded = parseVerified(readFileSync(VERIFIED, "utf8"));
  return isCheckout ? { ...recorded, tests: namedTests(ROOT) } : recorded;
}

const REPORT =
  "the report of a whole segmf check of the corrected driver that holds (segmf-check/1), as --reporter json=FILE writes one";

function readReport(path: string): CheckReport {
  const text = readText(path, "--report", REPORT);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Misuse(`--report ${path}: expected ${REPORT}, got no JSON`);
  }
  if (typeof parsed !== "object" || parsed === null || !("format" in parsed) || parsed.format !== "segmf-check/1") {
    throw new Misuse(`--report ${path}: expected ${REPORT}, got another document`);
  }
  const report = parsed as CheckReport; // by its format
  const scopes = JSON.stringify(report.products.map(({ scope }) => scope));
  const isWhole = scopes === JSON.stringify(scopesOf(undefined).products.map(scopeReport));
  if (report.driver !== "corrected" || report.kernel !== "debug" || report.verdict !== "holds" || !isWhole) {
    throw new Misuse(
      `--report ${path}: expected ${REPORT}, got one of ${report.driver} on ${report.kernel}, ${report.verdict}${isWhole ? "" : ", in other scopes"}`,
    );
  }
  return report;
}

/** Says of each file whether it is what would be written. */
function compare(products: readonly Product[], io: Io): ExitCode {
  const stale = products.filter(({ path, text }) => !existsSync(path) || readFileSync(path, "utf8") !== text);
  for (const product of products) {
    const is = stale.includes(product)
      ? "is not what the model says; npm run doc writes it anew"
      : "is what the model says";
    io.out(`${named(product.path)}: ${is}\n`);
  }
  return stale.length === 0 ? EXIT.holds : EXIT.violated;
}

async function writeSite(sections: readonly Section[], directory: string, force: boolean, io: Io): Promise<void> {
  io.progress("drawing the site");
  const files = siteFiles(sections, await graphviz(), { explorer: explorerPage() }).map(({ path, text }) => ({
    path: join(directory, path),
    text,
  }));
  for (const { path } of files) checkWritable(path, SITE_FORMAT, force);
  for (const { path, text } of files) writeWhole(path, text);
  io.progress(null);
  io.out(`${named(directory)}: ${files.length} pages written; begin with ${named(join(directory, "index.html"))}\n`);
}

/** A path of ours as it is seen from where the command was called. */
function named(path: string): string {
  return path.startsWith(ROOT) ? relative(process.cwd(), path) : path;
}
