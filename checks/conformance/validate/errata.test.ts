import { readdirSync, readFileSync } from "node:fs";
import test from "ava";
import type { KernelKind } from "../../../impl/driver.js";
import { ERRATA, type ErratumId, isErratumId } from "../../../impl/segmf/errata.js";
import { parseScenario } from "../../../traces/scenario/parse.js";
import { logLines } from "../record/log.js";
import { scenarioEvents } from "../record/scenario.js";
import { driverWith, randomText, validateText, verdictOf } from "./testkit.js";

const corpus = new URL("../../../../traces/corpus/errata/", import.meta.url);
const docs = new URL("../../../../docs/logs.md", import.meta.url);

/** The log of an erratum's shortest scenario, recorded from the corrected driver with this erratum alone. */
function corpusLog(erratum: ErratumId, kernel: KernelKind, answers: "all" | "none"): string {
  const file = `${erratum}.${kernel}.json`;
  const scenario = parseScenario(readFileSync(new URL(file, corpus), "utf8"), file);
  const driver = driverWith([erratum], scenario.pages, kernel);
  const header = { pages: scenario.pages, maxGrefs: 16, addresses: "convention", recorded: null } as const;
  return [...logLines(header, scenarioEvents(driver, scenario), { answers, from: 0 })].join("");
}

/** `line 7`, `line 7, if answers were seen`, `line 7, a panic` or `accepted`. */
function cell(erratum: ErratumId, kernel: KernelKind): string {
  const seen = verdictOf(validateText(corpusLog(erratum, kernel, "all")));
  const unseen = verdictOf(validateText(corpusLog(erratum, kernel, "none")));
  if (seen === "accepted") return unseen === "accepted" ? "accepted" : "more is accepted if more is seen";
  const line = seen.replace("rejected", "line");
  const panics = corpusLog(erratum, kernel, "all").includes('"event":"panic"') ? ", a panic" : "";
  return unseen === seen ? `${line}${panics}` : `${line}, if answers were seen`;
}

test("the documentation says in which line each erratum's shortest scenario is rejected", (t) => {
  const rows = readFileSync(docs, "utf8")
    .split("\n")
    .map((line) => line.split("|").map((text) => text.trim()))
    .filter(([, name]) => isErratumId((name ?? "").replaceAll("`", "")));
  const written = rows.map(([, name, debug, release]) => [name, debug, release]);
  t.deepEqual(
    written,
    ERRATA.map(({ id }) => [`\`${id}\``, cell(id, "debug"), cell(id, "release")]),
  );
  for (const [, name, debug, release, more] of rows) {
    t.is(more === "", debug !== "accepted" && release !== "accepted", `${name}: what more would a log have to hold?`);
  }
  t.is(readdirSync(corpus).length, 2 * ERRATA.length);
});

/** Errata that the shortest scenario does not show, and random calls after which a return does. */
const LATER: readonly (readonly [ErratumId, KernelKind, number, number, string])[] = [
  ["dup-copies-map", "debug", 3, 14, "rejected 17"],
  ["mfn-noprot-late", "debug", 3, 20, "rejected 11"],
  ["mfn-zero-binds", "release", 3, 5, "rejected 103"],
  ["word-shared", "release", 2, 16, "rejected 93"],
  ["release-mfn-page", "release", 3, 11, "rejected 155"],
];

test("some errata show in a later return", (t) => {
  for (const [erratum, kernel, pages, seed, expected] of LATER) {
    const text = randomText(driverWith([erratum], pages, kernel), { seed, calls: 80, threads: 1, segments: 2 });
    t.is(verdictOf(validateText(text)), expected, erratum);
  }
});

test("the shipped driver is rejected where its first erratum shows, and not before", (t) => {
  for (const seed of [1, 2, 3]) {
    const options = { seed, calls: 80, threads: 1, segments: 2 };
    const ids = ERRATA.map(({ id }) => id);
    const shipped = randomText(driverWith(ids, 3), options).split("\n");
    const corrected = randomText(driverWith([], 3), options).split("\n");
    const verdict = verdictOf(validateText(shipped.join("\n")));
    // Up to where the two logs differ the shipped driver does what the corrected one does.
    const differs = shipped.findIndex((line, n) => line !== corrected[n]) + 1;
    t.is(verdict, `rejected ${differs}`, `seed ${seed}`);
  }
});
