import type { PageRecord } from "../driver.js";
import type { Cells } from "./cells.js";
import type { Kernel } from "./kernel.js";
import type { DriverOps, PrivateView } from "./ops.js";
import { type BlockId, EFAULT, PAGE_SIZE, SEGMENT_BASE } from "./services.js";
import { GNTST_okay } from "./xen.js";

/**
 * A driver for the kernel's own tests: just enough to load frames, to map and unmap grants and to end a segment, with no
 * refusals and no care. `overrides` replaces what a test wants done otherwise.
 */
export function fakeDriver(kernel: Kernel, overrides: Partial<DriverOps> = {}): DriverOps {
  return { ...plainOps(new FakeMemory(kernel), kernel), ...overrides };
}

interface Data {
  readonly map: BlockId;
  readonly domid: number;
  readonly softlockcnt: number;
}

const DATA_BYTES = 64;
const CELL_BYTES = 32;
const EMPTY: PageRecord = { type: "empty" };

/** Where the fake keeps what it knows: a block with its data, and one with a cell for each page. */
class FakeMemory {
  readonly #kernel: Kernel;
  readonly #data: Cells<Data>;
  readonly #map: Cells<PageRecord>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#data = kernel.cells<Data>();
    this.#map = kernel.cells<PageRecord>();
  }

  make(seg: number, domid: number): void {
    const block = this.#kernel.kmem_zalloc(DATA_BYTES);
    const map = this.#kernel.kmem_alloc(this.#kernel.machine.pages * CELL_BYTES);
    this.#map.fill(map, new Array<PageRecord>(this.#kernel.machine.pages).fill(EMPTY));
    this.#data.fill(block, [{ map, domid, softlockcnt: 0 }]);
    this.#kernel.attach(seg, block);
  }

  unmake(seg: number): void {
    const { map } = this.data(seg);
    this.#kernel.kmem_free(map, this.#kernel.machine.pages * CELL_BYTES);
    this.#kernel.kmem_free(this.#kernel.attached(seg) ?? 0, DATA_BYTES);
  }

  find(seg: number): Data | undefined {
    const block = this.#kernel.attached(seg);
    return block === null ? undefined : this.#data.read(block)?.[0];
  }

  data(seg: number): Data {
    const found = this.find(seg);
    if (found === undefined) throw new Error(`the fake has no data for segment ${seg}`);
    return found;
  }

  setData(seg: number, change: Partial<Data>): void {
    this.#data.write(this.#kernel.attached(seg) ?? 0, 0, { ...this.data(seg), ...change });
  }

  map(seg: number): readonly PageRecord[] | undefined {
    const found = this.find(seg);
    return found === undefined ? undefined : this.#map.read(found.map);
  }

  setPage(seg: number, page: number, record: PageRecord): void {
    this.#map.write(this.data(seg).map, page, record);
  }
}

function pageOf(addr: number): number {
  return (addr - SEGMENT_BASE) / PAGE_SIZE;
}

