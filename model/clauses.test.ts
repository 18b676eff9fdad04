import test from "ava";
import { CLAUSES } from "./clauses.js";
import { PASSIVE_OPS } from "./passive.js";

test("every clause has a name of its own, which says where it stands", (t) => {
  t.is(new Set(CLAUSES.map(({ id }) => id)).size, CLAUSES.length);
  for (const { id, section, cite } of CLAUSES) {
    t.true(id.startsWith(`${section}.`), id);
    t.regex(id, /^[234](\.[a-z_]+(-[a-z]+)*){1,2}$/);
    t.true(cite === section || cite.startsWith(`${section} `), id);
  }
});

test("clauses come in the order of the contract", (t) => {
  const sections = CLAUSES.map(({ section }) => section);
  t.deepEqual(sections, sections.toSorted());
});

test("every clause says something, in sentences", (t) => {
  for (const { id, title, prose } of CLAUSES) {
    t.regex(title, /^[A-Z].*[^.]$/, id);
    t.regex(prose, /\.$/, id);
  }
  t.is(new Set(CLAUSES.map(({ prose }) => prose)).size, CLAUSES.length);
});

test("every call that changes anything, or is refused, has its clause", (t) => {
  const calls = ["create", "adds", "add_gref_pte", "release_grefs", "dup", "unmap", "free", "fault"];
  for (const call of calls)
    t.true(
      CLAUSES.some(({ id }) => id === `3.${call}` || id.startsWith(`3.${call}.`)),
      call,
    );
});

test("the passive calls are named one by one, in their order", (t) => {
  const passive = CLAUSES.find(({ id }) => id === "2.passive");
  const named = passive?.prose.slice(0, passive.prose.indexOf(" answer")).split(/, | and /);
  t.deepEqual(named, [...PASSIVE_OPS]);
});

test("the reasons for a refused add, in the order in which they apply", (t) => {
  const refusals = CLAUSES.find(({ id }) => id === "3.adds.refusals");
  t.deepEqual(
    refusals?.items?.map((item) => item.slice(item.lastIndexOf(":") + 2)),
    ["EINVAL.", "EACCES.", "EACCES.", "EINVAL.", "EFAULT.", "EINVAL.", "0.", "EINVAL."],
  );
});

test("the five steps of an add are cited by number", (t) => {
  t.deepEqual(
    CLAUSES.filter(({ id }) => id.startsWith("3.adds.")).map(({ cite }) => cite),
    [1, 2, 3, 4, 5].map((step) => `3 adds, step ${step}`),
  );
});
