import { isArray } from "../json/value.js";
import type { JsonNode } from "./node.js";
import { INT16, INT32, whole } from "./scalars.js";
import type { Answers, GrantAnswer } from "./scenario.js";
import { ALL_SUCCEED } from "./scenario.js";

const KINDS = ["addmap", "update_va_mapping", "map_grant_ref"];

/**
 * Reads a step's `answers`, in their normal form. Kinds that the call never asks are left over, hence allowed, except
 * `unmap_grant_ref`: the hypervisor unmaps what it is rightly asked to everywhere but in `release_grefs`.
 */
export function readAnswers(node: JsonNode, call: string): Answers {
  if (node.value === undefined) return ALL_SUCCEED;
  const releases = call === "release_grefs";
  const unmapped = node.member("unmap_grant_ref");
  if (unmapped.value !== undefined && !releases) {
    return unmapped.fail(`no such answer for ${call} (only release_grefs takes one)`);
  }
  node.only("answers", releases ? [...KINDS, "unmap_grant_ref"] : KINDS);
  return {
    addmap: readOr(node.member("addmap"), readAddmapAnswer, 0),
    update_va_mapping: readOr(node.member("update_va_mapping"), readUpdateAnswers, []),
    map_grant_ref: readOr(node.member("map_grant_ref"), readGrantAnswers, []),
    unmap_grant_ref: readOr(unmapped, readGrantAnswers, []),
  };
}

/** The errno of `VOP_ADDMAP`. */
export function readAddmapAnswer(node: JsonNode): number {
  return whole(node, INT32);
}

/** The codes of one hypercall a page. */
export function readUpdateAnswers(node: JsonNode): readonly number[] {
  const codes = node.elements().map((code) => whole(code, INT32));
  return withoutTrailingSuccesses(codes, isZero);
}

/** Drops the successes that a list ends in, since success is what is left out. */
export function withoutTrailingSuccesses<T>(list: readonly T[], succeeds: (element: T) => boolean): readonly T[] {
  return list.slice(0, list.findLastIndex((element) => !succeeds(element)) + 1);
}

export function isZero(code: number): boolean {
  return code === 0;
}

/** Whether an answer is that everything went well. Its `status` is in normal form. */
export function grantSucceeds(answer: GrantAnswer): boolean {
  return answer.rc === 0 && answer.status.length === 0;
}

/** An object for the first hypercall of its kind, or an array of them. */
export function readGrantAnswers(node: JsonNode): readonly GrantAnswer[] {
  const answers = isArray(node.value) ? node.elements().map(readGrantAnswer) : [readGrantAnswer(node)];
  return withoutTrailingSuccesses(answers, grantSucceeds);
}

function readGrantAnswer(node: JsonNode): GrantAnswer {
  node.only("a hypercall's answer", ["rc", "status"]);
  return {
    rc: readOr(node.member("rc"), (rc) => whole(rc, INT32), 0),
    status: readOr(
      node.member("status"),
      (status) =>
        withoutTrailingSuccesses(
          status.elements().map((code) => whole(code, INT16)),
          isZero,
        ),
      [],
    ),
  };
}

/** What `read` makes of a member, or what stands for it where it is left out. */
export function readOr<T>(node: JsonNode, read: (node: JsonNode) => T, otherwise: T): T {
  return node.value === undefined ? otherwise : read(node);
}
