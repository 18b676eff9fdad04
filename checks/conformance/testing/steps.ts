import type { Call, Prot } from "../../../impl/driver.js";
import { ALL_SUCCEED, type Answers, PAGE_SIZE, type Step } from "../../../traces/scenario/scenario.js";

/** Short ways to write steps, and steps as short text. The domain is 7 and the segment 0 unless something else is said. */

export function step(call: Call, answers: Partial<Answers> = {}): Step {
  return { call, answers: { ...ALL_SUCCEED, ...answers } };
}

export function create(prot: Prot = "rw"): Call {
  return { call: "create", seg: 0, prot, maxprot: "rwx" };
}

export function frames(
  page: number,
  count: number,
  more: { domid?: number; seg?: number; waiting?: boolean } = {},
): Call {
  return { call: "add_mfns", seg: 0, page, count, mfn: 0x100 + page, domid: 7, ...more };
}

export function register(page: number, seg = 0): Call {
  return { call: "add_gref_pte", seg, page, pte_ma: BigInt(0x9000 + 0x1000 * seg + 8 * page) };
}

export function grants(page: number, count: number, more: { writable?: boolean; domid?: number } = {}): Call {
  const grefs = Array.from({ length: count }, (_, i) => 5 + page + i);
  return { call: "add_grefs", seg: 0, page, grefs, writable: false, domid: 7, ...more };
}

export function release(page: number, count: number): Call {
  return { call: "release_grefs", seg: 0, page, count };
}

export function dup(into = 1): Call {
  return { call: "dup", seg: 0, into };
}

/** Of that many pages from the first. */
export function unmap(pages: number, seg = 0): Call {
  return { call: "unmap", seg, addr: 0, len: pages * PAGE_SIZE };
}

/** The calls with what is not as usual about them, such as `add_mfns 0+1 of 9 waiting ! update -22`. */
export function texts(steps: readonly Step[]): readonly string[] {
  return steps.map(text);
}

function text({ call, answers }: Step): string {
  const words = [call.call, ...argumentsOf(call)];
  if (call.seg !== 0) words.push(`on ${call.seg}`);
  if ("foreign" in call && call.foreign === true) words.push("foreign");
  if (call.waiting === true) words.push("waiting");
  const failures = failuresIn(answers);
  return [...words, ...(failures.length > 0 ? ["!", ...failures] : [])].join(" ");
}

function argumentsOf(call: Call): readonly string[] {
  switch (call.call) {
    case "create":
      return [call.prot];
    case "add_mfns":
      return [`${call.page}+${call.count}`, ...(call.domid === 7 ? [] : [`of ${call.domid}`])];
    case "add_grefs": {
      const range = `${call.page}+${call.grefs.length}`;
      return [range, ...(call.domid === 7 ? [] : [`of ${call.domid}`]), ...(call.writable ? ["writable"] : [])];
    }
    case "add_gref_pte":
      return [`${call.page}`, ...(call.pte_ma % 0x1000n === BigInt(8 * call.page) ? [] : ["elsewhere"])];
    case "dup":
      return [`into ${call.into}`];
    case "unmap":
      return [`${call.addr / PAGE_SIZE}+${call.len / PAGE_SIZE}`];
    case "free":
      return [];
    default:
      return [`${call.page}+${call.count}`];
  }
}

function failuresIn({ addmap, update_va_mapping, map_grant_ref, unmap_grant_ref }: Answers): readonly string[] {
  const of = (kind: string, codes: readonly number[]) => (codes.some((code) => code !== 0) ? [`${kind} ${codes}`] : []);
  return [
    ...of("addmap", [addmap]),
    ...of("update", update_va_mapping),
    ...map_grant_ref.flatMap(({ rc, status }) => [...of("map", [rc]), ...of("status", status)]),
    ...unmap_grant_ref.flatMap(({ rc, status }) => [...of("unmap", [rc]), ...of("status", status)]),
  ];
}
