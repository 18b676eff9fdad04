/*
 * What a guest kernel says to Xen, as far as mapping the memory of other domains goes: foreign page-table entries, and
 * grant references. Laid out as the hypervisor's public interface is.
 */
#ifndef SEGMF_SYS_HYPERVISOR_H
#define SEGMF_SYS_HYPERVISOR_H

#include <sys/types.h>
#include <sys/xen_types.h>

/* Replaces the entry of a virtual address by a mapping of another domain's frame; a negative errno if it can't. */
int HYPERVISOR_update_va_mapping_otherdomain(uintptr_t va, uint64_t entry, ulong_t flags, domid_t domid);
long HYPERVISOR_grant_table_op(uint_t command, void *ops, uint_t count);
/* A grant_table_op that maps; `user` says that the mappings are for user space. */
int xen_map_gref(uint_t command, gnttab_map_grant_ref_t *ops, uint_t count, boolean_t user);

#endif
