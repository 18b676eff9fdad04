/* The machine-frame segment driver as its callers know it. */
#ifndef SEGMF_VM_SEG_MF_H
#define SEGMF_VM_SEG_MF_H

#include <sys/types.h>
#include <sys/xen_types.h>
#include <vm/seg.h>

/* The most grant references of one call; small scopes set it lower. */
#ifndef SEGMF_MAX_GREFS
#define SEGMF_MAX_GREFS 16
#endif

/* A flag of segmf_add_grefs: map writable. */
#define SEGMF_GREF_WR 1

/* Arguments of segmf_create. */
struct segmf_crargs {
  dev_t dev;
  uchar_t prot;
  uchar_t maxprot;
};

int segmf_create(struct seg **segpp, void *args);
int segmf_add_mfns(struct seg *seg, caddr_t addr, mfn_t first, pgcnt_t count, domid_t domid);
void segmf_add_gref_pte(struct seg *seg, caddr_t addr, uint64_t pte_ma);
int segmf_add_grefs(struct seg *seg, caddr_t addr, uint_t flags, grant_ref_t *refs, uint_t count, domid_t domid);
int segmf_release_grefs(struct seg *seg, caddr_t addr, uint_t count);

#endif
