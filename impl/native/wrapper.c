/*
 * Includes the driver as it is, and lets the host in: entry points that take plain words, and where the driver's private
 * names lie. Each line that needs a private name says so in a comment; where the line doesn't compile, that is the name
 * the file lacks (docs/native.md).
 */
#include DRIVER_FILE

#include <sys/types.h>
#include <vm/seg.h>
#include <vm/seg_mf.h>

#define NATIVE_EXPORT(name) __attribute__((export_name(#name)))

NATIVE_EXPORT(create) int native_create(struct seg *seg, int prot, int maxprot) {
  struct segmf_crargs args = {.dev = 1, .prot = prot, .maxprot = maxprot};
  return segmf_create(&seg, &args);
}
NATIVE_EXPORT(add_mfns) int native_add_mfns(struct seg *seg, caddr_t addr, uint64_t first, uint_t count, uint_t domid) {
  return segmf_add_mfns(seg, addr, first, count, domid);
}
NATIVE_EXPORT(add_gref_pte) void native_add_gref_pte(struct seg *seg, caddr_t addr, uint64_t pte_ma) {
  segmf_add_gref_pte(seg, addr, pte_ma);
}
NATIVE_EXPORT(add_grefs)
int native_add_grefs(struct seg *seg, caddr_t addr, int writable, uint32_t *refs, uint_t count, uint_t domid) {
  return segmf_add_grefs(seg, addr, writable ? SEGMF_GREF_WR : 0, refs, count, domid);
}
NATIVE_EXPORT(release_grefs) int native_release_grefs(struct seg *seg, caddr_t addr, uint_t count) {
  return segmf_release_grefs(seg, addr, count);
}

#define NATIVE_FIELD(type, member) __builtin_offsetof(type, member), sizeof(((type *)0)->member)
#define NATIVE_SAME(a, b) _Static_assert(__builtin_types_compatible_p(__typeof__(a), __typeof__(b)), "type")

NATIVE_SAME(((struct segmf_data *)0)->map, (segmf_map_t *)0); /* name: struct segmf_data.map, a segmf_map_t * */

/* In the order in which layout.ts reads them. */
static const uint32_t native_names[] = {
    sizeof(struct segmf_data), /* name: struct segmf_data */
    NATIVE_FIELD(struct segmf_data, domid), /* name: struct segmf_data.domid */
    NATIVE_FIELD(struct segmf_data, softlockcnt), /* name: struct segmf_data.softlockcnt */
    NATIVE_FIELD(struct segmf_data, map), /* name: struct segmf_data.map, a segmf_map_t * */
    sizeof(segmf_map_t), /* name: segmf_map_t */
    NATIVE_FIELD(segmf_map_t, t_type), /* name: segmf_map_t.t_type */
    NATIVE_FIELD(segmf_map_t, u.m.m_mfn), /* name: segmf_map_t.u.m.m_mfn */
    NATIVE_FIELD(segmf_map_t, u.g.g_ptep), /* name: segmf_map_t.u.g.g_ptep */
    NATIVE_FIELD(segmf_map_t, u.g.g_gref), /* name: segmf_map_t.u.g.g_gref */
    NATIVE_FIELD(segmf_map_t, u.g.g_flags), /* name: segmf_map_t.u.g.g_flags */
    NATIVE_FIELD(segmf_map_t, u.g.g_handle), /* name: segmf_map_t.u.g.g_handle */
    SEGMF_MAP_EMPTY, /* name: SEGMF_MAP_EMPTY */
    SEGMF_MAP_MFN, /* name: SEGMF_MAP_MFN */
    SEGMF_MAP_GREF, /* name: SEGMF_MAP_GREF */
    SEGMF_GFLAGS_WR, /* name: SEGMF_GFLAGS_WR */
    SEGMF_GFLAGS_MAPPED, /* name: SEGMF_GFLAGS_MAPPED */
};
NATIVE_EXPORT(driver_layout) const uint32_t *driver_layout(void) { return native_names; }
