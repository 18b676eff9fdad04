import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { inProcess, scratch } from "./testkit.js";

const folder = scratch();
test.after.always(() => folder.remove());

/** The smallest check there is; threads of its own would take longer to start than it takes. */
const SMALL = ["--pages", "1", "--domids", "1", "--workers", "1"];

const shardsOf = async (into: string, of: number, ...args: readonly string[]): Promise<readonly (number | null)[]> => {
  const codes: (number | null)[] = [];
  for (let number = 1; number <= of; number += 1) {
    const { code } = await inProcess([
      "check",
      ...args,
      "--shard",
      `${number}/${of}`,
      "--into",
      join(folder.path, into),
    ]);
    codes.push(code);
  }
  return codes;
};

const merge = (into: string, ...args: readonly string[]) => inProcess(["merge", join(folder.path, into), ...args]);

/** Seconds are of the day. */
const timeless = (text: string): string => text.replaceAll(/("seconds": |seconds +)[\d.]+/g, "$1");

for (const [driver, code] of [
  ["corrected", 0],
  ["illumos", 1],
] as const) {
  test(`${driver}: shards merged are the check without shards, in every form`, async (t) => {
    const args = ["--driver", driver, ...SMALL];
    const whole = await inProcess(["check", ...args]);
    const json = await inProcess(["check", ...args, "--json"]);
    t.is(whole.code, code);
    const codes = await shardsOf(driver, 3, ...args);
    t.deepEqual(new Set(codes), new Set([code]), "each has a product, in which there is something to be found");
    const merged = await merge(driver);
    t.is(timeless(merged.stdout), timeless(whole.stdout));
    t.deepEqual({ code: merged.code, stderr: merged.stderr }, { code, stderr: "" });
    t.is(timeless((await merge(driver, "--json")).stdout), timeless(json.stdout));
    const one = await inProcess(["check", ...args, "--invariants", "wake"]);
    t.is(timeless((await merge(driver, "--invariants", "wake")).stdout), timeless(one.stdout));
    t.is((await merge(driver, "--invariants", "wake", "--record", "x.json")).code, 2);
  });
}

test("a shard that is missing makes the report incomplete, whichever it is", async (t) => {
  await shardsOf("gaps", 3, ...SMALL);
  const files = readdirSync(join(folder.path, "gaps"));
  t.deepEqual(
    files.sort(),
    [1, 2, 3].map((number) => `check-${number}-of-3.segmf-shard`),
  );
  for (const [at, name] of files.entries()) {
    const path = join(folder.path, "gaps", name);
    const bytes = readFileSync(path);
    rmSync(path);
    const { code, stdout, stderr } = await merge("gaps");
    t.is(code, 3);
    t.is(stderr, `segmf: shard ${at + 1} of 3 is missing\n`);
    t.regex(stdout, new RegExp(`verdict +incomplete\n(?:.*\\n)* +shard ${at + 1} of 3 is missing\n`));
    folder.file(join("gaps", name), bytes);
  }
  t.is((await merge("gaps")).code, 0);
});

test("findings that are expected of all shards together are not expected of each", async (t) => {
  const args = ["--driver", "illumos", ...SMALL];
  const expect = join(folder.path, "expected.json");
  t.is((await inProcess(["check", ...args, "--record", expect])).code, 1);
  t.deepEqual(await shardsOf("expected", 2, ...args, "--expect", expect), [0, 0]);
  t.is((await merge("expected", "--expect", expect)).code, 0);
  t.is((await merge("expected")).code, 1);
});

test("random runs in shards are those of one process, failing or not", async (t) => {
  for (const [driver, code] of [
    ["corrected", 0],
    ["illumos", 1],
  ] as const) {
    const args = ["--driver", driver, "--random", "6", "--seed", "7", "--pages", "2"];
    const whole = await inProcess(["check", ...args]);
    t.is(whole.code, code);
    const into = `random-${driver}`;
    await shardsOf(into, 2, ...args);
    t.deepEqual(await merge(into), whole);
    t.regex((await merge(into, "--invariants", "wake")).stderr, /^segmf: --invariants is about exploring/);
    rmSync(join(folder.path, into, "check-1-of-2.segmf-shard"));
    if (code === 0) t.is((await merge(into)).code, 3);
  }
});

test("a missing shard of random runs makes them incomplete even if it had none to make", async (t) => {
  const args = ["--random", "1", "--seed", "7", "--pages", "1"];
  await shardsOf("idle", 2, ...args);
  t.is((await merge("idle")).code, 0);
  rmSync(join(folder.path, "idle", "check-2-of-2.segmf-shard"));
  const { code, stdout, stderr } = await merge("idle");
  t.deepEqual({ code, stderr }, { code: 3, stderr: "segmf: shard 2 of 2 is missing\n" });
  t.regex(stdout, /^verdict +incomplete$/m);
});

test("a check of a configuration of which every shard is missing is missed", async (t) => {
  const small = { pages: 1, domids: 1, workers: 1, faults: "none" };
  const config = folder.file("two.json", JSON.stringify({ checks: { one: small, other: small } }));
  await shardsOf("killed", 2, "--config", config);
  const args = ["--config", config];
  t.is((await merge("killed", ...args)).code, 0);
  rmSync(join(folder.path, "killed", "other-1-of-2.segmf-shard"));
  rmSync(join(folder.path, "killed", "other-2-of-2.segmf-shard"));
  const { code, stderr } = await merge("killed", ...args);
  t.deepEqual({ code, stderr }, { code: 3, stderr: "segmf: other: all shards are missing\n" });
  t.deepEqual(await shardsOf("alone", 2, ...args, "one"), [0, 0]);
  t.is((await merge("alone", ...args)).code, 0, "nobody asked for the other");
});

