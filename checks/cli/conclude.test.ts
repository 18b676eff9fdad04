import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { parseScenario } from "../../traces/scenario/parse.js";
import type { Finding } from "../conformance/findings.js";
import type { CheckReport } from "../conformance/report.js";
import { HOLDS, INCOMPLETE, KNOWN, UNKNOWN, VIOLATED } from "../report/fixture.js";
import { CHECKER, type Checker } from "./checker.js";
import { inProcess, scratch } from "./testkit.js";

/** What `segmf check` does with a report once it has one: files, comparison, exit code. The reports are made up. */

/** A checker that finds what it is told to. */
function finding(report: CheckReport): Checker {
  return { ...CHECKER, check: () => Promise.resolve(report) };
}

function check(report: CheckReport, ...options: readonly string[]) {
  return inProcess(["check", ...options], { checker: finding(report) });
}

async function inFolder(use: (at: (name: string) => string) => Promise<void>): Promise<void> {
  const folder = scratch();
  try {
    await use((name) => join(folder.path, name));
  } finally {
    await folder.remove();
  }
}

/** The line of the summary, or what it says. */
function lineOf(stdout: string, name: string): string | undefined {
  return new RegExp(`^${name} +(.*)$`, "m").exec(stdout)?.[1];
}

test("the exit code is the verdict's", async (t) => {
  t.is((await check(HOLDS)).code, 0);
  t.is((await check(VIOLATED)).code, 1);
  t.is((await check(INCOMPLETE)).code, 3);
});

test("--out makes the folder and writes each finding under its cause's name", async (t) => {
  await inFolder(async (at) => {
    const out = at("deep/down");
    const { code, stdout, stderr } = await check(VIOLATED, "--out", out);
    t.is(code, 1);
    t.is(stderr, "");
    t.deepEqual((await readdir(out)).sort(), [
      "pte-range-unchecked.json",
      "unknown-cause-add_mfns-breaks-empty-rollback-map-is-truth.json",
    ]);
    for (const { pages, steps, name } of [KNOWN, UNKNOWN]) {
      const file = join(out, `${name.replaceAll(/[^a-z_]+/g, "-")}.json`);
      t.deepEqual(parseScenario(await readFile(file, "utf8"), file), { pages, steps });
    }
    t.true(stdout.includes(`   again: segmf run ${out}/pte-range-unchecked.json --driver corrected\n`));
    t.true(stdout.includes("-map-is-truth.json --max-grefs 1 --driver corrected\n"));
    t.is((await check(VIOLATED, "--out", out)).code, 1, "files of ours are written anew");
  });
});

test("--out names files that any system takes, apart, and no matter what a cause is called", async (t) => {
  const named = (name: string): Finding => ({ ...UNKNOWN, name });
  const long = `unknown cause: ${Array.from({ length: 19 }, () => "some-invariant").join(", ")}`;
  const names = ["../../up: a", "../../UP: a", "...", long, `${long} (panic)`];
  await inFolder(async (at) => {
    const { code } = await check({ ...VIOLATED, findings: names.map(named) }, "--out", at("out"));
    t.is(code, 1);
    const files = await readdir(at("out"));
    t.is(files.length, names.length);
    for (const file of files) t.regex(file, /^[A-Za-z0-9_][A-Za-z0-9._-]{0,103}\.json$/);
    t.true(files.includes("UP-a-2.json"));
  });
});

