/**
 * The contract's clauses in words: what each call must do (section 3), and the rules of the kernel below that a driver
 * meets (section 4). For documentation, and for errata, to refer to. What must hold of states is `invariants/`.
 */
export interface Clause {
  /** The section, then the call or the part of the kernel, then the rule: `3.adds.teardown`. */
  readonly id: string;
  /** The section of the contract. */
  readonly section: "2" | "3" | "4";
  /** How prose cites the place: `3 adds, step 3`. Several clauses may stand at one place. */
  readonly cite: string;
  readonly title: string;
  /** The rule. */
  readonly prose: string;
  /** What the rule lists, where the order matters. */
  readonly items?: readonly string[];
}

const LIST = [
  {
    id: "2.passive",
    section: "2",
    cite: "2",
    title: "Calls that only answer",
    prose:
      "faulta, setprot, checkprot, kluster, sync, incore, lockop, getprot, getoffset, gettype, getvp, advise, dump, " +
      "pagelock, setpagesize, getmemid, getpolicy, capable and inherit answer from their arguments and from what the " +
      "segment was made with. They change nothing.",
  },
  {
    id: "3.create.live",
    section: "3",
    cite: "3 create",
    title: "A new segment",
    prose:
      "The segment is live: all its pages are EMPTY, it is bound to no domain and has no soft lock; it holds the " +
      "device's vnode once and its pages are counted as mapped.",
  },
  {
    id: "3.create.stillborn",
    section: "3",
    cite: "3 create",
    title: "A segment whose mapping could not be counted",
    prose:
      "If the file system refuses to count the mapping, its errno is returned and the segment is stillborn: it has data, " +
      "but nothing is mapped. All that may follow is free, by whoever made the segment.",
  },
  {
    id: "3.adds.refusals",
    section: "3",
    cite: "3 adds, step 1",
    title: "When an add is refused",
    prose:
      "An add is refused for the first of these reasons that applies, and then changes nothing. An add of no page is " +
      "among them, though it returns 0.",
    items: [
      "The segment belongs to another driver: EINVAL.",
      "The domain is 0 or DOMID_SELF: EACCES.",
      "The segment's protections are none: EACCES.",
      "The range leaves the segment: EINVAL.",
      "There are more refs than one call may have: EFAULT.",
      "A page that is to be granted has no registered PTE: EINVAL.",
      "There is nothing to add: 0.",
      "The segment is bound to another domain: EINVAL.",
    ],
  },
  {
    id: "3.adds.binding",
    section: "3",
    cite: "3 adds, step 2",
    title: "The first add binds",
    prose:
      "The first add that isn't refused binds the segment to its domain. The binding lasts as long as the segment, also " +
      "if that add then fails.",
  },
  {
    id: "3.adds.teardown",
    section: "3",
    cite: "3 adds, step 3",
    title: "What was there goes first",
    prose:
      "Pages may be redefined at any time. Before anything new is mapped, frames in the range are unloaded and unlocked, " +
      "and its grants are unmapped.",
  },
  {
    id: "3.adds.all-or-nothing",
    section: "3",
    cite: "3 adds, step 4",
    title: "All pages or none",
    prose:
      "Pages are mapped in order. If the hypervisor refuses one of them, all pages of the range end EMPTY, without " +
      "translation, soft lock or grant, and EFAULT is returned. Pages outside the range are not touched in any case, and " +
      "registrations stay.",
  },
  {
    id: "3.adds.success",
    section: "3",
    cite: "3 adds, step 5",
    title: "What a successful add leaves",
    prose:
      "Every page of the range holds what was asked for: a frame is soft-locked, a grant's handle is recorded. A frame is " +
      "writable if the segment's protections say so, a grant if the add's flags do, and not otherwise.",
  },
  {
    id: "3.add_gref_pte.record",
    section: "3",
    cite: "3 add_gref_pte",
    title: "A registration lasts, and disturbs nothing",
    prose:
      "Where the page's PTE is, is remembered until the segment goes. It counts from the next add on: what the page holds " +
      "stays as it is, and a live grant keeps the address at which it was mapped.",
  },
  {
    id: "3.add_gref_pte.outside",
    section: "3",
    cite: "3 add_gref_pte",
    title: "A registration outside the segment",
    prose: "It is ignored.",
  },
  {
    id: "3.release_grefs.limits",
    section: "3",
    cite: "3 release_grefs",
    title: "When a release is refused",
    prose: "More pages than one call may have, or a range that leaves the segment: -1, and nothing changes.",
  },
  {
    id: "3.release_grefs.granted",
    section: "3",
    cite: "3 release_grefs",
    title: "What a release unmaps",
    prose:
      "The grant of every granted page in the range is unmapped and the page is EMPTY. Other pages are not touched.",
  },
  {
    id: "3.release_grefs.failed",
    section: "3",
    cite: "3 release_grefs",
    title: "A grant that won't be unmapped",
    prose:
      "A page whose grant the hypervisor doesn't unmap stays granted, so that the caller can try again, and -1 is returned.",
  },
  {
    id: "3.dup.child",
    section: "3",
    cite: "3 dup",
    title: "What a child inherits",
    prose:
      "Device, protections and the domain that it is bound to. Pages are not inherited: no translation, lock, grant or " +
      "registered PTE, so all of the child's pages are EMPTY and it has no soft lock.",
  },
  {
    id: "3.dup.stillborn",
    section: "3",
    cite: "3 dup",
    title: "A child whose mapping could not be counted",
    prose: "It is stillborn, as a segment is whose create fails, and the errno is returned.",
  },
  {
    id: "3.unmap.bad-range",
    section: "3",
    cite: "3 unmap",
    title: "The one panic that is due",
    prose: "A range that isn't made of whole pages, or isn't inside the segment, is a panic.",
  },
  {
    id: "3.unmap.part",
    section: "3",
    cite: "3 unmap",
    title: "Part of a segment",
    prose: "Less than the whole, nothing at all included, is refused with ENOTSUP, and nothing changes.",
  },
  {
    id: "3.unmap.whole",
    section: "3",
    cite: "3 unmap",
    title: "The end of a segment",
    prose:
      "All translations are unloaded, all locks dropped, all grants unmapped; the mapping is no longer counted, and the " +
      "segment is freed. Nothing of it is left.",
  },
  {
    id: "3.free",
    section: "3",
    cite: "3 free",
    title: "Giving back",
    prose: "All memory and the hold of the vnode are given back. It is called by unmap, and for a stillborn segment.",
  },
  {
    id: "3.fault",
    section: "3",
    cite: "3 fault",
    title: "No demand faults",
    prose: "A fault fails with EFAULT, whatever its kind, and changes nothing: pages are loaded when they are added.",
  },
  {
    id: "3.locks",
    section: "3",
    cite: "3",
    title: "What changes under which lock",
    prose:
      "The map changes under the segment's lock, softlockcnt under freemem_lock. The segment's lock is taken before either " +
      "freemem_lock or the address space's a_contents, which are never held together. A call returns with no lock held.",
  },
  {
    id: "3.wake",
    section: "3",
    cite: "3",
    title: "Waking those who wait for an unmap",
    prose: "Whichever call lets softlockcnt fall to 0 wakes those who wait to unmap in the address space.",
  },
  {
    id: "4.hat.load",
    section: "4",
    cite: "4 HAT",
    title: "Loading a PTE",
    prose:
      "hat_devload with a lock counts the lock and then loads. Over a valid PTE it may load the same frame only: another " +
      "is a panic. Whatever isn't a throwaway PTE is another frame than the throwaway one.",
  },
  {
    id: "4.hat.unload",
    section: "4",
    cite: "4 HAT",
    title: "Unlocking and unloading PTEs",
    prose:
      "Both go by the valid PTEs of a range, and page tables count locks as a whole. hat_unlock drops a lock for each, and " +
      "panics where there is none. hat_unload makes each invalid and, if told to unlock, drops a lock for it: where there " +
      "is none a DEBUG kernel panics, and a release kernel counts below 0.",
  },
  {
    id: "4.callers",
    section: "4",
    cite: "4 Callers",
    title: "What callers do themselves",
    prose:
      "Whoever registers a page holds one page-table lock for it from the first time on, and has made its PTE valid. Before " +
      "the driver is asked to unmap a whole segment, callers drop the locks they hold and unload their throwaway PTEs.",
  },
  {
    id: "4.xen.frames",
    section: "4",
    cite: "4 Xen",
    title: "Mapping a frame",
    prose:
      "update_va_mapping_otherdomain puts a foreign mapping in the PTE's place, or returns a negative errno and leaves the " +
      "PTE alone.",
  },
  {
    id: "4.xen.map",
    section: "4",
    cite: "4 Xen",
    title: "Mapping grants",
    prose:
      "map_grant_ref fails as a whole, and then has done nothing and written no status, or gives each element a status " +
      "of its own. Only an element that was mapped gets a handle. An address that isn't the PTE of a page that callers " +
      "registered in this segment is refused, never mapped.",
  },
  {
    id: "4.xen.unmap",
    section: "4",
    cite: "4 Xen",
    title: "Unmapping grants",
    prose:
      "unmap_grant_ref needs a live handle and the address at which it was mapped, and then clears the PTE, whatever is in " +
      "it by now. A mapped grant stays mapped until that is done; nothing else frees it.",
  },
  {
    id: "4.vnode",
    section: "4",
    cite: "4 vnode",
    title: "The device's vnode",
    prose: "It counts its holds and its mapped pages. Neither count may fall below 0.",
  },
  {
    id: "4.kmem",
    section: "4",
    cite: "4 kmem",
    title: "Memory",
    prose:
      "Memory that was not asked for zeroed holds a pattern. It is freed as it was allocated, block and size. A write " +
      "outside a block is a panic.",
  },
  {
    id: "4.mutex",
    section: "4",
    cite: "4 mutex",
    title: "Mutexes",
    prose: "Nobody enters a mutex that he holds, leaves one that he doesn't hold, or destroys one that is held.",
  },
  {
    id: "4.debug",
    section: "4",
    cite: "4 DEBUG kernels",
    title: "Two kernels",
    prose: "A DEBUG kernel checks what the driver asserts and panics where it is false; a release kernel goes on.",
  },
] as const satisfies readonly Clause[];

export type ClauseId = (typeof LIST)[number]["id"];

/** All clauses, in the order of the contract. */
export const CLAUSES: readonly (Clause & { readonly id: ClauseId })[] = LIST;
