/*
 * A small machine-frame segment driver: the part of the contract that deals with segments and frames, and no grants. It
 * tests how a C driver is compiled and driven where no other is at hand, and shows the names that every driver has to
 * have (docs/native.md).
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/debug.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/mman.h>
#include <sys/vmsystm.h>
#include <sys/vnode.h>
#include <sys/hypervisor.h>
#include <sys/fs/snode.h>
#include <vm/as.h>
#include <vm/hat.h>
#include <vm/hat_pte.h>
#include <vm/seg.h>
#include <vm/seg_mf.h>

#define SEGMF_GFLAGS_WR 1
#define SEGMF_GFLAGS_MAPPED 2

enum { SEGMF_MAP_EMPTY, SEGMF_MAP_MFN, SEGMF_MAP_GREF };

/* A page. The frame and the registered entry have words of their own. */
typedef struct {
  uint_t t_type;
  struct {
    struct {
      mfn_t m_mfn;
    } m;
    struct {
      grant_handle_t g_handle;
      uint32_t g_flags;
      uint64_t g_ptep;
      grant_ref_t g_gref;
    } g;
  } u;
} segmf_map_t;

struct segmf_data {
  kmutex_t lock;
  struct vnode *vp;
  uchar_t prot;
  uchar_t maxprot;
  domid_t domid;
  size_t softlockcnt;
  segmf_map_t *map;
};

static struct seg_ops ops;

static caddr_t address_of(struct seg *seg, pgcnt_t page) { return seg->s_base + ptob(page); }

static int is_inside(struct seg *seg, pgcnt_t page, pgcnt_t count) {
  return page <= seg_pages(seg) && count <= seg_pages(seg) - page;
}

/* Gives a new segment its data, all pages EMPTY, and maps it. The hold on `vp` becomes the segment's. */
static int attach(struct seg *seg, struct vnode *vp, uchar_t prot, uchar_t maxprot, domid_t domid) {
  struct segmf_data *data = kmem_zalloc(sizeof(*data), KM_SLEEP);
  mutex_init(&data->lock, "testdriver", MUTEX_DEFAULT, NULL);
  data->vp = vp;
  data->prot = prot;
  data->maxprot = maxprot;
  data->domid = domid;
  data->map = kmem_alloc(seg_pages(seg) * sizeof(segmf_map_t), KM_SLEEP);
  for (pgcnt_t page = 0; page < seg_pages(seg); page++)
    data->map[page] = (segmf_map_t){.t_type = SEGMF_MAP_EMPTY};
  seg->s_ops = &ops;
  seg->s_data = data;
  return VOP_ADDMAP(VTOS(vp)->s_commonvp, 0, seg->s_as, seg->s_base, seg->s_size, prot, maxprot, MAP_SHARED, CRED(),
                    NULL);
}

int segmf_create(struct seg **segp, void *args) {
  struct segmf_crargs *how = args;
  return attach(*segp, specfind(how->dev, VCHR), how->prot, how->maxprot, 0);
}

static int dup_segment(struct seg *seg, struct seg *child) {
  struct segmf_data *data = seg->s_data;
  VN_HOLD(data->vp);
  return attach(child, data->vp, data->prot, data->maxprot, data->domid);
}

static void wake_waiters(struct as *as) {
  mutex_enter(&as->a_contents);
  if (AS_ISUNMAPWAIT(as)) {
    AS_CLRUNMAPWAIT(as);
    cv_broadcast(&as->a_cv);
  }
  mutex_exit(&as->a_contents);
}

/* Counts one soft lock more or less. */
static void count_soft_lock(struct seg *seg, int by) {
  struct segmf_data *data = seg->s_data;
  mutex_enter(&freemem_lock);
  data->softlockcnt += by;
  size_t left = data->softlockcnt;
  mutex_exit(&freemem_lock);
  if (left == 0)
    wake_waiters(seg->s_as);
}

/* Makes a page EMPTY: no translation, no lock, no soft lock. What was registered for it stays. */
static void empty_page(struct seg *seg, pgcnt_t page) {
  struct segmf_data *data = seg->s_data;
  ASSERT(MUTEX_HELD(&data->lock));
  if (data->map[page].t_type != SEGMF_MAP_MFN)
    return;
  hat_unload(seg->s_as->a_hat, address_of(seg, page), PAGESIZE, HAT_UNLOAD_UNMAP | HAT_UNLOAD_UNLOCK);
  data->map[page].t_type = SEGMF_MAP_EMPTY;
  count_soft_lock(seg, -1);
}

static void empty_pages(struct seg *seg, pgcnt_t page, pgcnt_t count) {
  for (pgcnt_t i = 0; i < count; i++)
    empty_page(seg, page + i);
}