test("checks of a configuration are sharded each, and merged as it says they are reported", async (t) => {
  const config = folder.file(
    "segmf.config.json",
    JSON.stringify({
      checks: {
        small: { pages: 1, domids: 1, workers: 1, reporters: ["json=small.json"] },
        shipped: { driver: "illumos", pages: 1, domids: 1, workers: 1, reporters: ["pretty"] },
      },
    }),
  );
  const codes = await shardsOf("named", 2, "--config", config);
  t.true(codes.includes(1));
  t.is(readdirSync(join(folder.path, "named")).length, 4);
  const { code, stdout } = await merge("named", "--config", config);
  t.is(code, 1);
  t.regex(stdout, /^check +shipped\n/m);
  t.is(JSON.parse(readFileSync(join(folder.path, "small.json"), "utf8")).verdict, "holds");
});

test("shards that don't belong together, twice the same one, damaged ones and none are refused by name", async (t) => {
  const small = [...SMALL, "--faults", "none"];
  await shardsOf("mixed", 2, ...small);
  const at = (name: string): string => join(folder.path, "mixed", name);
  const one = readFileSync(at("check-1-of-2.segmf-shard"));
  const refused = async (message: RegExp): Promise<void> => {
    const { code, stderr, stdout } = await merge("mixed");
    t.deepEqual({ code, stdout }, { code: 2, stdout: "" });
    t.regex(stderr, message);
    t.is(stderr.split("\n").length, 2, "one line");
  };
  folder.file(join("mixed", "copy.segmf-shard"), one);
  await refused(
    /^segmf: merge: .*copy\.segmf-shard: is the same shard as .*check-1-of-2\.segmf-shard; remove one of them$/m,
  );
  folder.file(join("mixed", "copy.segmf-shard"), one.subarray(0, one.length - 9));
  await refused(/copy\.segmf-shard: can't be read: it is cut short or garbled: its checksum is wrong; expected what/);
  folder.file(join("mixed", "copy.segmf-shard"), "no shard");
  await refused(/copy\.segmf-shard: can't be read: it does not begin as a checkpoint does/);
  rmSync(at("copy.segmf-shard"));
  await inProcess(["check", "--driver", "illumos", ...small, "--shard", "2/2", "--into", join(folder.path, "mixed")]);
  await refused(
    /check-2-of-2\.segmf-shard: is of another check than .*: the driver differs; keep shards of each apart/,
  );
  rmSync(at("check-2-of-2.segmf-shard"));
  await inProcess(["check", ...small, "--shard", "2/3", "--into", join(folder.path, "mixed")]);
  await refused(/check-2-of-3\.segmf-shard: is one of 3 shards, .* one of 2; keep them apart/);
  for (const name of readdirSync(join(folder.path, "mixed"))) rmSync(at(name));
  await refused(
    /^segmf: merge .*mixed: there are no shards in it; segmf check or segmf trace paths with --shard I\/N --into DIR writes them$/m,
  );
  t.regex((await merge("nowhere")).stderr, /no such file or directory; expected a directory of shards/);
});

test("a file of the user's is not overwritten by a shard", async (t) => {
  const path = folder.file("check-1-of-1.segmf-shard", "mine");
  const { code, stderr } = await inProcess(["check", "--pages", "1", "--shard", "1/1", "--into", folder.path]);
  t.is(code, 2);
  t.regex(stderr, /exists and is no shard; move it away, or give --force/);
  t.is(readFileSync(path, "utf8"), "mine");
});

const MISUSES: readonly (readonly [readonly string[], RegExp])[] = [
  [["--shard", "0/3", "--into", "x"], /--shard: expected I\/N, I from 1 to N, got "0\/3"/],
  [["--shard", "4/3", "--into", "x"], /--shard: expected I\/N/],
  [["--shard", "1/0", "--into", "x"], /--shard: expected I\/N/],
  [["--shard", "a/b", "--into", "x"], /--shard: expected I\/N/],
  [["--shard", "1/3"], /--shard: what comes of it has to be kept for segmf merge; add --into DIR/],
  [["--into", "x"], /--into belongs to --shard; add --shard I\/N/],
  [["--shard", "1/3", "--into", ""], /--into: expected the name of a directory, got ""/],
  [
    ["--shard", "1/3", "--into", "x", "--json"],
    /--json is about the whole, --shard does a part; give it to segmf merge/,
  ],
  [["--shard", "1/3", "--into", "x", "--out", "y"], /--out is about the whole/],
  [["--shard", "1/3", "--into", "x", "--invariants", "wake"], /--invariants is about the whole/],
  [["--shard", "1/3", "--into", "x", "--reporter", "pretty"], /--reporter is about the whole/],
  [["--shard", "1/3", "--into", "x", "--random", "4"], /random runs in shards need one seed for all; add --seed N/],
];

for (const [args, message] of MISUSES) {
  test(`misuse: check ${args.join(" ")}`, async (t) => {
    const { code, stdout, stderr } = await inProcess(["check", ...args]);
    t.deepEqual({ code, stdout }, { code: 2, stdout: "" });
    t.regex(stderr, message);
  });
}
