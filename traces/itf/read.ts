import { elementPath, memberPath, ROOT } from "../json/path.js";
import type { Json, JsonObject } from "../json/value.js";
import { isArray, isObject } from "../json/value.js";
import { CALL_NAMES } from "../scenario/calls.js";
import { JsonNode } from "../scenario/node.js";
import { inOrder, readStep } from "../scenario/parse.js";
import { oneOf, PAGES, whole } from "../scenario/scalars.js";
import type { Scenario, Step } from "../scenario/scenario.js";
import { jsonOf } from "../scenario/source.js";
import { PICKS } from "../trace/states.js";
import { optional, plain } from "./expression.js";
import { ACTION, ENCODING, PICKED } from "./names.js";

/** Whether a text can be meant to be ITF: by the name of its first member. */
export function looksLikeItf(text: string): boolean {
  return /^\s*\{\s*"(?:#meta|params|vars|states|loop)"/.test(text);
}

/**
 * Reads the scenario of a trace in the Informal Trace Format: the call of each state after the first from
 * `mbt::actionTaken`, its arguments and the kernel's answers from `mbt::nondetPicks`, the size of segments from `pages`. What
 * else is in a state has to be well-formed, and is not used: a run makes it anew.
 * Throws `ScenarioError`, which names `file`, the place and what was expected there, and nothing else.
 */
export function parseItf(text: string, file: string): Scenario {
  const root = new JsonNode(file, ROOT, jsonOf(text, file));
  root.only("an ITF trace", ["#meta", "params", "vars", "states", "loop"]);
  checkMeta(root.member("#meta"));
  if (root.has("loop")) root.member("loop").fail("no loop (a scenario ends)");
  const variables = variablesOf(root.member("vars"));
  const [first, ...others] = root.member("states").elements();
  if (first === undefined) return root.member("states").fail("at least one state", "none");
  checkState(first, variables);
  if (first.member(ACTION).value !== "init") first.member(ACTION).fail('"init" in the first state');
  const pages = pagesOf(first);
  const steps = others.map((state) => {
    checkState(state, variables);
    if (pagesOf(state) !== pages) state.member("pages").fail(`${pages}, as in the first state`, String(pagesOf(state)));
    return stepOf(state);
  });
  return inOrder({ pages, steps }, file, (step) =>
    memberPath(elementPath(memberPath(ROOT, "states"), step + 1), PICKED),
  );
}

/** Other tools write no `encoding`; ours of another version means something else. */
function checkMeta(meta: JsonNode): void {
  if (meta.value === undefined) return;
  const encoding = meta.member("encoding");
  if (encoding.value !== undefined && encoding.value !== ENCODING) encoding.fail(`"${ENCODING}"`);
}

function variablesOf(node: JsonNode): readonly string[] {
  const names = node
    .elements()
    .map((name) => (typeof name.value === "string" ? name.value : name.fail("the name of a variable")));
  for (const needed of [ACTION, PICKED, "pages"]) {
    if (!names.includes(needed)) node.fail(`the variable "${needed}" among others`, "no such variable");
  }
  return names;
}

function checkState(state: JsonNode, variables: readonly string[]): void {
  state.only("a state", ["#meta", ...variables]);
  for (const name of variables) plain(state.member(name));
  state.member(PICKED).only("the picks", PICKS);
}

function pagesOf(state: JsonNode): number {
  const pages = state.member("pages");
  return whole(pages.holding(plain(pages)), PAGES);
}

/** A state's picks as the step of a scenario, at the place where they are. */
function stepOf(state: JsonNode): Step {
  const action = state.member(ACTION);
  const call = oneOf(action, CALL_NAMES);
  const picks = state.member(PICKED);
  const members = new Map<string, Json>([["call", call]]);
  for (const name of PICKS) {
    const value = picks.has(name) ? optional(picks.member(name)) : undefined;
    if (value !== undefined) members.set(name, name === "answers" ? withoutEmpty(value) : value);
  }
  return readStep(picks.holding(members));
}

/** A record has all members; in a scenario an answer that was not given must not be there. */
function withoutEmpty(answers: Json): Json {
  if (!isObject(answers)) return answers;
  const given: JsonObject = new Map([...answers].filter(([, answer]) => !isArray(answer) || answer.length > 0));
  return given;
}