/* Maps a frame into an EMPTY page. On failure the page is EMPTY again. */
static int map_frame(struct seg *seg, pgcnt_t page, mfn_t mfn) {
  struct segmf_data *data = seg->s_data;
  caddr_t addr = address_of(seg, page);
  x86pte_t entry = mmu_ptob((x86pte_t)mfn) | PT_VALID | PT_USER | PT_FOREIGN;
  if (data->prot & PROT_WRITE)
    entry |= PT_WRITABLE;
  count_soft_lock(seg, 1);
  hat_devload(seg->s_as->a_hat, addr, PAGESIZE, 0, PROT_READ | HAT_UNORDERED_OK, HAT_LOAD_NOCONSIST | HAT_LOAD_LOCK);
  data->map[page].t_type = SEGMF_MAP_MFN;
  data->map[page].u.m.m_mfn = mfn;
  if (HYPERVISOR_update_va_mapping_otherdomain((uintptr_t)addr, entry, UVMF_INVLPG | UVMF_ALL, data->domid) == 0)
    return 0;
  empty_page(seg, page);
  return EFAULT;
}

/* Why frames of a domain may not be mapped there; 0 if they may. */
static int refusal(struct seg *seg, pgcnt_t page, pgcnt_t count, domid_t domid) {
  if (seg->s_ops != &ops)
    return EINVAL;
  struct segmf_data *data = seg->s_data;
  if (domid == 0 || domid == DOMID_SELF || (data->prot & (PROT_READ | PROT_WRITE | PROT_EXEC)) == 0)
    return EACCES;
  if (!is_inside(seg, page, count))
    return EINVAL;
  return count != 0 && data->domid != 0 && data->domid != domid ? EINVAL : 0;
}

int segmf_add_mfns(struct seg *seg, caddr_t addr, mfn_t first, pgcnt_t count, domid_t domid) {
  pgcnt_t page = seg_page(seg, addr);
  int error = refusal(seg, page, count, domid);
  if (error != 0 || count == 0)
    return error;
  struct segmf_data *data = seg->s_data;
  mutex_enter(&data->lock);
  data->domid = domid;
  empty_pages(seg, page, count);
  for (pgcnt_t i = 0; i < count && error == 0; i++)
    error = map_frame(seg, page + i, first + i);
  if (error != 0)
    empty_pages(seg, page, count);
  mutex_exit(&data->lock);
  return error;
}

void segmf_add_gref_pte(struct seg *seg, caddr_t addr, uint64_t pte_ma) {
  struct segmf_data *data = seg->s_data;
  pgcnt_t page = seg_page(seg, addr);
  if (!is_inside(seg, page, 1))
    return;
  mutex_enter(&data->lock);
  data->map[page].u.g.g_ptep = pte_ma;
  mutex_exit(&data->lock);
}

/* This driver maps no grants. */
int segmf_add_grefs(struct seg *seg, caddr_t addr, uint_t flags, grant_ref_t *refs, uint_t count, domid_t domid) {
  return EINVAL;
}

int segmf_release_grefs(struct seg *seg, caddr_t addr, uint_t count) {
  return count > SEGMF_MAX_GREFS || !is_inside(seg, seg_page(seg, addr), count) ? -1 : 0;
}

static int unmap_segment(struct seg *seg, caddr_t addr, size_t len) {
  struct segmf_data *data = seg->s_data;
  if (((uintptr_t)addr & PAGEOFFSET) != 0 || (len & PAGEOFFSET) != 0 || addr < seg->s_base ||
      addr + len > seg->s_base + seg->s_size)
    panic("unmap of %p, %lx bytes", (void *)addr, len);
  if (len != seg->s_size)
    return ENOTSUP;
  mutex_enter(&data->lock);
  empty_pages(seg, 0, seg_pages(seg));
  mutex_exit(&data->lock);
  (void)VOP_DELMAP(VTOS(data->vp)->s_commonvp, 0, seg->s_as, addr, len, data->prot, data->maxprot, MAP_SHARED, CRED(),
                   NULL);
  seg_free(seg);
  return 0;
}

static void free_segment(struct seg *seg) {
  struct segmf_data *data = seg->s_data;
  kmem_free(data->map, seg_pages(seg) * sizeof(segmf_map_t));
  VN_RELE(data->vp);
  mutex_destroy(&data->lock);
  kmem_free(data, sizeof(*data));
}

static faultcode_t fault(struct hat *hat, struct seg *seg, caddr_t addr, size_t len, enum fault_type type,
                         enum seg_rw rw) {
  return FC_MAKE_ERR(EFAULT);
}

static u_offset_t getoffset(struct seg *seg, caddr_t addr) { return addr - seg->s_base; }

static int gettype(struct seg *seg, caddr_t addr) { return MAP_SHARED; }

static struct seg_ops ops = {
    .dup = dup_segment,
    .unmap = unmap_segment,
    .free = free_segment,
    .fault = fault,
    .getoffset = getoffset,
    .gettype = gettype,
    .inherit = seg_inherit_notsup,
};
