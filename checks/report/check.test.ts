import test from "ava";
import type { CheckReport } from "../conformance/report.js";
import { type Presentation, renderCheck } from "./check.js";
import { limitsText } from "./command.js";
import { HOLDS, INCOMPLETE, VIOLATED } from "./fixture.js";
import { REPORTERS } from "./reporters/index.js";

/** The summary, word for word: it says all that the report says, and claims nothing beyond it. */

const PLAIN: Presentation = {
  colours: false,
  choice: { driver: "corrected", kernel: "debug" },
  compiled: false,
  files: null,
  comparison: null,
};

test("a check in which everything holds", (t) => {
  t.is(
    renderCheck(HOLDS, PLAIN),
    `driver         corrected on the debug kernel
scope          2 pages, domids 7 and 9, up to 2 refs a call, SEGMF_MAX_GREFS 16, no forks, default
               alphabet
               faults: addmap, waiting
specification  511 states, 8,892 transitions, depth 13: complete
               at 1 fork: 1 state, 1 transition, depth 1: complete
paths          a shortest path to every state: 511 of 511 replayed, 4,000 events compared
               every path that visits no state twice, at 1 page, no faults: 432 of 432 replayed,
               4,732 events compared
product        120 states, 10,000 edges (2,000 made, 500 again), depth 6: complete; every state can
               be freed
               at up to 1 ref a call, SEGMF_MAX_GREFS 1, faults addmap: 1 state, 1 edge (1 made, 500
               again), depth 6: complete; every state can be freed
directed       1 of 1 hold at 17 pages and up to 16 refs a call
invariants     19 of 19 hold; judged: result-exact 1,000, success-exact 1,000, empty-rollback 1,000,
               refusal-is-pure 1,000, softlock-nonnegative 1,000, softlock-exact 1,000,
               domid-once 1,000, map-is-truth 1,000, grant-owned-once 1,000, lock-balance 1,000,
               no-residue 1,000, vnode-balance 1,000, one-domain 1,000, write-permission 1,000,
               lock-discipline 1,000, wake 1,000, fork-isolation 1,000, freeable 1,000,
               kernel-contract 1,000
coverage       100 of 100 transitions and guard branches of the chart taken; 19 of 19 invariants
               broken on purpose

verdict        holds
seconds        12.3
`,
  );
});

test("every document names the limits of a call that were given", (t) => {
  const choice = { driver: "seg_mf.c", kernel: "debug", callTimeout: 1000, callMemory: 65_536 } as const;
  const said = "at most 1,000 pieces of code and 65,536 bytes of kernel memory a call";
  const pretty = renderCheck(HOLDS, { ...PLAIN, choice });
  t.is(sectionOf(pretty, "driver")?.replace("\n", " "), `corrected on the debug kernel, ${said}`);
  t.is(limitsText({ driver: "seg_mf.c", kernel: "debug", callTimeout: 1000 }), "at most 1,000 pieces of code a call");
  for (const { name, isLog, write } of REPORTERS) {
    const [limited, usual] = [write(HOLDS, { ...PLAIN, choice }), write(HOLDS, PLAIN)];
    if (isLog) continue;
    t.true(limited.includes(name === "json" ? '"callTimeout": 1000' : said), name);
    t.not(limited, usual, name);
    t.notRegex(usual, /callTimeout|a call,? at most|"limits"/, name);
  }
});

test("a check that stopped early: what it did not take is not held against it", (t) => {
  const text = renderCheck(INCOMPLETE, PLAIN);
  t.is(
    sectionOf(text, "product"),
    `120 states, 10,000 edges (2,000 made, 500 again), depth 6: INCOMPLETE (the limit on
states)`,
  );
  t.is(
    sectionOf(text, "coverage"),
    `99 of 100 transitions and guard branches of the chart taken; 19 of 19 invariants
broken on purpose`,
  );
  t.is(sectionOf(text, "verdict"), "incomplete\nthe product was not explored to the end");
});

test("a check of a C file with findings, written and compared with recorded ones", (t) => {
  const text = renderCheck(VIOLATED, {
    ...PLAIN,
    choice: { driver: "./my driver.c", kernel: "release", fix: ["a", "b"] },
    compiled: true,
    files: ["out/a.json", "out/b.json"],
    comparison: { file: "list.json", recorded: 3, fresh: ["x (breaks y)"], gone: ["z (breaks w)", "q"], otherwise: [] },
  });
  t.is(sectionOf(text, "driver"), "illumos, compiled to WebAssembly, on the debug kernel");
  t.is(
    text.slice(text.indexOf("\n1. ")),
    `
1. pte-range-unchecked
   A PTE can be registered for a page past the end
   at 1 page; 1 edge of this cause
   1. create(seg 0, prot rw, maxprot rwx)
   2. add_gref_pte(seg 0, page 1, pte_ma 0x9008)
   panic: write outside an allocation
   kernel-contract: add_gref_pte of segment 0 made the kernel panic
   again: segmf run out/a.json --driver './my driver.c' --kernel release --fix a,b

2. unknown cause: add_mfns breaks empty-rollback, map-is-truth
   at 2 pages and SEGMF_MAX_GREFS 1; 1,234 edges of this cause
   1. create(seg 0, prot rw, maxprot rwx)
   2. add_mfns(seg 0, page 0, count 2, mfn 0x100, domid 7) while somebody waits with
      update_va_mapping [0, -22]
   empty-rollback: segment 0, page 0: it is not EMPTY
   map-is-truth: segment 0, page 0: it is not what its PTE says
   map-is-truth: segment 0, page 1: it is not what its PTE says
   again: segmf run out/b.json --max-grefs 1 --driver './my driver.c' --kernel release --fix a,b

verdict        violated
               2 findings
expected       not what is recorded in list.json (3 findings)
new            x (breaks y)
gone           z (breaks w)
               q
seconds        12.3
`,
  );
});

