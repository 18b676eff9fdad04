/* The hardware address translation layer: one page table for each address space. */
#ifndef SEGMF_VM_HAT_H
#define SEGMF_VM_HAT_H

#include <sys/types.h>
#include <sys/param.h>

struct as;

struct hat {
  struct as *hat_as;
};

/* How a translation is loaded. */
#define HAT_LOAD 0
#define HAT_LOAD_LOCK 0x01
#define HAT_LOAD_ADV 0x02
#define HAT_LOAD_CONTIG 0x04
#define HAT_LOAD_NOCONSIST 0x08
#define HAT_LOAD_SHARE 0x10
#define HAT_LOAD_REMAP 0x20

/* How translations are dropped. */
#define HAT_UNLOAD 0
#define HAT_UNLOAD_UNMAP 0x100
#define HAT_UNLOAD_NOSYNC 0x200
#define HAT_UNLOAD_UNLOCK 0x400
#define HAT_UNLOAD_OTHER 0x800

/* Attributes of a translation, beside its protections. */
#define HAT_STRICTORDER 0x0000
#define HAT_UNORDERED_OK 0x1000
#define HAT_NOSYNC 0x2000

#define HAT_MAP 1

void hat_map(struct hat *hat, caddr_t addr, size_t len, uint_t flags);
void hat_devload(struct hat *hat, caddr_t addr, size_t len, pfn_t pfn, uint_t attributes, int flags);
void hat_unlock(struct hat *hat, caddr_t addr, size_t len);
void hat_unload(struct hat *hat, caddr_t addr, size_t len, uint_t flags);

#endif
