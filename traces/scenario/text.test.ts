import test from "ava";
import { parseScenario } from "./parse.js";
import { stepText } from "./text.js";

/** Steps as a scenario file has them, and as a report says them. */
const STEPS: readonly (readonly [{ readonly call: string; readonly [member: string]: unknown }, string])[] = [
  [{ call: "create", seg: 0 }, "create(seg 0, prot rw, maxprot rwx)"],
  [{ call: "dup", seg: 0, into: 1, answers: { addmap: 12 } }, "dup(seg 0, into 1) with addmap 12"],
  [{ call: "free", seg: 0 }, "free(seg 0)"],
  [
    {
      call: "add_mfns",
      seg: 0,
      page: 1,
      count: 2,
      mfn: "0xfffffffffff00",
      domid: 7,
      foreign: true,
      answers: { update_va_mapping: [0, -22] },
    },
    "add_mfns(seg 0, page 1, count 2, mfn 0xfffffffffff00, domid 7, foreign true) with update_va_mapping [0, -22]",
  ],
  [{ call: "add_gref_pte", seg: 0, page: 2, pte_ma: "0x9010" }, "add_gref_pte(seg 0, page 2, pte_ma 0x9010)"],
  [
    {
      call: "add_grefs",
      seg: 0,
      page: 2,
      grefs: [5, 6],
      domid: 7,
      waiting: true,
      answers: { map_grant_ref: [{ rc: 0 }, { rc: 0, status: [0, -1] }, { rc: -22 }] },
    },
    "add_grefs(seg 0, page 2, grefs [5, 6], writable false, domid 7) while somebody waits with map_grant_ref 0, map_grant_ref statuses [0, -1], map_grant_ref -22",
  ],
  [
    { call: "release_grefs", seg: 0, page: 0, count: 4, answers: { unmap_grant_ref: { rc: -22 } } },
    "release_grefs(seg 0, page 0, count 4) with unmap_grant_ref -22",
  ],
  [
    { call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" },
    "fault(seg 0, page 0, count 1, type softlock, rw read)",
  ],
  [{ call: "kluster", seg: 0, page: 0, count: 1, delta: -3 }, "kluster(seg 0, page 0, count 1, delta -3)"],
  [{ call: "unmap", seg: 0, addr: 0, len: 4097 }, "unmap(seg 0, addr 0, len 4097)"],
  [{ call: "unmap", seg: 0, addr: 4096, len: 8192 }, "unmap(seg 0, page 1, count 2)"],
];

const CREATE = { call: "create", seg: 0 };
const STILLBORN = { ...CREATE, answers: { addmap: 12 } };

/** What has to come before a step, so that it can be read. */
function before(call: string): readonly object[] {
  if (call === "create") return [];
  return call === "free" ? [STILLBORN] : [CREATE];
}

test("calls with their arguments, and what was answered if it was no success", (t) => {
  for (const [step, expected] of STEPS) {
    const steps = [...before(step.call), step];
    const text = JSON.stringify({ format: "segmf-scenario/1", segment: { pages: 4 }, steps });
    const parsed = parseScenario(text, "test").steps.at(-1);
    t.is(parsed === undefined ? "" : stepText(parsed), expected);
  }
});
