import type { ErratumShape } from "./shape.js";

/** Errata of adding frames and grants: what becomes of the old contents, and of a failure half-way. */
export const ADD_ERRATA = [
  {
    id: "mfn-redefine-no-teardown",
    switch: "mfnRedefineNoTeardown",
    title: "Frames are added over pages in use without taking them down first",
    does: "add_mfns overwrites the records of its range and loads a throwaway PTE over whatever is mapped there. An old frame keeps its soft lock, an old grant stays mapped with its handle forgotten.",
    follows: {
      debug: "Loading another frame over a valid PTE without saying so: the HAT panics.",
      release: "As on DEBUG.",
      whom: "The toolstack when it reuses a window for the next batch of frames of a migration.",
    },
    clause: "3 adds, step 3: what the range held is torn down first",
    clauses: ["3.adds.teardown"],
  },
  {
    id: "gref-redefine-no-teardown",
    switch: "grefRedefineNoTeardown",
    title: "Grants are added over pages in use without taking them down first",
    does: "add_grefs overwrites the records of its range and lets the hypervisor replace the PTEs. An old grant stays mapped with its handle forgotten; an old frame keeps its lock in the page table and its part of softlockcnt.",
    follows: {
      debug:
        "A grant that can never be unmapped, or a soft lock that is never given back, so that waiters are never woken.",
      release: "As on DEBUG.",
      whom: "The granting domain of the first grant; a back-end that reuses a request's pages without releasing them.",
    },
    clause: "3 adds, step 3: what the range held is torn down first",
    clauses: ["3.adds.teardown"],
  },
  {
    id: "mfn-rollback-leaves-ptes",
    switch: "mfnRollbackLeavesPtes",
    title: "After a refused frame the earlier ones stay mapped",
    does: "When the hypervisor refuses a frame, add_mfns drops the soft locks of the frames that it had mapped before, but leaves their translations in place; the records say EMPTY.",
    follows: {
      debug:
        "The process goes on seeing the other domain's memory through pages that the driver takes to be free. The next frame added there panics the HAT, since a valid PTE is in the way.",
      release: "As on DEBUG.",
      whom: "Live migration, where a refused frame in the middle of a batch is everyday business, and the batch is tried again.",
    },
    clause: "3 adds, step 4: every page of the range ends EMPTY, with no translation left behind",
    clauses: ["3.adds.all-or-nothing"],
  },
  {
    id: "mfn-rollback-no-wake",
    switch: "mfnRollbackNoWake",
    title: "Giving back the refused frame's own soft lock wakes nobody",
    does: "A frame is counted in softlockcnt before it is mapped. When the hypervisor refuses it the count is taken back on a path that does not look for waiters; only the frames mapped before it are given back on the path that does.",
    follows: {
      debug:
        "If the first frame of a batch is refused and nothing else is soft-locked, the count falls to 0 in silence and a waiter sleeps on.",
      release: "As on DEBUG.",
      whom: "A thread that unmaps in the same address space while a batch fails on its first frame.",
    },
    clause: "3: when softlockcnt falls to 0 waiters are woken, by whichever call it is",
    clauses: ["3.wake"],
  },
  {
    id: "gref-first-status-only",
    switch: "grefFirstStatusOnly",
    title: "Only the first grant of a request is known to be mapped",
    does: "After the hypercall add_grefs looks at the status of the first element and takes it for all. A DEBUG kernel asserts the others while it records them.",
    follows: {
      debug:
        "A later element that the hypervisor refused is a panic: a guest can bring down dom0 with one bad grant reference.",
      release:
        "The add succeeds. The refused page is on record as granted, with handle 0, while nothing is mapped: the back-end faults on it, and releasing it unmaps handle 0 or fails.",
      whom: "Every back-end that maps requests of more than one page for a guest that it does not trust.",
    },
    clause:
      "3 adds, step 4: if the hypervisor refuses any page, every page of the range ends EMPTY, and EFAULT; 4 Xen: each element has its own status",
    clauses: ["3.adds.all-or-nothing", "4.xen.map"],
  },
  {
    id: "gref-rollback-leaks",
    switch: "grefRollbackLeaks",
    title: "When one grant of a request is refused the others stay mapped",
    does: "On failure add_grefs returns without unmapping the elements that the hypervisor did map; their handles were never recorded.",
    follows: {
      debug: "The pages stay mapped in the process, and in the hypervisor for ever.",
      release: "As on DEBUG.",
      whom: "The granting domain, which cannot end foreign access; a guest can use up the back-end's grant handles this way.",
    },
    clause: "3 adds, step 4: no translation and no grant left behind",
    clauses: ["3.adds.all-or-nothing"],
  },
  {
    id: "gref-rollback-wrong-pages",
    switch: "grefRollbackWrongPages",
    title: "A failed add of grants marks the wrong pages EMPTY",
    does: "On failure add_grefs marks as many pages EMPTY as it was given, counted from the start of the segment instead of from the start of its range. Its own pages stay on record as grants that are not mapped.",
    follows: {
      debug:
        "Other requests' pages are forgotten while they are mapped: their grants and soft locks can never be given back.",
      release: "As on DEBUG.",
      whom: "A block back-end: every failed request destroys the records of the first request of the window, which may be in flight.",
    },
    clause: "3 adds, step 4: no page outside the range is touched, whatever happens",
    clauses: ["3.adds.all-or-nothing"],
  },
  {
    id: "release-mfn-page",
    switch: "releaseMfnPage",
    title: "Releasing grants forgets pages that hold a frame",
    does: "release_grefs marks every page of its range EMPTY, also those that hold no grant; a DEBUG kernel asserts that none holds a frame.",
    follows: {
      debug: "A frame in the range panics the kernel.",
      release: "The frame is off the record, but mapped and soft-locked as before, for as long as the segment lives.",
      whom: "Callers that use one window for frames and for grants.",
    },
    clause: "3 release_grefs: pages that hold no grant are not touched",
    clauses: ["3.release_grefs.granted"],
  },
  {
    id: "release-forgets-failed",
    switch: "releaseForgetsFailed",
    title: "Grants are forgotten before they are unmapped",
    does: "release_grefs marks the pages EMPTY before it calls the hypervisor, and leaves them so when that fails.",
    follows: {
      debug: "-1 is returned, but the release cannot be tried again: the handles are gone while the grants are mapped.",
      release: "As on DEBUG.",
      whom: "The granting domain, which cannot end foreign access to those pages.",
    },
    clause: "3 release_grefs: a page whose grant the hypervisor would not unmap stays granted",
    clauses: ["3.release_grefs.failed"],
  },
  {
    id: "release-ignores-status",
    switch: "releaseIgnoresStatus",
    title: "A grant that the hypervisor would not unmap counts as released",
    does: "release_grefs looks at the code of the hypercall as a whole and not at the status of each element.",
    follows: {
      debug: "0 is returned and the page is EMPTY on record, while its grant stays mapped.",
      release: "As on DEBUG.",
      whom: "Nobody as long as the records are right. After another fault, such as a handle recorded as 0 or a rewritten address, it hides that the grant is stuck.",
    },
    clause: "3 release_grefs: a page whose grant the hypervisor would not unmap stays granted, and -1 is returned",
    clauses: ["3.release_grefs.failed"],
  },
  {
    id: "release-unlocked",
    switch: "releaseUnlocked",
    title: "Grants are released without the segment's lock",
    does: "release_grefs reads and changes the page records without taking the lock under which the adds do so.",
    follows: {
      debug:
        "Against an add in another thread: a record half-written, a handle unmapped twice or not at all. One thread alone sees nothing of it.",
      release: "As on DEBUG.",
      whom: "A back-end with several threads on one window, which is what it is built for.",
    },
    clause: "3: all changes to the map happen under the segment's lock",
    clauses: ["3.locks"],
  },
] as const satisfies readonly ErratumShape[];