test("findings that were not written: how to have them written", (t) => {
  const text = renderCheck(VIOLATED, PLAIN);
  t.false(text.includes("again:"));
  t.true(text.includes("\n\n--out DIR writes these as scenario files, which segmf run replays.\n\nverdict  "));
  t.false(renderCheck(HOLDS, PLAIN).includes("--out"));
});

test("what is as recorded", (t) => {
  const comparison = { file: "list.json", recorded: 1, fresh: [], gone: [], otherwise: [] };
  const text = renderCheck(VIOLATED, { ...PLAIN, comparison });
  t.is(sectionOf(text, "expected"), "exactly what is recorded in list.json (1 finding)");
  t.is(sectionOf(text, "new"), null);
  const otherwise = renderCheck(VIOLATED, {
    ...PLAIN,
    comparison: { ...comparison, otherwise: ["there are deadlocks"] },
  });
  t.is(sectionOf(otherwise, "expected"), "not what is recorded in list.json (1 finding)");
  t.is(sectionOf(otherwise, "otherwise"), "there are deadlocks");
});

/** What each part of a report can say besides, and how it says it. */
const BESIDES: readonly (readonly [string, Partial<CheckReport>, string])[] = [
  [
    "specification",
    {
      specification: {
        ...HOLDS.specification,
        complete: false,
        violations: [
          { invariant: "no deadlock", path: ["call.create", "answer.addmap"] },
          { invariant: "at rest", path: [] },
        ],
      },
      specificationsBeside: [],
    },
    `511 states, 8,892 transitions, depth 13: INCOMPLETE
breaks no deadlock after call.create, answer.addmap
breaks at rest after nothing`,
  ],
  [
    "paths",
    {
      paths: [
        {
          scope: HOLDS.specification.scope,
          paths: 2,
          replayed: 1,
          steps: 1,
          mismatches: [{ path: ["call.create"], detail: "it returned 1" }],
        },
      ],
    },
    `a shortest path to every state: 1 of 2 replayed, 1 event compared
the first that parts from the chart: call.create: it returned 1`,
  ],
  [
    "product",
    { products: HOLDS.products.slice(0, 1).map((product) => ({ ...product, deadlocks: 1, unfreeable: 2 })) },
    `120 states, 10,000 edges (2,000 made, 500 again), depth 6: complete; 1 deadlock; 2
states that can't be freed`,
  ],
  [
    "product",
    {
      products: HOLDS.products
        .slice(0, 1)
        .map((product) => ({ ...product, complete: false, stopped: "aborted", unfreeable: null })),
    },
    "120 states, 10,000 edges (2,000 made, 500 again), depth 6: INCOMPLETE (interrupted)",
  ],
  [
    "product",
    {
      products: HOLDS.products
        .slice(0, 1)
        .map((product) => ({ ...product, complete: false, stopped: "seconds", unfreeable: null })),
    },
    `120 states, 10,000 edges (2,000 made, 500 again), depth 6: INCOMPLETE (the limit on
seconds)`,
  ],
  [
    "product",
    {
      products: HOLDS.products
        .slice(0, 1)
        .map((product) => ({ ...product, notFactored: "a call comes to something else" })),
    },
    `120 states, 10,000 edges (2,000 made, 500 again), depth 6: complete; each state by
itself, since a call comes to something else; every state can be freed`,
  ],
  [
    "directed",
    {
      directed: [
        { title: "17 refs are refused", holds: false },
        { title: "16 are not", holds: true },
      ],
    },
    "1 of 2 hold at 17 pages and up to 16 refs a call\nfails: 17 refs are refused",
  ],
  [
    "coverage",
    {
      verdict: "violated",
      coverage: { taken: 1, total: 2, missing: ["idle: call.free"], breakable: 18, invariants: 19 },
    },
    `1 of 2 transitions and guard branches of the chart taken; 18 of 19 invariants broken
on purpose
never taken: idle: call.free`,
  ],
  [
    "invariants",
    {
      invariants: [
        { id: "freeable", judged: 2, broken: 1, breakableBy: null },
        { id: "wake", judged: 0, broken: 0, breakableBy: null },
      ],
    },
    "1 of 2 hold; judged: freeable 2, wake 0\nbroken: freeable on 1 state",
  ],
];

for (const [name, besides, expected] of BESIDES) {
  test(`the ${name}: ${expected.split("\n").at(-1)}`, (t) => {
    t.is(sectionOf(renderCheck({ ...HOLDS, ...besides }, PLAIN), name), expected);
  });
}

test("colours are the only difference that colours make", (t) => {
  const coloured = renderCheck(VIOLATED, { ...PLAIN, colours: true });
  t.true(coloured.includes("\u001b[31mviolated\u001b[39m"));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what this looks for
  t.is(coloured.replaceAll(/\u001b\[\d+m/g, ""), renderCheck(VIOLATED, PLAIN));
});

/** What is said under a name, without the indent; `null` if the name is not there. */
function sectionOf(text: string, name: string): string | null {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith(`${name} `));
  if (first < 0) return null;
  const more = lines.slice(first + 1).findIndex((line) => !line.startsWith(" "));
  return lines
    .slice(first, first + 1 + more)
    .map((line) => line.slice("specification  ".length))
    .join("\n");
}
