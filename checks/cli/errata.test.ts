import test from "ava";
import { ERRATA } from "../../impl/segmf/errata.js";
import { CLAUSES } from "../../model/clauses.js";
import { inProcess, segmf } from "./testkit.js";

test("segmf errata lists them all, in their order, for people and as JSON", async (t) => {
  const { code, stdout, stderr } = await segmf(["errata"]);
  t.is(code, 0);
  t.is(stderr, "");
  const heads = stdout.split("\n").filter((line) => /^[a-z]/.test(line));
  t.deepEqual(
    heads.map((line) => line.split(":")[0]),
    ERRATA.map(({ id }) => id),
  );
  const json = await inProcess(["errata", "--json"]);
  t.is(json.code, 0);
  t.deepEqual(JSON.parse(json.stdout), {
    format: "segmf-errata/1",
    errata: JSON.parse(JSON.stringify(ERRATA)),
    clauses: JSON.parse(JSON.stringify(CLAUSES)),
  });
});

test("colours are for terminals", async (t) => {
  t.false((await inProcess(["errata"])).stdout.includes("\u001b"));
  t.true((await inProcess(["errata"], { colours: true })).stdout.includes("\u001b[1m"));
});
