/** A word of the kernel or of the hypervisor, as this specification uses it. */
export interface Term {
  readonly term: string;
  readonly meaning: string;
}

/** The words that a reader who knows neither illumos nor Xen needs, in the order of the alphabet. */
export const GLOSSARY: readonly Term[] = [
  {
    term: "a_contents",
    meaning: "The mutex of an address space under which those who wait to unmap in it are noted, and woken.",
  },
  {
    term: "address space",
    meaning: "What a process sees of memory: a list of segments over one set of page tables.",
  },
  {
    term: "answer",
    meaning:
      "What the environment replies to a call of the driver into the kernel: success, or one of the refusals that the contract allows.",
  },
  {
    term: "ASSERT",
    meaning:
      "A statement in the kernel's code that a DEBUG kernel checks, and panics at if it is false. A release kernel doesn't look.",
  },
  {
    term: "bound",
    meaning: "Of a segment: the first add that isn't refused ties it to one domain for the rest of its life.",
  },
  {
    term: "DEBUG kernel",
    meaning: "A kernel built with its ASSERTs, as developers run it. What users run is a release kernel.",
  },
  {
    term: "dom0",
    meaning: "The privileged domain, number 0, which runs the kernel that this driver is part of.",
  },
  {
    term: "domain",
    meaning: "A virtual machine of Xen. The foreign domain is the one whose memory is mapped.",
  },
  {
    term: "domid",
    meaning: "The number of a domain. 0 stands for dom0; in a segment's record it stands for not bound yet.",
  },
  {
    term: "DOMID_SELF",
    meaning: "The number 0x7FF0, by which a domain calls itself. No foreign domain has it.",
  },
  {
    term: "EMPTY",
    meaning: "Of a page: it holds neither a frame nor a grant. Its PTE is none, or a throwaway one.",
  },
  {
    term: "frame",
    meaning: "A page of the machine's memory. A page of a segment that holds one is called an MFN page.",
  },
  {
    term: "freemem_lock",
    meaning: "A mutex of the kernel's memory management. softlockcnt changes under it.",
  },
  {
    term: "grant",
    meaning:
      "A page that a domain lets another one map. It stays mapped until it is unmapped by its handle, also if nobody knows that any more.",
  },
  {
    term: "grant handle",
    meaning: "The number by which Xen knows a mapped grant. Without it the grant can't be unmapped.",
  },
  {
    term: "grant reference",
    meaning:
      "The number by which a domain offers one of its pages. A page of a segment that holds one is called a GREF page.",
  },
  {
    term: "HAT",
    meaning:
      "Hardware address translation: the part of the kernel that keeps the page tables. It counts locks on them, so that they aren't taken away.",
  },
  {
    term: "hypercall",
    meaning: "A call of a domain's kernel into the hypervisor.",
  },
  {
    term: "hypervisor",
    meaning: "Xen: what runs below all domains and decides what each may map.",
  },
  {
    term: "machine address",
    meaning: "An address in the machine's memory. A grant is mapped into the PTE that the machine address names.",
  },
  {
    term: "MFN",
    meaning: "Machine frame number: the number of a frame.",
  },
  {
    term: "mutex",
    meaning: "A lock that one thread can hold, once.",
  },
  {
    term: "PTE",
    meaning: "Page-table entry: what a page of an address space is translated to, and whether it may be written.",
  },
  {
    term: "register",
    meaning:
      "To tell the driver where the PTE of a page is (add_gref_pte), which callers do before they add a grant to the page.",
  },
  {
    term: "segment",
    meaning: "A run of pages of an address space that one driver looks after, by the entry points called seg_ops.",
  },
  {
    term: "SEGMF_MAX_GREFS",
    meaning: "The most pages that one call about grants may be about: 16.",
  },
  {
    term: "seg_ops",
    meaning: "The table of functions through which the kernel calls a segment's driver: fault, unmap, dup and so on.",
  },
  {
    term: "soft lock",
    meaning:
      "A page that must not go away is soft-locked. Every frame is, from when it is added to when it is torn down.",
  },
  {
    term: "softlockcnt",
    meaning: "How many soft locks a segment has. Whoever wants to unmap in its address space waits until it is 0.",
  },
  {
    term: "stillborn",
    meaning:
      "Of a segment: it has its data, but the file system refused to count its mapping. All that may happen to it is free.",
  },
  {
    term: "throwaway PTE",
    meaning:
      "A valid, read-only PTE for frame 0, loaded so that there is one; it stands for nothing, and what is mapped later takes its place.",
  },
  {
    term: "vnode",
    meaning:
      "What the kernel knows of an open file, here of the device. It counts who holds it and how many of its pages are mapped.",
  },
  {
    term: "VOP_ADDMAP, VOP_DELMAP",
    meaning: "How a file system is asked to count pages as mapped, which it may refuse, and told to uncount them.",
  },
];
