import { readFile } from "node:fs/promises";
import test from "ava";

const source = (name: string): Promise<string> =>
  readFile(new URL(`../../../checks/engine/${name}`, import.meta.url), "utf8");

test("the example in the documentation finds what it says it finds", async (t) => {
  const { result } = await import("./examples/counter.js");
  t.like(result, { complete: false, stopped: "states", states: 1000 });
  t.deepEqual(result.violations, [{ invariant: "never negative", path: [{ type: "down" }] }]);
});

test("the example in the documentation is the one that is run", async (t) => {
  const [, snippet = ""] = /```ts\n(.*?) \* ```/s.exec(await source("index.ts")) ?? [];
  const lines = snippet.split("\n").map((line) => line.replace(/^ \* ?/, ""));
  const code = lines.filter((line) => !line.startsWith("//") && !line.startsWith("import"));
  const run = await source("examples/counter.ts");
  t.true(code.length > 15);
  t.true(run.includes(code.join("\n").trim()), code.join("\n"));
});
