import type { Call, PassiveCall, PassiveOp, Returned } from "../impl/driver.js";
import { EINVAL, ENOTSUP, MAP_SHARED, PAGE_BYTES } from "./constants.js";

/** What each seg_ops slot without effect returns: a constant, or a function of its arguments (contract section 2, scenario.md). */
const PASSIVE: Readonly<Record<PassiveOp, Returned | ((call: PassiveCall) => Returned)>> = {
  faulta: 0,
  setprot: EINVAL,
  checkprot: EINVAL,
  kluster: -1,
  sync: 0,
  incore: (call) => call.count * PAGE_BYTES,
  lockop: 0,
  getprot: 0,
  getoffset: (call) => call.page * PAGE_BYTES,
  gettype: MAP_SHARED,
  getvp: 0,
  advise: 0,
  dump: null,
  pagelock: ENOTSUP,
  setpagesize: ENOTSUP,
  getmemid: 0,
  getpolicy: null,
  capable: 0,
  inherit: ENOTSUP,
};

/** Every passive operation, in the order of the seg_ops slots. */
export const PASSIVE_OPS = Object.keys(PASSIVE) as readonly PassiveOp[];

export function isPassive(call: Call): call is PassiveCall {
  return call.call in PASSIVE;
}

export function passiveReturn(call: PassiveCall): Returned {
  const rule = PASSIVE[call.call];
  return typeof rule === "function" ? rule(call) : rule;
}
