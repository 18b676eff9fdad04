/*
 * The kernel as the driver sees it: every function is handed to the host, which plays the kernel. Pointers go through
 * as they are; the host knows whose they are. Compiled without the checks on memory.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/cmn_err.h>
#include <sys/debug.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/vmsystm.h>
#include <sys/fs/snode.h>
#include <sys/hypervisor.h>
#include <sys/mman.h>
#include <vm/hat_pte.h>
#include <runtime/memory.h>

#define IMPORT(name) __attribute__((import_module("kernel"), import_name(#name)))
#define EXPORT(name) __attribute__((export_name(#name)))

int segmf_kernel_is_debug;
kmutex_t freemem_lock;

/* The device's node: a vnode of its own, and the common one behind it. */
static struct vnode common_vnode;
static struct vnode device_vnode;
static struct snode device_snode;
static struct snode common_snode;

/* What a segment of some other driver has as its operations. */
static struct seg_ops foreign_ops;

IMPORT(panic) void host_panic(void);
IMPORT(assertion_failed) void host_assertion_failed(void);
IMPORT(kmem_alloc) void *host_kmem_alloc(size_t bytes, int zeroed);
IMPORT(kmem_free) void host_kmem_free(void *block, size_t bytes);
IMPORT(mutex_init) void host_mutex_init(kmutex_t *lock);
IMPORT(mutex_destroy) void host_mutex_destroy(kmutex_t *lock);
IMPORT(mutex_enter) void host_mutex_enter(kmutex_t *lock);
IMPORT(mutex_exit) void host_mutex_exit(kmutex_t *lock);
IMPORT(mutex_owned) int host_mutex_owned(const kmutex_t *lock);
IMPORT(cv_broadcast) void host_cv_broadcast(kcondvar_t *cv);
IMPORT(specfind) void host_specfind(void);
IMPORT(vn_hold) void host_vn_hold(struct vnode *vp);
IMPORT(vn_rele) void host_vn_rele(struct vnode *vp);
IMPORT(vop_addmap) int host_vop_addmap(struct vnode *vp, struct as *as, caddr_t addr, size_t len, uint_t prot, uint_t maxprot);
IMPORT(vop_delmap) int host_vop_delmap(struct vnode *vp, struct as *as, caddr_t addr, size_t len, uint_t prot, uint_t maxprot);
IMPORT(hat_map) void host_hat_map(struct hat *hat, caddr_t addr, size_t len);
IMPORT(hat_devload) void host_hat_devload(struct hat *hat, caddr_t addr, size_t len, int throwaway, int lock);
IMPORT(hat_unlock) void host_hat_unlock(struct hat *hat, caddr_t addr, size_t len);
IMPORT(hat_unload) void host_hat_unload(struct hat *hat, caddr_t addr, size_t len, int unlock);
IMPORT(update_va_mapping_otherdomain)
int host_update_va_mapping(uintptr_t va, mfn_t mfn, int usable, int writable, uint_t domid);
IMPORT(map_grant_ref) int host_map_grant_ref(gnttab_map_grant_ref_t *ops, uint_t count);
IMPORT(unmap_grant_ref) int host_unmap_grant_ref(gnttab_unmap_grant_ref_t *ops, uint_t count);
IMPORT(as_isunmapwait) int host_as_isunmapwait(struct as *as);
IMPORT(as_clrunmapwait) void host_as_clrunmapwait(struct as *as);
IMPORT(seg_free) void host_seg_free(struct seg *seg);

void panic(const char *format, ...) {
  host_panic();
  __builtin_trap();
}
void cmn_err(int level, const char *format, ...) {
  if (level == CE_PANIC)
    host_panic();
}
void uprintf(const char *format, ...) {}
void printf(const char *format, ...) {}
void segmf_assertion_failed(void) {
  host_assertion_failed();
  __builtin_trap();
}
int assfail(const char *text, const char *file, int line) {
  segmf_assertion_failed();
  return 0;
}

void *kmem_alloc(size_t bytes, int flags) { return host_kmem_alloc(bytes, 0); }
void *kmem_zalloc(size_t bytes, int flags) { return host_kmem_alloc(bytes, 1); }
void kmem_free(void *block, size_t bytes) { host_kmem_free(block, bytes); }

void mutex_init(kmutex_t *lock, char *name, kmutex_type_t type, void *arg) { host_mutex_init(lock); }
void mutex_destroy(kmutex_t *lock) { host_mutex_destroy(lock); }
void mutex_enter(kmutex_t *lock) { host_mutex_enter(lock); }
void mutex_exit(kmutex_t *lock) { host_mutex_exit(lock); }
int mutex_owned(const kmutex_t *lock) { return host_mutex_owned(lock); }
int mutex_tryenter(kmutex_t *lock) {
  if (host_mutex_owned(lock))
    return 0;
  host_mutex_enter(lock);
  return 1;
}
void cv_broadcast(kcondvar_t *cv) { host_cv_broadcast(cv); }

struct vnode *specfind(dev_t dev, vtype_t type) {
  host_specfind();
  return &device_vnode;
}
void vn_hold(struct vnode *vp) { host_vn_hold(vp); }
void vn_rele(struct vnode *vp) { host_vn_rele(vp); }
int fop_addmap(struct vnode *vp, offset_t off, struct as *as, caddr_t addr, size_t len, uchar_t prot, uchar_t maxprot,
               uint_t flags, cred_t *cred, caller_context_t *context) {
  return host_vop_addmap(vp, as, addr, len, prot, maxprot);
}
int fop_delmap(struct vnode *vp, offset_t off, struct as *as, caddr_t addr, size_t len, uint_t prot, uint_t maxprot,
               uint_t flags, cred_t *cred, caller_context_t *context) {
  return host_vop_delmap(vp, as, addr, len, prot, maxprot);
}

