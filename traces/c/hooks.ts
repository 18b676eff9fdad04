/**
 * What every C trace begins with: the hooks that a test module supplies, and how what comes of a call is compared. C99 that
 * compiles by itself; in the kernel the types are those of <sys/types.h>. Several traces may be included into one file.
 */
export const PROLOGUE = `#ifndef SEGMF_TRACE_HOOKS
#define SEGMF_TRACE_HOOKS 1

#ifdef _KERNEL
#include <sys/types.h>
#else
#include <stdint.h>
#endif

/* What the test module supplies. Each hook gets "arg" as it was given. */
struct segmf_trace_hooks {
	/* A step begins: forget the answers of the one before. */
	void (*begin)(void *arg, unsigned step);
	/*
	 * What the kernel is to answer during the call: to question number "op" of its kind in this call, for grants about
	 * element "element". Whatever is not said succeeds. Kinds: addmap, update_va_mapping, map_grant_ref,
	 * map_grant_ref_status, unmap_grant_ref, unmap_grant_ref_status.
	 */
	void (*answer)(void *arg, const char *kind, unsigned op, unsigned element, int32_t value);
	/* From now on somebody waits to unmap in the segment's address space. */
	void (*waiting)(void *arg, unsigned seg);
	/* For the next call the segment belongs to another driver. */
	void (*foreign)(void *arg, unsigned seg);

	/* The calls: what the driver returned, anything where it returns nothing. prot: 1 read, 2 write, 4 execute. */
	int64_t (*create)(void *arg, unsigned seg, unsigned pages, unsigned prot, unsigned maxprot);
	int64_t (*add_mfns)(void *arg, unsigned seg, unsigned page, unsigned count, uint64_t mfn, unsigned domid);
	int64_t (*add_gref_pte)(void *arg, unsigned seg, unsigned page, uint64_t pte_ma);
	int64_t (*add_grefs)(void *arg, unsigned seg, unsigned page, int writable, const uint32_t *grefs, unsigned count,
	    unsigned domid);
	int64_t (*release_grefs)(void *arg, unsigned seg, unsigned page, unsigned count);
	int64_t (*dup)(void *arg, unsigned seg, unsigned into);
	/* In bytes from the segment's base. */
	int64_t (*unmap)(void *arg, unsigned seg, int64_t addr, int64_t len);
	int64_t (*free_segment)(void *arg, unsigned seg);
	int64_t (*fault)(void *arg, unsigned seg, unsigned page, unsigned count, const char *type, const char *rw);
	/* The other seg_ops, by name; delta and prot are 0 where they were not given. */
	int64_t (*passive)(void *arg, const char *op, unsigned seg, unsigned page, unsigned count, int64_t delta,
	    unsigned prot);

	/*
	 * Something of a segment after the call; a null pointer if the module can't see into the driver. What: exists, domid,
	 * softlockcnt, locks (page is 0); map (0 empty, 1 frame, 2 grant reference) and map_value (the frame, the
	 * reference); pte (0 none, 1 throwaway, 2 foreign, 3 grant) and pte_value (the frame, the reference).
	 */
	int64_t (*observe)(void *arg, const char *what, unsigned seg, unsigned page);

	/* What came of step "step" (from 1) is not as expected. */
	void (*differs)(void *arg, unsigned step, const char *what, unsigned seg, unsigned page, int64_t expected,
	    int64_t got);
};

/* A page that holds something, or that a PTE maps. */
struct segmf_trace_page {
	unsigned page;
	int map;
	int64_t map_value;
	int pte;
	int64_t pte_value;
};

/* A segment after a step; the pages that are not listed are empty and not mapped. */
struct segmf_trace_segment {
	unsigned seg;
	unsigned pages;
	int64_t domid;
	int64_t softlockcnt;
	int64_t locks;
	const struct segmf_trace_page *held;
	unsigned count;
};

static unsigned
segmf_trace_same(const struct segmf_trace_hooks *hooks, void *arg, unsigned step, const char *what, unsigned seg,
    unsigned page, int64_t expected, int64_t got)
{
	if (expected == got)
		return (0);
	hooks->differs(arg, step, what, seg, page, expected, got);
	return (1);
}

static unsigned
segmf_trace_observe(const struct segmf_trace_hooks *hooks, void *arg, unsigned step, const char *what, unsigned seg,
    unsigned page, int64_t expected)
{
	if (hooks->observe == 0)
		return (0);
	return (segmf_trace_same(hooks, arg, step, what, seg, page, expected, hooks->observe(arg, what, seg, page)));
}

static unsigned
segmf_trace_state(const struct segmf_trace_hooks *hooks, void *arg, unsigned step,
    const struct segmf_trace_segment *segment)
{
	unsigned differences = 0;
	unsigned page;
	unsigned next = 0;

	differences += segmf_trace_observe(hooks, arg, step, "exists", segment->seg, 0, 1);
	differences += segmf_trace_observe(hooks, arg, step, "domid", segment->seg, 0, segment->domid);
	differences += segmf_trace_observe(hooks, arg, step, "softlockcnt", segment->seg, 0, segment->softlockcnt);
	differences += segmf_trace_observe(hooks, arg, step, "locks", segment->seg, 0, segment->locks);
	for (page = 0; page < segment->pages; page++) {
		struct segmf_trace_page expected = { 0, 0, 0, 0, 0 };

		if (next < segment->count && segment->held[next].page == page)
			expected = segment->held[next++];
		differences += segmf_trace_observe(hooks, arg, step, "map", segment->seg, page, expected.map);
		differences += segmf_trace_observe(hooks, arg, step, "map_value", segment->seg, page, expected.map_value);
		differences += segmf_trace_observe(hooks, arg, step, "pte", segment->seg, page, expected.pte);
		differences += segmf_trace_observe(hooks, arg, step, "pte_value", segment->seg, page, expected.pte_value);
	}
	return (differences);
}

#endif
`;
