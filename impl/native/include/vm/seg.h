/* Segments: a range of an address space, the driver's operations on it, and the driver's data. */
#ifndef SEGMF_VM_SEG_H
#define SEGMF_VM_SEG_H

#include <sys/types.h>
#include <sys/param.h>
#include <sys/vnode.h>
#include <sys/lgrp.h>
#include <vm/faultcode.h>

struct as;
struct hat;
struct page;
struct seg;

enum fault_type { F_INVAL, F_PROT, F_SOFTLOCK, F_SOFTUNLOCK };
enum seg_rw { S_OTHER, S_READ, S_WRITE, S_EXEC, S_READ_NOCOW };
enum lock_type { L_PAGELOCK, L_PAGEUNLOCK };

typedef enum { S_CAPABILITY_NOMINFLT } segcapability_t;

typedef struct memid {
  uint64_t val[2];
} memid_t;

/* The driver is reached through these, in this order. */
struct seg_ops {
  int (*dup)(struct seg *seg, struct seg *child);
  int (*unmap)(struct seg *seg, caddr_t addr, size_t len);
  void (*free)(struct seg *seg);
  faultcode_t (*fault)(struct hat *hat, struct seg *seg, caddr_t addr, size_t len, enum fault_type type,
                       enum seg_rw rw);
  faultcode_t (*faulta)(struct seg *seg, caddr_t addr);
  int (*setprot)(struct seg *seg, caddr_t addr, size_t len, uint_t prot);
  int (*checkprot)(struct seg *seg, caddr_t addr, size_t len, uint_t prot);
  int (*kluster)();
  size_t (*swapout)(struct seg *seg);
  int (*sync)(struct seg *seg, caddr_t addr, size_t len, int attributes, uint_t flags);
  size_t (*incore)(struct seg *seg, caddr_t addr, size_t len, char *vector);
  int (*lockop)(struct seg *seg, caddr_t addr, size_t len, int attributes, int op, ulong_t *bitmap, size_t at);
  int (*getprot)(struct seg *seg, caddr_t addr, size_t len, uint_t *prots);
  u_offset_t (*getoffset)(struct seg *seg, caddr_t addr);
  int (*gettype)(struct seg *seg, caddr_t addr);
  int (*getvp)(struct seg *seg, caddr_t addr, struct vnode **vpp);
  int (*advise)(struct seg *seg, caddr_t addr, size_t len, uint_t advice);
  void (*dump)(struct seg *seg);
  int (*pagelock)(struct seg *seg, caddr_t addr, size_t len, struct page ***pages, enum lock_type type,
                  enum seg_rw rw);
  int (*setpagesize)(struct seg *seg, caddr_t addr, size_t len, uint_t size_code);
  int (*getmemid)(struct seg *seg, caddr_t addr, memid_t *id);
  lgrp_mem_policy_info_t *(*getpolicy)(struct seg *seg, caddr_t addr);
  int (*capable)(struct seg *seg, segcapability_t capability);
  int (*inherit)(struct seg *seg, caddr_t addr, size_t len, uint_t advice);
};

struct seg {
  caddr_t s_base;
  size_t s_size;
  struct as *s_as;
  struct seg_ops *s_ops;
  void *s_data;
};

#define seg_page(seg, addr) (((uintptr_t)((addr) - (seg)->s_base)) >> PAGESHIFT)
#define seg_pages(seg) (((uintptr_t)((seg)->s_size + PAGEOFFSET)) >> PAGESHIFT)

/* Has the driver free its data, then forgets the segment. */
void seg_free(struct seg *seg);
/* For the inherit slot of drivers that don't support it. */
int seg_inherit_notsup(struct seg *seg, caddr_t addr, size_t len, uint_t advice);

#endif
