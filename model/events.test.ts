import test from "ava";
import { answerEvent, callEvent } from "./events.js";
import { returned } from "./returned.js";
import { returns } from "./vocabulary.js";

test("a call is an event of its own name, with the call as it is", (t) => {
  const call = { call: "add_mfns", seg: 0, page: 1, count: 2, mfn: 3, domid: 4, waiting: true } as const;
  t.deepEqual(callEvent(call), { type: "call.add_mfns", call });
  t.is(callEvent(call).call, call);
  t.is(callEvent({ call: "getprot", seg: 0, page: 0, count: 1 }).type, "call.getprot");
});

test("an answer is an event of its question's name", (t) => {
  t.deepEqual(answerEvent("addmap", 12), { type: "answer.addmap", rc: 12 });
  t.deepEqual(answerEvent("update_va_mapping", -22), { type: "answer.update_va_mapping", rc: -22 });
  t.deepEqual(answerEvent("map_grant_ref", 0), { type: "answer.map_grant_ref", rc: 0 });
  t.deepEqual(answerEvent("unmap_grant_ref", 0), { type: "answer.unmap_grant_ref", rc: 0 });
  t.deepEqual(answerEvent("map_grant_ref_status", -1), { type: "answer.map_grant_ref_status", status: -1 });
  t.deepEqual(answerEvent("unmap_grant_ref_status", -3), { type: "answer.unmap_grant_ref_status", status: -3 });
});

test("the end of a call is found among the actions of a step", (t) => {
  t.is(returned([]), null);
  t.is(returned([{ type: "xstate.assign", params: undefined }]), null);
  t.deepEqual(returned([{ type: "xstate.raise", params: {} }, returns("failed", 14)]), { verdict: "failed", ret: 14 });
  t.throws(() => returned([returns("failed", 14), returns("succeeded", 0)]));
});
