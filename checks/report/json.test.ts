import test from "ava";
import { parseScenario } from "../../traces/scenario/parse.js";
import { HOLDS, KNOWN, UNKNOWN, VIOLATED } from "./fixture.js";
import { checkJson } from "./json.js";

const ALONE = { files: null, comparison: null, choice: { driver: "corrected", kernel: "debug" } } as const;

test("the report as it is, the seconds last", (t) => {
  const json = checkJson(HOLDS, ALONE);
  t.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(HOLDS)));
  t.true(json.endsWith('"seconds": 12.34\n}\n'));
});

test("findings have their scenarios, which can be read back, and the files they were written to", (t) => {
  const { findings } = JSON.parse(checkJson(VIOLATED, { ...ALONE, files: ["a.json", "b.json"] }));
  for (const [i, { steps, ...finding }] of [KNOWN, UNKNOWN].entries()) {
    const { scenario, file, ...rest } = findings[i];
    t.deepEqual(rest, finding);
    t.is(file, ["a.json", "b.json"][i]);
    t.deepEqual(parseScenario(JSON.stringify(scenario), "json"), { pages: finding.pages, steps });
  }
  t.false("file" in JSON.parse(checkJson(VIOLATED, ALONE)).findings[0]);
});

test("a comparison is there if one was made", (t) => {
  const comparison = { file: "list.json", recorded: 1, fresh: [], gone: ["x"], otherwise: [] };
  t.deepEqual(JSON.parse(checkJson(HOLDS, { ...ALONE, comparison })).expected, comparison);
  t.false("expected" in JSON.parse(checkJson(HOLDS, ALONE)));
});
