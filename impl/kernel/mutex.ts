import type { LockName } from "../driver.js";
import type { OrBreach } from "./panic.js";
import { PanicReason } from "./panic.js";

/**
 * The kernel's mutexes (contract section 4, mutex). `freemem_lock` and each address space's `a_contents` are the
 * kernel's own and always there; a segment's lock is there between `mutex_init` and `mutex_destroy`.
 */
export interface Mutexes {
  /** Segments whose lock is initialised, in the order in which that was done. */
  readonly initialised: readonly number[];
  /** In order of acquisition. There is one thread, so what is held is held by the caller. */
  readonly held: readonly LockName[];
}

const NOTHING_HELD: readonly LockName[] = [];
export const NO_MUTEXES: Mutexes = { initialised: [], held: NOTHING_HELD };

/** Is it the same mutex? */
export function sameLock(a: LockName, b: LockName): boolean {
  return a.lock === b.lock && (a.lock === "freemem_lock" || a.seg === b.seg);
}

export function isHeld(mutexes: Mutexes, lock: LockName): boolean {
  return mutexes.held.some((held) => sameLock(held, lock));
}

/** `segment` is the segment's number if `lock` is a segment's lock that may be initialised, else a breach. */
function segmentOf(lock: LockName): OrBreach<{ readonly segment: number }> {
  if (lock.lock !== "segment" || lock.seg === null) return PanicReason.mutexNotYours;
  return { segment: lock.seg };
}

export function init(mutexes: Mutexes, lock: LockName): OrBreach<Mutexes> {
  const owner = segmentOf(lock);
  if (typeof owner === "string") return owner;
  if (mutexes.initialised.includes(owner.segment)) return PanicReason.mutexInitialisedTwice;
  return { initialised: [...mutexes.initialised, owner.segment], held: mutexes.held };
}

export function destroy(mutexes: Mutexes, lock: LockName): OrBreach<Mutexes> {
  const owner = segmentOf(lock);
  if (typeof owner === "string") return owner;
  if (!mutexes.initialised.includes(owner.segment)) return PanicReason.mutexNotInitialised;
  if (isHeld(mutexes, lock)) return PanicReason.mutexDestroyHeld;
  return { initialised: mutexes.initialised.filter((seg) => seg !== owner.segment), held: mutexes.held };
}

/** `spaces` is the number of address spaces: each has an `a_contents`. */
function exists(mutexes: Mutexes, lock: LockName, spaces: number): boolean {
  if (lock.lock === "freemem_lock") return true;
  if (lock.seg === null) return false;
  if (lock.lock === "a_contents") return lock.seg >= 0 && lock.seg < spaces;
  return mutexes.initialised.includes(lock.seg);
}

export function enter(mutexes: Mutexes, lock: LockName, spaces: number): OrBreach<Mutexes> {
  if (!exists(mutexes, lock, spaces)) return PanicReason.mutexNotInitialised;
  if (isHeld(mutexes, lock)) return PanicReason.mutexRecursion;
  return { initialised: mutexes.initialised, held: [...mutexes.held, lock] };
}

export function exit(mutexes: Mutexes, lock: LockName, spaces: number): OrBreach<Mutexes> {
  if (!exists(mutexes, lock, spaces)) return PanicReason.mutexNotInitialised;
  if (!isHeld(mutexes, lock)) return PanicReason.mutexNotOwner;
  const held = mutexes.held.length === 1 ? NOTHING_HELD : mutexes.held.filter((other) => !sameLock(other, lock));
  return { initialised: mutexes.initialised, held };
}