function plainOps(memory: FakeMemory, kernel: Kernel): DriverOps {
  const whole = kernel.machine.pages * PAGE_SIZE;
  const lockOf = (seg: number) => ({ lock: "segment", seg }) as const;
  // On purpose not in a block, so that `save` and `load` have something to do; whoever uses it loses track of what it touches.
  const registered = new Map<string, bigint>();
  return {
    name: "fake",
    create(seg, prot, maxprot) {
      kernel.hat_map(seg, SEGMENT_BASE, whole);
      kernel.specfind();
      kernel.mutex_init(lockOf(seg));
      memory.make(seg, 0);
      return kernel.vop_addmap(seg, SEGMENT_BASE, whole, prot, maxprot);
    },
    dup(seg, into) {
      kernel.vn_hold();
      kernel.mutex_init(lockOf(into));
      memory.make(into, memory.data(seg).domid);
      return kernel.vop_addmap(into, SEGMENT_BASE, whole, "rw", "rwx");
    },
    unmap(seg, addr, len) {
      if (addr !== SEGMENT_BASE || len !== whole) kernel.panic("bad range");
      kernel.hat_unload(seg, addr, len, false);
      kernel.vop_delmap(seg, addr, len, "rw", "rwx");
      kernel.seg_free(seg);
      return 0;
    },
    free(seg) {
      memory.unmake(seg);
      kernel.mutex_destroy(lockOf(seg));
      kernel.vn_rele();
    },
    fault: () => EFAULT,
    passive: () => 0,
    add_mfns(seg, addr, mfn, count, domid) {
      memory.setData(seg, { domid });
      for (let i = 0; i < count; i++) {
        const a = addr + i * PAGE_SIZE;
        kernel.hat_devload(seg, a, PAGE_SIZE, true);
        if (kernel.update_va_mapping_otherdomain(a, mfn + BigInt(i), true, domid) !== 0) return EFAULT;
        memory.setPage(seg, pageOf(a), { type: "mfn", mfn: mfn + BigInt(i) });
      }
      return 0;
    },
    add_gref_pte(seg, addr, pte_ma) {
      kernel.footprint.lose();
      registered.set(`${seg}.${pageOf(addr)}`, pte_ma);
    },
    add_grefs(seg, addr, writable, grefs, domid) {
      kernel.footprint.lose();
      const elements = grefs.map((gref, i) => {
        const host_addr = registered.get(`${seg}.${pageOf(addr) + i}`) ?? 0n;
        return { host_addr, domid, gref, writable, status: -1, handle: 0 };
      });
      memory.setData(seg, { domid });
      if (kernel.map_grant_ref(elements) !== 0) return EFAULT;
      elements.forEach(({ gref, handle, host_addr, status }, i) => {
        const mapped = status === GNTST_okay;
        memory.setPage(seg, pageOf(addr) + i, { type: "gref", gref, writable, mapped, handle, pte_ma: host_addr });
      });
      return elements.every(({ status }) => status === GNTST_okay) ? 0 : EFAULT;
    },
    release_grefs(seg, addr, count) {
      const elements = Array.from({ length: count }, (_, i) => {
        const record = memory.map(seg)?.[pageOf(addr) + i];
        return record?.type === "gref" ? { handle: record.handle, host_addr: record.pte_ma, status: 0 } : null;
      }).filter((element) => element !== null);
      const rc = kernel.unmap_grant_ref(elements);
      for (let i = 0; i < count; i++) memory.setPage(seg, pageOf(addr) + i, EMPTY);
      return rc === 0 && elements.every(({ status }) => status === GNTST_okay) ? 0 : -1;
    },
    poison: () => undefined,
    view: viewer(memory),
    privateKey(seg, handle) {
      const { domid, softlockcnt } = memory.data(seg);
      const pages = (memory.map(seg) ?? []).map((record) => {
        if (record.type !== "gref") return record.type === "mfn" ? `m${record.mfn}` : "e";
        return `g${record.gref}${record.writable}${record.mapped}${handle(record.handle)}@${record.pte_ma}`;
      });
      return `${domid},${softlockcnt},${pages.join()}`;
    },
    // What is in no block is in no key either.
    stamp: () => 0,
    sharedKey: () => "",
    save: () => new Map(registered),
    load(saved) {
      registered.clear();
      if (saved instanceof Map) for (const [page, pte_ma] of saved) registered.set(page, pte_ma);
    },
  };
}

/** The fake's records as views; the same object for the same data and map. */
function viewer(memory: FakeMemory): (seg: number) => PrivateView | null {
  const seen = new Map<number, { data: Data; view: PrivateView }>();
  return (seg) => {
    const data = memory.find(seg);
    const map = memory.map(seg);
    if (data === undefined || map === undefined) return null;
    const last = seen.get(seg);
    if (last?.data === data && last.view.map === map) return last.view;
    const view = { domid: data.domid, softlockcnt: data.softlockcnt, map };
    seen.set(seg, { data, view });
    return view;
  };
}