test("a file of the user's in --out: nothing is written, the report is not lost, exit code 2; --force overwrites it", async (t) => {
  await inFolder(async (at) => {
    const mine = at("unknown-cause-add_mfns-breaks-empty-rollback-map-is-truth.json");
    await writeFile(mine, "mine\n");
    const { code, stdout, stderr } = await check(VIOLATED, "--out", at("."));
    t.is(code, 2);
    t.is(lineOf(stdout, "verdict"), "violated");
    t.is(stderr, `segmf: ${mine}: exists and is not segmf's own (segmf-scenario/1); move it away, or give --force\n`);
    t.deepEqual(await readdir(at(".")), ["unknown-cause-add_mfns-breaks-empty-rollback-map-is-truth.json"]);
    t.is(await readFile(mine, "utf8"), "mine\n");
    t.is((await check(VIOLATED, "--out", at("."), "--force")).code, 1);
    t.regex(await readFile(mine, "utf8"), /^\{ "format": "segmf-scenario\/1"/);
  });
});

test("--invariants tells only of what breaks these, and does not claim that they hold where others are broken", async (t) => {
  const some = await check(VIOLATED, "--invariants", "map-is-truth,wake", "--json");
  t.is(some.code, 1);
  const { findings, invariants, selected, verdict, reasons } = JSON.parse(some.stdout);
  t.deepEqual(namesIn(findings, "name"), [UNKNOWN.name]);
  t.deepEqual(namesIn(invariants, "id").sort(), ["map-is-truth", "wake"]);
  t.deepEqual(selected, { invariants: ["map-is-truth", "wake"], setAside: 1 });
  const unseen = (subject: string) =>
    `${subject} only invariants that were not selected; what lies behind was not explored`;
  t.is(verdict, "violated");
  t.deepEqual(reasons, ["1 finding", unseen("1 finding breaks")]);

  const none = await check(VIOLATED, "--invariants", "wake");
  t.is(none.code, 3, "not 0: it is not known");
  t.is(lineOf(none.stdout, "verdict"), "incomplete");
  t.is(lineOf(none.stdout, "selected"), "wake; 2 findings of others not told");
  t.true(none.stdout.replaceAll(/\s+/g, " ").includes(unseen("2 findings break")));
  t.false(none.stdout.includes("pte-range-unchecked"));

  t.is((await check(HOLDS, "--invariants", "wake")).code, 0, "where nothing is broken, it holds");
  t.is((await check(INCOMPLETE, "--invariants", "wake")).code, 3);
  t.is((await check(VIOLATED, "--invariants", "empty-rollback,kernel-contract")).code, 1);
  const deadlock = { ...VIOLATED, products: VIOLATED.products.map((product) => ({ ...product, deadlocks: 1 })) };
  t.is((await check(deadlock, "--invariants", "wake")).code, 1, "what is no finding is not set aside");
});

test("--invariants in every form of report: what others break is not wrong, and nothing selected is said to hold", async (t) => {
  const junit = (await check(VIOLATED, "--invariants", "wake", "--reporter", "junit")).stdout;
  t.regex(junit, /^<testsuites .* failures="0" errors="[1-9]/m);
  t.regex(junit, /name="wake">\n<error /);
  const github = (await check(VIOLATED, "--invariants", "wake", "--reporter", "github")).stdout;
  t.regex(github, /^::warning .*wake::judged .*; what lies behind findings of others was not explored$/m);
  t.notRegex(github, /^::error/m);
  const both = (await check(VIOLATED, "--invariants", "wake,map-is-truth", "--reporter", "junit")).stdout;
  t.regex(both, /name="map-is-truth">\n<failure /);
  t.regex(both, /name="wake">\n<error /);
  const whole = { ...VIOLATED, findings: [UNKNOWN] };
  const all = (await check(whole, "--invariants", "wake,map-is-truth", "--reporter", "junit")).stdout;
  t.notRegex(all, /name="wake">\n<error /, "nothing was set aside");
});

/** A member of each, as text. */
function namesIn(list: readonly Readonly<Record<string, unknown>>[], member: string): string[] {
  return list.map((each) => String(each[member]));
}

test("--invariants names invariants, and stands apart from what is about all findings", async (t) => {
  const said = async (...options: readonly string[]) => (await check(HOLDS, ...options)).stderr;
  t.regex(
    await said("--invariants", "weke"),
    /^segmf: --invariants: unknown invariant "weke" \(did you mean wake\?\); expected one of .*\n$/,
  );
  t.is(await said("--invariants", ","), 'segmf: --invariants: expected a list separated by commas, got ","\n');
  for (const flag of ["--expect", "--record"]) {
    t.is(
      await said("--invariants", "wake", flag, "known.json"),
      `segmf: ${flag} is about all findings, --invariants sets some aside; give one of them\n`,
    );
  }
});

test("what is recorded is expected, and nothing else", async (t) => {
  await inFolder(async (at) => {
    const list = at("list.json");
    const recorded = await check(VIOLATED, "--record", list);
    t.is(recorded.code, 1);
    t.is(recorded.stderr, "");
    t.deepEqual(JSON.parse(await readFile(list, "utf8")), {
      format: "segmf-findings/1",
      findings: [
        { name: "pte-range-unchecked", invariants: ["kernel-contract"] },
        {
          name: "unknown cause: add_mfns breaks empty-rollback, map-is-truth",
          invariants: ["empty-rollback", "map-is-truth"],
        },
      ],
    });

    const same = await check(VIOLATED, "--expect", list);
    t.is(same.code, 0);
    t.is(lineOf(same.stdout, "expected"), `exactly what is recorded in ${list} (2 findings)`);
    t.is((await check({ ...VIOLATED, findings: [UNKNOWN, KNOWN] }, "--expect", list)).code, 0, "in any order");

    const less = await check({ ...VIOLATED, findings: [UNKNOWN] }, "--expect", list);
    t.is(less.code, 1);
    t.is(lineOf(less.stdout, "expected"), `not what is recorded in ${list} (2 findings)`);
    t.is(lineOf(less.stdout, "gone"), "pte-range-unchecked (breaks kernel-contract)");
    t.is(lineOf(less.stdout, "new"), undefined);

    const other = { ...KNOWN, breaches: [{ invariant: "wake", detail: "" }] } as const;
    const changed = await check({ ...VIOLATED, findings: [other, UNKNOWN] }, "--expect", list);
    t.is(changed.code, 1);
    t.is(lineOf(changed.stdout, "new"), "pte-range-unchecked (breaks wake)");
    t.is(lineOf(changed.stdout, "gone"), "pte-range-unchecked (breaks kernel-contract)");

    const none = await check(HOLDS, "--expect", list);
    t.is(none.code, 1, "what holds is not what was expected");
  });
});

test("a list can be expected and recorded anew at once: it is compared with what it was", async (t) => {
  await inFolder(async (at) => {
    const list = at("list.json");
    await check(HOLDS, "--record", list);
    const { code, stdout } = await check(VIOLATED, "--expect", list, "--record", list);
    t.is(code, 1);
    t.is(lineOf(stdout, "new"), "pte-range-unchecked (breaks kernel-contract)");
    t.is((await check(VIOLATED, "--expect", list)).code, 0);
  });
});

test("with --json the comparison is a part of the one document", async (t) => {
  await inFolder(async (at) => {
    const list = at("list.json");
    await check({ ...VIOLATED, findings: [KNOWN] }, "--record", list);
    const { code, stdout } = await check({ ...VIOLATED, findings: [UNKNOWN] }, "--expect", list, "--json");
    t.is(code, 1);
    t.deepEqual(JSON.parse(stdout).expected, {
      file: list,
      recorded: 1,
      fresh: ["unknown cause: add_mfns breaks empty-rollback, map-is-truth (breaks empty-rollback, map-is-truth)"],
      gone: ["pte-range-unchecked (breaks kernel-contract)"],
      otherwise: [],
    });
  });
});

test("of a check that stopped early nothing is recorded, and nothing is said to be gone", async (t) => {
  await inFolder(async (at) => {
    const list = at("list.json");
    await check(VIOLATED, "--record", list);
    const before = await readFile(list, "utf8");
    const { code, stderr } = await check(INCOMPLETE, "--record", list);
    t.is(code, 3);
    t.is(stderr, `segmf: --record ${list}: not written, since not everything was explored\n`);
    t.is(await readFile(list, "utf8"), before);

    await check({ ...HOLDS, interrupted: true }, "--record", list);
    t.is(await readFile(list, "utf8"), before, "nor of one that was interrupted after the exploration");

    const compared = await check(INCOMPLETE, "--expect", list);
    t.is(compared.code, 3);
    t.is(lineOf(compared.stdout, "gone"), undefined);
    const found = await check({ ...INCOMPLETE, findings: [{ ...KNOWN, name: "x" }] }, "--expect", list);
    t.is(found.code, 1, "what is new is new however little was explored");
  });
});

test("what is expected excuses findings, and nothing else", async (t) => {
  const [product] = VIOLATED.products;
  if (product === undefined) throw new Error("the fixture has a product");
  const otherwise: readonly (readonly [Partial<CheckReport>, string])[] = [
    [
      { specification: { ...VIOLATED.specification, violations: [{ invariant: "no deadlock", path: [] }] } },
      "the specification contradicts itself: no deadlock",
    ],
    [{ nondeterminism: [{ about: "the panic", call: "{}", after: 1 }] }, "the driver is not deterministic"],
    [{ products: [{ ...product, deadlocks: 1 }] }, "there are deadlocks"],
    [{ products: [{ ...product, violatingEdges: 0, unfreeable: 1 }] }, "there are states that can't be freed"],
    [{ coverage: { ...VIOLATED.coverage, missing: ["one"] } }, "not every transition of the chart was taken"],
    [{ coverage: { ...VIOLATED.coverage, breakable: 18 } }, "not every invariant could be broken on purpose"],
    [
      { invariants: VIOLATED.invariants.map((invariant) => ({ ...invariant, judged: 0 })) },
      "not every invariant was judged",
    ],
  ];
  await inFolder(async (at) => {
    await check(VIOLATED, "--record", at("list.json"));
    for (const [wrong, said] of otherwise) {
      const { code, stdout } = await check({ ...VIOLATED, ...wrong }, "--expect", at("list.json"));
      t.is(code, 1, said);
      t.is(lineOf(stdout, "otherwise"), said);
    }
    // Where violating edges are left out the graph has holes: that nothing frees a state then says nothing.
    const holes = { ...VIOLATED, products: [{ ...product, violatingEdges: 1, unfreeable: 1 }] };
    t.is((await check(holes, "--expect", at("list.json"))).code, 0);
    await check(HOLDS, "--record", at("none.json"));
    const strange = await check({ ...HOLDS, verdict: "violated" }, "--expect", at("none.json"));
    t.is(strange.code, 1);
    t.is(lineOf(strange.stdout, "otherwise"), "the verdict is violated, without a finding");
  });
});

test("--record writes through a link, and not over what is no file", async (t) => {
  await inFolder(async (at) => {
    await check(HOLDS, "--record", at("list.json"));
    await symlink(at("list.json"), at("link.json"));
    t.is((await check(VIOLATED, "--record", at("link.json"))).code, 1);
    t.is((await check(VIOLATED, "--expect", at("list.json"))).code, 0);

    await symlink(at("nowhere.json"), at("dangling.json"));
    await mkdir(at("folder"));
    for (const name of ["dangling.json", "folder"]) {
      const { code, stderr } = await check(VIOLATED, "--record", at(name), "--force");
      t.is(code, 2);
      t.is(stderr, `segmf: ${at(name)}: is not a regular file; name one, or a path where one can be made\n`);
    }
    t.deepEqual((await readdir(at("."))).sort(), ["dangling.json", "folder", "link.json", "list.json"]);
  });
});

test("what is written aside harms no file that happens to have that name", async (t) => {
  await inFolder(async (at) => {
    const aside = at(`list.json.${process.pid}.tmp`);
    await writeFile(aside, "mine\n");
    const { code, stdout, stderr } = await check(VIOLATED, "--record", at("list.json"));
    t.is(code, 2);
    t.is(lineOf(stdout, "verdict"), "violated");
    t.regex(stderr, /^segmf: .*list\.json: can't be written \(.*\)\n$/);
    t.deepEqual(await readdir(at(".")), [`list.json.${process.pid}.tmp`]);
    t.is(await readFile(aside, "utf8"), "mine\n");
  });
});

test("what the check is told: scope, limits, kernel; nothing that was not given", async (t) => {
  const told: unknown[] = [];
  const checker: Checker = {
    ...CHECKER,
    check: (subject, { progress, crew, limits: { signal, ...limits }, ...options }) => {
      const functions = [typeof progress, typeof crew];
      told.push({ ...options, limits, driver: subject.name, signal: signal?.aborted, functions });
      return Promise.resolve(HOLDS);
    },
  };
  await inProcess(["check"], { checker });
  await inProcess(["check", "--domids", "3"], { checker });
  await inProcess(
    [
      ...["check", "--kernel", "release", "--only", "word-shared", "--pages", "3", "--domids", "3", "--refs", "1"],
      ...["--forks", "2", "--max-grefs", "4", "--faults", "waiting, addmap", "--alphabet", "wide"],
      ...["--limit-states", "100", "--limit-seconds", "0.5", "--max-memory", "1.5GiB", "--self-check", "1"],
    ],
    { checker },
  );
  const faults = ["addmap", "update_va_mapping", "map_grant_ref", "map_grant_ref_status", "unmap_grant_ref", "waiting"];
  const always = { signal: false, functions: ["function", "function"] };
  t.deepEqual(told, [
    {
      ...always,
      driver: "corrected",
      kernel: "debug",
      limits: {},
    },
    {
      ...always,
      driver: "corrected",
      kernel: "debug",
      scope: {
        pages: 2,
        domids: [7, 9, 11],
        refs: 2,
        maxGrefs: 16,
        forks: 0,
        faults: new Set(faults),
        alphabet: "default",
      },
      limits: {},
    },
    {
      ...always,
      driver: "corrected with word-shared",
      kernel: "release",
      scope: {
        ...{ pages: 3, domids: [7, 9, 11], refs: 1, maxGrefs: 4, forks: 2 },
        faults: new Set(["waiting", "addmap"]),
        alphabet: "wide",
      },
      limits: { states: 100, seconds: 0.5, memory: 1.5 * 2 ** 30 },
      selfCheck: 1,
    },
  ]);
});

test("--reporter: several at once, into files of their own and to standard output", async (t) => {
  await inFolder(async (at) => {
    const files = {
      junit: at("a=b.xml"),
      sarif: at("s.sarif"),
      markdown: at("m.md"),
      json: at("r.json"),
      pretty: at("p"),
    };
    const asked = Object.entries(files).flatMap(([name, file]) => ["--reporter", `${name}=${file}`]);
    const { code, stdout, stderr } = await check(VIOLATED, ...asked, "--reporter", "github", "--reporter", "pretty");
    t.is(code, 1);
    t.is(stderr, "");
    t.regex(stdout, /^::error title=.*\n::error title=.*\ndriver {9}illumos on the debug kernel\n/);
    t.deepEqual((await readdir(at("."))).sort(), ["a=b.xml", "m.md", "p", "r.json", "s.sarif"]);
    t.is(JSON.parse(await readFile(files.json, "utf8")).verdict, "violated");
    t.regex(await readFile(files.pretty, "utf8"), /^written by segmf .*\n\ndriver .*\nseconds {8}\d+\.\d\n$/s);
    t.is((await check(HOLDS, ...asked)).code, 0, "files of ours are written anew");
    t.true((await readFile(files.markdown, "utf8")).includes("\n# segmf check: holds\n"));
  });
});

test("--reporter: what is not ours is left alone, and what can't be given is refused before the work", async (t) => {
  await inFolder(async (at) => {
    await writeFile(at("notes"), "mine");
    const never: Checker = { ...CHECKER, check: () => Promise.reject(new Error("it began")) };
    const refused = async (...options: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await inProcess(["check", ...options], { checker: never });
      t.is(code, 2);
      t.is(stdout, "");
      return stderr;
    };
    t.is(
      await refused("--reporter", `junit=${at("notes")}`),
      `segmf: ${at("notes")}: exists and is not segmf's own (segmf-junit/1); move it away, or give --force\n`,
    );
    t.is(
      await refused("--reporter", "pretty", "--json"),
      "segmf: --reporter: pretty and json can't share standard output; give one of them a file: --reporter json=FILE\n",
    );
    t.is(
      await refused("--reporter", "junit=x", "--reporter", "sarif=x"),
      "segmf: --reporter: two of them name x; each needs a file of its own\n",
    );
    t.is(
      await refused("--reporter", "junit="),
      'segmf: --reporter junit=: expected the name of a file after "=", got nothing\n',
    );
    t.regex(await refused("--reporter", "junti"), /^segmf: --reporter: .*'?junti'?.*junit.*\n$/);
    t.is(await readFile(at("notes"), "utf8"), "mine");
  });
});
