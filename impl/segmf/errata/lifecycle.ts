import type { ErratumShape } from "./shape.js";

/** Errata of fork, unmap and registration: what a segment inherits, keeps and leaves behind. */
export const LIFECYCLE_ERRATA = [
  {
    id: "dup-copies-map",
    switch: "dupCopiesMap",
    title: "A fork inherits page records that are not true of it",
    does: "dup copies the parent's page records byte for byte: frames, grants with their handles, and registered addresses of the parent's PTEs. The child has a page table of its own, in which nothing is mapped, and a softlockcnt of 0.",
    follows: {
      debug:
        "The child claims frames and grants that it does not have. Releasing or redefining a copied grant in the child unmaps the parent's page; granting a page that only the parent registered aims at the parent's PTE.",
      release:
        "As on DEBUG. A driver that tears copied frames down also takes the child's softlockcnt below 0, which a DEBUG kernel asserts against.",
      whom: "Any process that forks with a window mapped: a user-level block back-end that starts a helper loses the pages of requests in flight as soon as the helper touches its copy.",
    },
    clause: "3 dup: no translation, lock, grant or registered PTE is inherited",
    clauses: ["3.dup.child"],
  },
  {
    id: "unmap-leaks-grants",
    switch: "unmapLeaksGrants",
    title: "Unmapping the segment leaves its grants mapped in the hypervisor",
    does: "unmap clears the page table and never looks at the page records, so no grant is handed back. It takes no lock either, there being nothing that it reads.",
    follows: {
      debug:
        "Each grant stays mapped for ever: its handle was recorded in memory that is freed next, so nobody can unmap it any more.",
      release: "As on DEBUG.",
      whom: "The granting domain: it cannot end foreign access to those pages, nor be destroyed completely. Met whenever a back-end exits or is killed with requests in flight.",
    },
    clause: "3 unmap: of the whole, every grant is unmapped; nothing of the segment remains",
    clauses: ["3.unmap.whole", "4.xen.unmap"],
  },
  {
    id: "unmap-unlocks-all",
    switch: "unmapUnlocksAll",
    title: "Unmapping the segment drops a page-table lock for pages that are not soft-locked",
    does: "unmap unloads the whole range with the flag that also drops one lock for every valid PTE. Only frames hold such a lock; granted pages do not, and the lock that their registration took has been dropped by the caller before.",
    follows: {
      debug: "With a granted page in the segment the count is 0 already: the HAT panics.",
      release:
        "The lock count of the page table goes below 0, and from there the HAT may free or keep page tables wrongly.",
      whom: "Every process that unmaps, or exits, while a grant is mapped; on a DEBUG kernel that is the whole machine.",
    },
    clause: "3 unmap: every lock dropped; 4 HAT: one lock for each that was taken",
    clauses: ["3.unmap.whole", "4.hat.unload"],
  },
  {
    id: "unmap-no-wake",
    switch: "unmapNoWake",
    title: "Unmapping a soft-locked segment wakes nobody",
    does: "unmap drops the soft locks in the page table, but leaves softlockcnt as it is and does not look for waiters.",
    follows: {
      debug: "A thread that waits for the soft locks of this address space to go sleeps on, although they are gone.",
      release: "As on DEBUG.",
      whom: "A thread that unmaps in the same address space at the same time; it hangs, uninterruptibly, until another soft lock comes and goes.",
    },
    clause:
      "3: when softlockcnt falls to 0 waiters are woken, by whichever call it is; 5 wake: the end of a segment counts",
    clauses: ["3.wake"],
  },
  {
    id: "pte-range-unchecked",
    switch: "pteRangeUnchecked",
    title: "A PTE can be registered for a page past the end",
    does: "add_gref_pte does not compare the page with the segment's size and writes the address into the record that would be there.",
    follows: {
      debug: "A write past the end of the record array: here a panic, in the field a panic of a debugging allocator.",
      release:
        "Here a panic too; in the field eight bytes of somebody else's kernel memory are overwritten with a machine address of the caller's choice.",
      whom: "A privileged caller that computes a page wrongly; the driver's ioctl is the last check there is.",
    },
    clause: "3 add_gref_pte: outside the segment, ignored",
    clauses: ["3.add_gref_pte.outside"],
  },
  {
    id: "registration-in-place",
    switch: "registrationInPlace",
    title: "Registering a PTE rewrites the address of a grant that is mapped there",
    does: "The record has one word for both the registered address and the address that a grant was mapped at. add_gref_pte overwrites it whatever the page holds, and without the segment's lock.",
    follows: {
      debug:
        "After a page that holds a grant is registered at another address, the grant can no longer be unmapped: the hypervisor does not know that handle at that address. A registration also races with every call that reads the record.",
      release: "As on DEBUG.",
      whom: "A back-end whose window is registered again while requests are in flight; the granting domain keeps a page that nobody can give back.",
    },
    clause:
      "3 add_gref_pte: a live grant keeps the address it was mapped at; changes to the map happen under the segment's lock",
    clauses: ["3.add_gref_pte.record", "3.locks"],
  },
  {
    id: "word-shared",
    switch: "wordShared",
    title: "A frame number and a registered address overwrite each other",
    does: "The record of a page has one word for the frame number of an MFN page and for the registered address of its PTE. Adding a frame forgets the registration; registering a page that holds a frame changes the frame number on record.",
    follows: {
      debug:
        "A grant added to a page that once held a frame is mapped at an address that is really a frame number: the hypervisor refuses it. A frame whose page was registered later is on record as another frame than the one that is mapped.",
      release: "As on DEBUG.",
      whom: "Callers that use one window for frames and for grants, or that register pages of a window of frames.",
    },
    clause: "3 add_gref_pte: the record survives until the segment goes; it does not disturb what the page holds",
    clauses: ["3.add_gref_pte.record"],
  },
] as const satisfies readonly ErratumShape[];
