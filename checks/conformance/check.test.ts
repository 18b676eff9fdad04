import test from "ava";
import { INVARIANTS } from "../../model/invariants/index.js";
import { defineScope } from "../../model/scope.js";
import { check } from "./check.js";
import { corrected, only } from "./testing/drivers.js";

const ONE_PAGE = defineScope({ pages: 1, domids: [7] });

/** Where a limit of 40 states stops: not in the scope that is asked for. */
const STOPPED = [
  "the specification was not explored to the end (1 page, 1 fork, at most 16 refs a call)",
  "the specification was not explored to the end (2 pages, at most 1 ref a call)",
  "the product was not explored to the end (1 page, 1 fork, at most 16 refs a call; states)",
  "the product was not explored to the end (2 pages, at most 1 ref a call; states)",
];

test("what a driver does wrong is found in every part of a check, and so is where it stopped", async (t) => {
  const subject = only("unmap-leaks-grants");
  const report = await check(subject, { kernel: "release", scope: ONE_PAGE, limits: { states: 40 }, selfCheck: 0.5 });
  t.like(report, { format: "segmf-check/1", driver: "unmap-leaks-grants", kernel: "release", interrupted: false });
  t.is(report.verdict, "violated");
  t.deepEqual(
    report.findings.map(({ name, pages, maxGrefs }) => [name, pages, maxGrefs]),
    [["unmap-leaks-grants", 1, 16]],
  );
  t.deepEqual(
    report.directed.filter(({ holds }) => !holds).map(({ title }) => title),
    ["a release of 17 pages is refused", "unmap of 17 granted pages unmaps every grant"],
  );
  const parting = report.paths.map(({ paths, replayed }) => paths - replayed);
  t.deepEqual(report.reasons, [
    "1 finding",
    `${(parting[0] ?? 0) + (parting[1] ?? 0)} replayed paths part from the chart`,
    "directed scenario failed: a release of 17 pages is refused",
    "directed scenario failed: unmap of 17 granted pages unmaps every grant",
    ...STOPPED,
  ]);
  t.deepEqual(
    report.invariants.flatMap(({ id, broken }) => (broken > 0 ? [id] : [])),
    ["grant-owned-once", "no-residue"],
  );
  t.is(report.invariants.find(({ id }) => id === "grant-owned-once")?.breakableBy, "unmap-leaks-grants");
  t.deepEqual([report.coverage.breakable, report.coverage.invariants], [INVARIANTS.length, INVARIANTS.length]);
  const [main] = report.products;
  t.is(main?.checkedTwice, Math.floor((main?.edges ?? 0) / 2));
});

test("a check that is stopped is incomplete, and says what was done", async (t) => {
  const activities = new Set<string>();
  const interrupt = new AbortController();
  const report = await check(corrected, {
    kernel: "debug",
    scope: ONE_PAGE,
    limits: { states: 40, signal: interrupt.signal },
    progress: ([activity]) => {
      activities.add(activity?.what ?? "nothing");
      if (activity?.what === "directed scenarios") interrupt.abort();
    },
  });
  t.is(report.verdict, "incomplete");
  t.true(report.interrupted);
  t.deepEqual(report.reasons, [...STOPPED, "interrupted before everything was checked"]);
  t.deepEqual([report.specification.states, report.specification.complete], [31, true]);
  t.deepEqual(
    report.products.map(({ states, edges, complete }) => [states, complete, edges > 0]),
    [
      [17, true, true],
      [40, false, true],
      [40, false, true],
    ],
  );
  t.deepEqual(
    report.paths.map(({ paths, replayed }) => [paths, replayed]),
    [
      [31, 31],
      [432, 432],
    ],
  );
  t.is(report.products[0]?.checkedTwice, report.products[0]?.edges, "in a small scope every edge is made twice");
  t.is(report.coverage.breakable, 0);
  t.deepEqual(report.findings, []);
  t.true(activities.has("breaking every invariant on purpose"));
});
