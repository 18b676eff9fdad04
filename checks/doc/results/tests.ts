import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { INVARIANTS } from "../../../model/invariants/index.js";

/** A test that says in its title what it is of. */
export interface NamedTest {
  /** From the root of the repository, with `/`. */
  readonly file: string;
  /** Without the clauses. What depends on the case that is tested is `…`. */
  readonly title: string;
  /** As the title names them, right or wrong: `§3.wake`. */
  readonly clauses: readonly string[];
  /** Invariants whose test it is: their names begin its title. */
  readonly invariants: readonly string[];
}

const ROOMS = ["model", "impl", "checks", "traces"] as const;

/** The tests in a checkout that name a clause or an invariant, in the order of the alphabet; none where there are no sources. */
export function namedTests(root: string): readonly NamedTest[] {
  const files = ROOMS.flatMap((room) => testFiles(root, room));
  return files.sort().flatMap((file) => testsIn(file, readFileSync(join(root, file), "utf8")));
}

function testFiles(root: string, room: string): readonly string[] {
  const names = readdirSync(join(root, room), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".test.ts")).map((name) => `${room}/${name.replaceAll("\\", "/")}`);
}

/** The title of a test: a string, or a template, in which `${…}` stands for the case. */
const TITLE = /\btest(?:\.serial)?\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;
const CLAUSE = / ?§([0-9][a-z0-9_.-]*[a-z0-9])/g;

/** The titles of the tests of one file, with the clauses that they name. */
function titlesIn(source: string): readonly string[] {
  return [...source.matchAll(TITLE)].map(([, plain, template]) =>
    (plain ?? template ?? "").replaceAll(/\$\{[^}]*\}/g, "…").replaceAll(/\\(.)/g, "$1"),
  );
}

/** The titles of the tests of one file, without clauses. */
export function plainTitlesIn(source: string): readonly string[] {
  return titlesIn(source).map((title) => title.replaceAll(CLAUSE, ""));
}

/** The tests of one file that name something. */
export function testsIn(file: string, source: string): readonly NamedTest[] {
  return titlesIn(source).flatMap((whole) => {
    const clauses = [...whole.matchAll(CLAUSE)].map(([, id]) => id ?? "");
    const invariants = INVARIANTS.flatMap(({ id }) => (new RegExp(`^${id}\\b(?!-)`).test(whole) ? id : []));
    const title = whole.replaceAll(CLAUSE, "");
    return clauses.length + invariants.length === 0 ? [] : [{ file, title, clauses, invariants }];
  });
}
