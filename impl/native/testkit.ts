import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Call, Driver, Machine, Outcome } from "../driver.js";
import { scripted } from "../kernel/answers.js";
import { nativeDriver } from "./driver.js";
import type { LoadOptions } from "./load.js";
import { loadNative } from "./load.js";
import type { NativeModule } from "./module.js";

/** For the tests of this room. */

/** The root of the project; this module is `dist/impl/native/testkit.js`. */
const ROOT = new URL("../../../", import.meta.url);

export const TEST_DRIVER = fileURLToPath(new URL("impl/native/testdriver/testdriver.c", ROOT));

/** Where illumos's own driver is when nobody says: beside a checkout of the project. */
export const NEIGHBOUR_SEED = fileURLToPath(new URL("../shared/seed/seg_mf.c", ROOT));

export const RELEASE: Machine = { kernel: "release", pages: 3, maxGrefs: 16 };
export const DEBUG: Machine = { ...RELEASE, kernel: "debug" };

/** Runs `use` with a new empty folder that is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "segmf-test-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Compiles a text as if it were a file named `seg_mf.c`. */
export function compileText(text: string, options?: LoadOptions): Promise<NativeModule> {
  return withFolder(async (folder) => {
    const path = join(folder, "seg_mf.c");
    await writeFile(path, text);
    return loadNative(path, RELEASE, options);
  });
}

export function perform(driver: Driver, call: Call, ...answers: number[]): Outcome {
  return driver.perform(call, scripted(answers));
}

export const CREATE: Call = { call: "create", seg: 0, prot: "rw", maxprot: "rwx" };

/** A driver with segment 0 created. */
export function withSegment(module: NativeModule, machine: Machine = RELEASE): Driver {
  const driver = nativeDriver(module, machine);
  perform(driver, CREATE);
  return driver;
}

/** The private names that every driver has to have, in the simplest form. */
export const PRIVATE_NAMES = `
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/cmn_err.h>
#include <sys/debug.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/mman.h>
#include <sys/vmsystm.h>
#include <sys/hypervisor.h>
#include <sys/fs/snode.h>
#include <vm/as.h>
#include <vm/hat.h>
#include <vm/hat_pte.h>
#include <vm/seg_mf.h>
#define SEGMF_GFLAGS_WR 1
#define SEGMF_GFLAGS_MAPPED 2
enum { SEGMF_MAP_EMPTY, SEGMF_MAP_MFN, SEGMF_MAP_GREF };
typedef struct {
  int t_type;
  union {
    struct { mfn_t m_mfn; } m;
    struct { uint64_t g_ptep; grant_ref_t g_gref; uint32_t g_flags; grant_handle_t g_handle; } g;
  } u;
} segmf_map_t;
struct segmf_data {
  kmutex_t lock;
  kmutex_t other_lock;
  struct vnode *vp;
  size_t softlockcnt;
  domid_t domid;
  segmf_map_t *map;
};
`;

/**
 * A driver for looking at the kernel and the checks on memory: `release_grefs` runs `probes`, which find `seg`, `data`,
 * `map` and `count` and return a number. `add_gref_pte` writes the page's cell: type, flags, handle, reference and address
 * are the bits from 60, 32, 24, 16 and 0 on.
 */
export function probeDriver(probes: string, declarations = ""): string {
  return `${PRIVATE_NAMES}${declarations}
static struct seg_ops ops;
static segmf_map_t *new_map(struct seg *seg) {
  size_t bytes = seg_pages(seg) * sizeof(segmf_map_t);
  segmf_map_t *map = kmem_alloc(bytes, KM_SLEEP);
  for (size_t i = 0; i < seg_pages(seg); i++) map[i].t_type = SEGMF_MAP_EMPTY;
  return map;
}
int segmf_create(struct seg **segp, void *args) {
  struct segmf_data *data = kmem_zalloc(sizeof(*data), KM_SLEEP);
  data->vp = specfind(0, VCHR);
  data->map = new_map(*segp);
  (*segp)->s_ops = &ops;
  (*segp)->s_data = data;
  return 0;
}
static int dup_segment(struct seg *seg, struct seg *child) {
  return segmf_create(&child, NULL);
}
static void free_segment(struct seg *seg) {
  struct segmf_data *data = seg->s_data;
  kmem_free(data->map, seg_pages(seg) * sizeof(segmf_map_t));
  kmem_free(data, sizeof(*data));
}
static int unmap_segment(struct seg *seg, caddr_t addr, size_t len) {
  seg_free(seg);
  return 0;
}
static size_t incore(struct seg *seg, caddr_t addr, size_t len, char *vector) {
  for (size_t i = 0; i <= btopr(len); i++) vector[i] = 1;
  return len;
}
static struct seg_ops ops = {
  .dup = dup_segment, .free = free_segment, .unmap = unmap_segment, .incore = incore,
};
int segmf_add_mfns(struct seg *seg, caddr_t addr, mfn_t first, pgcnt_t count, domid_t domid) { return 0; }
int segmf_add_grefs(struct seg *seg, caddr_t addr, uint_t flags, grant_ref_t *refs, uint_t count, domid_t domid) {
  return 0;
}
void segmf_add_gref_pte(struct seg *seg, caddr_t addr, uint64_t pte_ma) {
  struct segmf_data *data = seg->s_data;
  segmf_map_t *cell = &data->map[seg_page(seg, addr)];
  cell->t_type = pte_ma >> 60;
  cell->u.g.g_ptep = pte_ma & 0xffff;
  cell->u.g.g_gref = (pte_ma >> 16) & 0xff;
  cell->u.g.g_handle = (pte_ma >> 24) & 0xff;
  cell->u.g.g_flags = (pte_ma >> 32) & 0xff;
}
int segmf_release_grefs(struct seg *seg, caddr_t addr, uint_t count) {
  struct segmf_data *data = seg->s_data;
  segmf_map_t *map = data->map;
  ${probes}
  return -1;
}
`;
}