void hat_map(struct hat *hat, caddr_t addr, size_t len, uint_t flags) { host_hat_map(hat, addr, len); }
void hat_devload(struct hat *hat, caddr_t addr, size_t len, pfn_t pfn, uint_t attributes, int flags) {
  int throwaway = pfn == 0 && (attributes & (PROT_READ | PROT_WRITE)) == PROT_READ && !(flags & HAT_LOAD_REMAP);
  host_hat_devload(hat, addr, len, throwaway, (flags & HAT_LOAD_LOCK) != 0);
}
void hat_unlock(struct hat *hat, caddr_t addr, size_t len) { host_hat_unlock(hat, addr, len); }
void hat_unload(struct hat *hat, caddr_t addr, size_t len, uint_t flags) {
  host_hat_unload(hat, addr, len, (flags & HAT_UNLOAD_UNLOCK) != 0);
}

int HYPERVISOR_update_va_mapping_otherdomain(uintptr_t va, uint64_t entry, ulong_t flags, domid_t domid) {
  uint64_t needed = PT_VALID | PT_USER | PT_FOREIGN;
  return host_update_va_mapping(va, entry >> MMU_PAGESHIFT, (entry & needed) == needed, (entry & PT_WRITABLE) != 0,
                                domid);
}
long HYPERVISOR_grant_table_op(uint_t command, void *ops, uint_t count) {
  switch (command) {
  case GNTTABOP_map_grant_ref:
    return host_map_grant_ref(ops, count);
  case GNTTABOP_unmap_grant_ref:
    return host_unmap_grant_ref(ops, count);
  default:
    return -ENOSYS;
  }
}
int xen_map_gref(uint_t command, gnttab_map_grant_ref_t *ops, uint_t count, boolean_t user) {
  return (int)HYPERVISOR_grant_table_op(command, ops, count);
}

int as_isunmapwait(struct as *as) { return host_as_isunmapwait(as); }
void as_clrunmapwait(struct as *as) { host_as_clrunmapwait(as); }

void seg_free(struct seg *seg) { host_seg_free(seg); }
int seg_inherit_notsup(struct seg *seg, caddr_t addr, size_t len, uint_t advice) { return ENOTSUP; }

int fc_decode(faultcode_t code) {
  switch (FC_CODE(code)) {
  case FC_OBJERR:
    return FC_ERRNO(code);
  case FC_PROT:
    return EACCES;
  default:
    return EFAULT;
  }
}

_Static_assert(sizeof(struct control) <= CONTROL_BYTES, "struct control");
_Static_assert(sizeof(struct system_segment) <= SEGMENT_BYTES, "struct system_segment");

/* Once, before the first call. */
EXPORT(boot) void boot(int debug) {
  segmf_kernel_is_debug = debug;
  common_vnode = (struct vnode){VCHR, &common_snode};
  common_snode = (struct snode){&common_vnode, &common_vnode, 0};
  device_vnode = (struct vnode){VCHR, &device_snode};
  device_snode = (struct snode){&device_vnode, &common_vnode, 0};
}

/* A new segment, empty and without a driver, alone in a new address space. */
EXPORT(make_segment) struct seg *make_segment(uint_t number, caddr_t base, size_t bytes) {
  struct system_segment *new = SYSTEM_SEGMENT(number);
  new->seg = (struct seg){base, bytes, &new->as, (struct seg_ops *)0, (void *)0};
  new->live = 1;
  new->hat.hat_as = &new->as;
  new->as.a_hat = &new->hat;
  return &new->seg;
}

/* Addresses that mean something to the host, in the order in which layout.ts reads them. */
EXPORT(system_layout) const uint32_t *system_layout(void) {
  static uint32_t table[16];
  uint32_t *at = table;
  *at++ = sizeof(struct seg);
  *at++ = __builtin_offsetof(struct seg, s_ops);
  *at++ = __builtin_offsetof(struct seg, s_data);
  *at++ = __builtin_offsetof(struct system_segment, live);
  *at++ = __builtin_offsetof(struct system_segment, touched);
  *at++ = __builtin_offsetof(struct system_segment, as);
  *at++ = __builtin_offsetof(struct system_segment, as) + __builtin_offsetof(struct as, a_contents);
  *at++ = __builtin_offsetof(struct system_segment, as) + __builtin_offsetof(struct as, a_cv);
  *at++ = __builtin_offsetof(struct system_segment, hat);
  *at++ = (uint32_t)(uintptr_t)&freemem_lock;
  *at++ = (uint32_t)(uintptr_t)&foreign_ops;
  *at++ = (uint32_t)(uintptr_t)&device_vnode;
  *at++ = (uint32_t)(uintptr_t)&common_vnode;
  return table;
}

/* The host reads these structures by number (grants.ts). */
_Static_assert(sizeof(gnttab_map_grant_ref_t) == 32, "map");
_Static_assert(__builtin_offsetof(gnttab_map_grant_ref_t, flags) == 8, "map");
_Static_assert(__builtin_offsetof(gnttab_map_grant_ref_t, ref) == 12, "map");
_Static_assert(__builtin_offsetof(gnttab_map_grant_ref_t, dom) == 16, "map");
_Static_assert(__builtin_offsetof(gnttab_map_grant_ref_t, status) == 18, "map");
_Static_assert(__builtin_offsetof(gnttab_map_grant_ref_t, handle) == 20, "map");
_Static_assert(sizeof(gnttab_unmap_grant_ref_t) == 24, "unmap");
_Static_assert(__builtin_offsetof(gnttab_unmap_grant_ref_t, handle) == 16, "unmap");
_Static_assert(__builtin_offsetof(gnttab_unmap_grant_ref_t, status) == 20, "unmap");
