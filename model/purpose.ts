/** What the driver is for: one paragraph each. */
export const PURPOSE: readonly string[] = [
  "On a Xen host the privileged domain, dom0, runs the programs that look after the other domains: the toolstack that saves, " +
    "restores and migrates them, and back-ends that serve their disks. Such a program needs to see memory of a domain that " +
    "isn't its own. seg_mf is the segment driver of the illumos kernel that lets it: the program maps a window of some pages from " +
    "a device, and fills the window page by page through ioctls.",
  "A page of the window holds one of two things. A frame is a machine frame of the other domain, named by its number; the " +
    "toolstack uses these. A grant is a page that the other domain has offered by a grant reference; the user-level block " +
    "back-end uses these, many requests in flight in one window.",
  "Nothing is mapped on demand. A page is mapped when it is added, or the add fails as a whole; a fault in the window finds " +
    "a mapping or is an error. So the driver keeps a record of each page, and what the record says, what the page table maps and " +
    "what the hypervisor counts must be the same at any time, whoever refuses what half-way. That is what is specified here.",
];
