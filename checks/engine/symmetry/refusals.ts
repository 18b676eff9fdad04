import { EngineError } from "../errors.js";
import { type Events, eventFunctions } from "../machine-system.js";
import type { Renaming } from "./symmetry.js";

/** How a declaration is called in messages. */
function declarationName(index: number): string {
  return `symmetry[${index}]`;
}

/** A declaration that makes no sense. */
export function badSymmetry(index: number, headline: string): EngineError {
  return new EngineError("bad-option", `${declarationName(index)}${headline}`, { at: declarationName(index) });
}

/** What can't be had together with symmetry, with the values that ask for nothing. */
const APART: Readonly<Record<string, readonly unknown[]>> = {
  workers: [undefined, 1],
  checkpoint: [undefined],
  resume: [undefined],
};

/**
 * Refuses what symmetry would make wrong.
 * @throws EngineError `bad-option`
 */
export function assertReducible(options: object): void {
  const { events, engine } = options as { readonly events: Events; readonly engine?: unknown };
  if (engine === "reference") throw apart("the reference engine", "Leave out `engine`.");
  if (eventFunctions(events) !== null) {
    throw apart("a function as `events`", "Give a list: whether it is closed under the permutations is checked first.");
  }
  for (const [name, harmless] of Object.entries(APART)) {
    const value: unknown = Reflect.get(options, name);
    if (!harmless.includes(value)) throw apart(`\`${name}\``, `Leave out \`${name}\`, or \`symmetry\`.`);
  }
}

function apart(what: string, hint: string): EngineError {
  return new EngineError("bad-option", `\`symmetry\` can't be had together with ${what}.`, { at: "symmetry", hint });
}

interface Difference {
  /** The permutation, as `describePermutation` says it. */
  readonly at: string;
  readonly event?: unknown;
  readonly hint?: string;
  readonly cause?: unknown;
}

/** A machine that is not symmetric in the way it was declared. */
export function notSymmetric(headline: string, { at, ...details }: Difference): EngineError {
  return new EngineError("not-symmetric", `${headline} (${at}).`, { at, ...details });
}

/** A permutation in cycles: `symmetry[0]: 0 → 1 → 0`. */
export function describePermutation(index: number, permutation: readonly number[]): string {
  const seen = new Set<number>();
  const cycles: string[] = [];
  permutation.forEach((_, start) => {
    const cycle: number[] = [];
    for (let at = start; !seen.has(at); at = permutation[at] ?? at) {
      seen.add(at);
      cycle.push(at);
    }
    if (cycle.length > 1) cycles.push([...cycle, start].join(" → "));
  });
  return `${declarationName(index)}: ${cycles.join(", ")}`;
}

/** A permutation as users are given it. What is no thing makes no sense. */
export function renaming(index: number, permutation: readonly number[]): Renaming {
  return (thing) => {
    const to = permutation[thing];
    if (to === undefined) throw badSymmetry(index, `: ${String(thing)} is none of its ${permutation.length} things.`);
    return to;
  };
}
