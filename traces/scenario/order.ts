import type { Call } from "../../impl/driver.js";
import type { Scenario, Step } from "./scenario.js";
import { PAGE_SIZE } from "./scenario.js";

/** A step that asks for what cannot be, however each of its values is in its range. */
export interface Misstep {
  /** Index of the step. */
  readonly step: number;
  /** The member of the step that is wrong. */
  readonly member: "seg" | "into" | "mfn";
  readonly expected: string;
  readonly got: string;
}

/** What has become of a segment that once came to be. */
export type Life = "live" | "stillborn" | "freed";

/** Where a range of frames has to end. */
const END_OF_FRAMES = 2 ** 52;

/**
 * The first step that breaks a rule over several members or steps, or `null` where the scenario can be run: segments are
 * numbered in the order in which they come to be (by `create` or `dup`), a call needs a live one, `free` a stillborn
 * one, and a range of frames ends by 2^52. What becomes of a segment follows from the file alone: it is stillborn if
 * `addmap` is answered with an error, and freed by the `unmap` of the whole or by `free`. What would follow a panic is
 * judged as if the panicking call had changed nothing.
 */
export function findMisstep(scenario: Scenario): Misstep | null {
  const lives: Life[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    const wrong = wrongSegment(step.call, lives) ?? wrongFrames(step.call);
    if (wrong !== null) return { step: index, ...wrong };
    follow(step, scenario.pages, lives);
  }
  return null;
}

type Wrong = Omit<Misstep, "step">;

function wrongSegment(call: Call, lives: readonly Life[]): Wrong | null {
  if (call.call === "create") return outOfTurn("seg", call.seg, lives);
  const life = lives[call.seg];
  const needed = call.call === "free" ? "stillborn" : "live";
  if (life !== needed) {
    const expected = `a ${needed} segment for ${call.call}`;
    return {
      member: "seg",
      expected,
      got: `${call.seg}, which ${life === undefined ? "does not exist" : `is ${life}`}`,
    };
  }
  return call.call === "dup" ? outOfTurn("into", call.into, lives) : null;
}

function outOfTurn(member: "seg" | "into", given: number, lives: readonly Life[]): Wrong | null {
  if (given === lives.length) return null;
  return { member, expected: `${lives.length}, the number of the next segment to come to be`, got: String(given) };
}

function wrongFrames(call: Call): Wrong | null {
  if (call.call !== "add_mfns" || call.mfn + call.count <= END_OF_FRAMES) return null;
  return { member: "mfn", expected: "mfn + count up to 2^52", got: `0x${call.mfn.toString(16)} + ${call.count}` };
}

/** Writes into `lives`, by segment number, what becomes of segments in a step that is in order. */
export function follow({ call, answers }: Step, pages: number, lives: Life[]): void {
  if (call.call === "create" || call.call === "dup") lives.push(answers.addmap === 0 ? "live" : "stillborn");
  const whole = call.call === "unmap" && call.addr === 0 && call.len === pages * PAGE_SIZE;
  if (whole || call.call === "free") lives[call.seg] = "freed";
}
