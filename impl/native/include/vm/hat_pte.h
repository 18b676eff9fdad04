/*
 * Page-table entries. The frame takes bits 12 to 63, all of the 52 that a frame number may have; every flag is one of
 * the twelve bits below it.
 */
#ifndef SEGMF_VM_HAT_PTE_H
#define SEGMF_VM_HAT_PTE_H

#include <sys/param.h>
#include <sys/xen_types.h>

typedef uint64_t x86pte_t;

#define PT_VALID 0x001
#define PT_WRITABLE 0x002
#define PT_USER 0x004
#define PT_WRITETHRU 0x008
#define PT_NOCACHE 0x010
#define PT_REF 0x020
#define PT_MOD 0x040
#define PT_PAGESIZE 0x080
#define PT_GLOBAL 0x100
#define PT_FOREIGN 0x200
#define PT_NX 0x400
#define PT_SOFTWARE 0x800

#endif
