import type { ErratumShape } from "./shape.js";

/** Errata of the refusals: what an add or a release lets through, checks too late, or checks in another order. */
export const REFUSAL_ERRATA = [
  {
    id: "bound-check-early",
    switch: "boundCheckEarly",
    title: "The bound domain is checked before the arguments are",
    does: "add_mfns and add_grefs compare the caller's domid with the segment's right after they have looked at the domid itself, before protections, range, number of refs, registrations and a count of 0.",
    follows: {
      debug:
        "A call that is wrong in two ways is refused with EINVAL where another errno is due; a count of 0 for another domain is EINVAL instead of nothing at all.",
      release: "As on DEBUG.",
      whom: "Callers that tell the cases apart, or that pass empty batches.",
    },
    clause: "3 adds, step 1: the order of the refusals; bound to another domid is the last",
    clauses: ["3.adds.refusals"],
  },
  {
    id: "mfn-noprot-late",
    switch: "mfnNoprotLate",
    title: "A segment without permissions is bound and overwritten before frames are refused",
    does: "add_mfns finds out that the segment allows no access only when it comes to load the pages. By then the segment is bound to the domid, and the records of the range hold the new frames, which are then marked EMPTY.",
    follows: {
      debug:
        "EACCES, and yet the segment belongs to that domain for good; what the range held is gone from the records.",
      release: "As on DEBUG.",
      whom: "A caller that maps a window with no access and tries another domain next: EINVAL.",
    },
    clause: "3 adds, step 1: protections none, EACCES, and nothing changes",
    clauses: ["3.adds.refusals"],
  },
  {
    id: "gref-noprot-unchecked",
    switch: "grefNoprotUnchecked",
    title: "Grants are mapped into a segment without permissions",
    does: "add_grefs does not look at the segment's protections.",
    follows: {
      debug: "A window that was mapped with no access becomes readable, or writable, once a grant is added.",
      release: "As on DEBUG.",
      whom: "A caller that relies on no access as a guard; only the flags of each grant say what is allowed.",
    },
    clause: "3 adds, step 1: protections none, EACCES",
    clauses: ["3.adds.refusals"],
  },
  {
    id: "mfn-range-unchecked",
    switch: "mfnRangeUnchecked",
    title: "Frames can be added past the end of the segment",
    does: "add_mfns does not compare the range with the segment's size: it writes frame numbers into records that do not exist.",
    follows: {
      debug: "A write past the end of the record array: here a panic, in the field a panic of a debugging allocator.",
      release:
        "Here a panic too; in the field kernel memory behind the array is overwritten with a type and a frame number for each page; then the HAT is asked to load pages that belong to another mapping.",
      whom: "The toolstack, through privcmd, which checks the mapping but passes the count on.",
    },
    clause: "3 adds, step 1: a range that leaves the segment, EINVAL",
    clauses: ["3.adds.refusals"],
  },
  {
    id: "gref-range-unchecked",
    switch: "grefRangeUnchecked",
    title: "Grants can be added past the end of the segment",
    does: "add_grefs does not compare the range with the segment's size: it writes refs and flags into records that do not exist, and takes what lies there for registered addresses.",
    follows: {
      debug: "A write past the end of the record array: here a panic, in the field a panic of a debugging allocator.",
      release:
        "Here a panic too; in the field kernel memory behind the array is overwritten, and the hypervisor is asked to map grants at machine addresses that are leftovers.",
      whom: "A back-end whose request number leads past its window.",
    },
    clause: "3 adds, step 1: a range that leaves the segment, EINVAL",
    clauses: ["3.adds.refusals"],
  },
  {
    id: "release-range-unchecked",
    switch: "releaseRangeUnchecked",
    title: "Grants can be released past the end of the segment",
    does: "release_grefs does not compare the range with the segment's size.",
    follows: {
      debug:
        "0 is returned where -1 is due. If pages that hold no grant are marked EMPTY as well, it is a write past the end of the record array.",
      release:
        "As on DEBUG; in the field what lies behind the array may also pass for a mapped grant, whose handle is then unmapped.",
      whom: "A back-end whose request number leads past its window.",
    },
    clause: "3 release_grefs: a range that leaves the segment, -1, nothing changes",
    clauses: ["3.release_grefs.limits"],
  },
  {
    id: "gref-limit-late",
    switch: "grefLimitLate",
    title: "Too many refs are refused only after the records are overwritten",
    does: "add_grefs compares the number of refs with SEGMF_MAX_GREFS when it comes to map them. By then the segment is bound and the records of the range hold the new refs, unmapped; they are marked EMPTY like those of a failed add.",
    follows: {
      debug:
        "EFAULT, as it should be, but the segment is bound for good and what the range held is lost, with grants and frames still mapped if they were not torn down.",
      release: "As on DEBUG.",
      whom: "A back-end that passes more refs than one hypercall takes.",
    },
    clause: "3 adds, step 1: more than 16 refs, EFAULT, and nothing changes",
    clauses: ["3.adds.refusals"],
  },
  {
    id: "mfn-zero-binds",
    switch: "mfnZeroBinds",
    title: "Adding no frames binds the segment",
    does: "add_mfns with a count of 0 goes the whole way: it compares the domid, and binds a segment that is unbound.",
    follows: {
      debug:
        "An empty batch decides for good which domain the window belongs to; for another domain it is EINVAL instead of 0.",
      release: "As on DEBUG.",
      whom: "A toolstack that sends an empty batch to probe, or at the end of a loop.",
    },
    clause: "3 adds, step 1: a count of 0 returns 0 and changes nothing",
    clauses: ["3.adds.refusals"],
  },
  {
    id: "gref-zero-undefined",
    switch: "grefZeroUndefined",
    title: "Adding no grants binds the segment, then depends on stale stack",
    does: "add_grefs with no refs goes the whole way: it binds the segment, asserts that the first page of the empty range is to be granted, calls the hypervisor with no element, and looks at the status of an element that was never written.",
    follows: {
      debug: "The assertion fails and the kernel panics, unless that page happens to hold a grant.",
      release: "The result is EFAULT, or by luck 0, as the stack has it; the segment is bound for good.",
      whom: "A back-end that passes on an empty request.",
    },
    clause: "3 adds, step 1: a count of 0 returns 0 and changes nothing",
    clauses: ["3.adds.refusals"],
  },
  {
    id: "unregistered-unchecked",
    switch: "unregisteredUnchecked",
    title: "Grants are mapped at an address that nobody registered",
    does: "add_grefs does not ask whether the pages of its range have a registered PTE. It passes the word of the record that would hold the address, which nothing may have written since it was allocated.",
    follows: {
      debug:
        "The hypervisor is handed the allocator's pattern as a machine address and refuses it: EFAULT instead of EINVAL, and the segment is bound.",
      release:
        "The address is whatever the memory held before. If that is a PTE, of this process or another, the grant is mapped there.",
      whom: "A back-end that grants a page before it has registered it.",
    },
    clause: "3 adds, step 1: a page with no registered PTE, EINVAL, and nothing changes",
    clauses: ["3.adds.refusals"],
  },
] as const satisfies readonly ErratumShape[];
