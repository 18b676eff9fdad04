import fc from "fast-check";
import type { Call, PassiveOp, Prot } from "../../impl/driver.js";

/** A call as it is drawn: numbers that are fitted to the segment when its turn comes, so that shrinking stays simple. */
export interface RandomCall {
  readonly kind: Call["call"];
  readonly seg: number;
  readonly page: number;
  readonly count: number;
  readonly domid: number;
  readonly mfn: number;
  readonly grefs: readonly number[];
  readonly prot: Prot;
  readonly flag: boolean;
  readonly waiting: boolean;
  readonly odd: number;
  /** Whether each question asked during the call is answered with failure. */
  readonly fails: readonly boolean[];
}

const COMMON = ["create", "add_mfns", "add_grefs", "add_gref_pte", "add_gref_pte", "release_grefs", "dup"] as const;
const PASSIVE: readonly PassiveOp[] = ["faulta", "incore", "getprot", "getoffset", "getmemid", "lockop", "pagelock"];
const PROTS: readonly Prot[] = ["rw", "rwx", "r", "w", "x", "none"];

/** Draws calls: mostly sensible ones, some hostile. */
export function randomCall(): fc.Arbitrary<RandomCall> {
  return fc.record({
    kind: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom<Call["call"]>(...COMMON) },
      { weight: 2, arbitrary: fc.constantFrom<Call["call"]>("fault", "free", "unmap", ...PASSIVE) },
    ),
    seg: fc.nat({ max: 2 }),
    page: fc.nat({ max: 70 }),
    count: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 4 }) }, { weight: 1, arbitrary: fc.nat({ max: 70 }) }),
    domid: fc.oneof(
      { weight: 12, arbitrary: fc.constant(7) },
      { weight: 1, arbitrary: fc.constantFrom(9, 0, 0x7ff0, 0x7ff1, 0xffff) },
    ),
    mfn: fc.oneof(
      fc.nat({ max: 0x1000 }),
      fc.maxSafeNat().map((n) => n % (2 ** 52 - 128)),
    ),
    grefs: fc.oneof(
      { weight: 6, arbitrary: fc.array(fc.nat({ max: 0xffff_ffff }), { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.array(fc.nat({ max: 8 }), { minLength: 15, maxLength: 18 }) },
    ),
    prot: fc.oneof({ weight: 5, arbitrary: fc.constant<Prot>("rw") }, fc.constantFrom(...PROTS)),
    flag: fc.boolean(),
    waiting: fc.boolean(),
    odd: fc.nat({ max: 40 }),
    fails: fc.oneof(
      { weight: 3, arbitrary: fc.constant<boolean[]>([]) },
      { weight: 1, arbitrary: fc.array(fc.boolean(), { maxLength: 6 }) },
    ),
  });
}

/** Whether the drawn unmap's window does not fit, so that the kernel panics. */
export function isBadWindow({ odd }: RandomCall): boolean {
  return odd >= FIRST_BAD;
}

/** From here on a drawn number means a window that does not fit. */
const FIRST_BAD = 36;

/** The drawn call, fitted to a segment of `pages` pages where `born` segments have come to be. */
export function toCall(random: RandomCall, { pages, born }: { readonly pages: number; readonly born: number }): Call {
  const seg = born === 0 ? 0 : random.seg % born;
  const on = { seg, ...(random.waiting ? { waiting: true } : {}) };
  const page = random.page % (pages + 2);
  const { count, domid, kind } = random;
  const foreign = random.odd === 40 ? { foreign: true } : {};
  switch (kind) {
    case "create":
      return { call: kind, seg: born, prot: random.prot, maxprot: "rwx" };
    case "add_mfns":
      return { call: kind, ...on, page, count, mfn: random.mfn, domid, ...foreign };
    case "add_grefs":
      return { call: kind, ...on, page, grefs: random.grefs, writable: random.flag, domid, ...foreign };
    case "add_gref_pte":
      return { call: kind, ...on, page, pte_ma: pteAddress(seg, page, random.odd) };
    case "release_grefs":
      return { call: kind, ...on, page, count };
    case "dup":
      return { call: kind, ...on, into: born };
    case "unmap":
      return { call: kind, ...on, ...window(random, pages) };
    case "free":
      return { call: kind, seg };
    case "fault":
      return { call: kind, seg, page, count, type: "softlock", rw: random.flag ? "write" : "read" };
    default:
      return { call: kind, seg, page: page % pages, count: Math.min(count, pages) };
  }
}

/** Mostly the PTE's own address; sometimes a mistaken one. */
function pteAddress(seg: number, page: number, odd: number): bigint {
  const own = 0x9000n + 0x1000n * BigInt(seg) + 8n * BigInt(page);
  return odd === 39 ? own + 0x10_0000n : own;
}

/** An unmap's window: the whole, a part, or one that does not fit. */
function window({ odd, page, count }: RandomCall, pages: number): { readonly addr: number; readonly len: number } {
  if (odd < 20) return { addr: 0, len: pages * 4096 };
  if (odd < FIRST_BAD) return { addr: (page % pages) * 4096, len: Math.min(count, pages - (page % pages)) * 4096 };
  return { addr: (page % pages) * 4096 + (odd - FIRST_BAD), len: count * 4096 };
}
