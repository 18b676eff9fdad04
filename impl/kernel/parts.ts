import type { LiveGrant, PageTable } from "../driver.js";
import type { UnmapWait } from "./addressspace.js";
import type { Footprint } from "./footprint.js";
import { digit, grantKey, isLockThere, pteKey, segmentKey, sized, waitKey } from "./keywords.js";
import type { DriverOps } from "./ops.js";
import type { KernelState, Segment } from "./state.js";

/** What a part was made of, all of it, and what it is. Nothing of it has changed as long as it is the same objects. */
interface Known {
  readonly segment: Segment;
  readonly wait: UnmapWait;
  readonly lock: boolean;
  readonly record: string | null;
  readonly loose: string;
  readonly part: string;
}

/** A cache only: page tables are immutable. */
const tableKeys = new WeakMap<PageTable, string>();

/** Writes the part of a state's key that is one segment's. */
export class PartWriter {
  readonly #ops: Pick<DriverOps, "view" | "privateKey">;
  readonly #footprint: Footprint;
  /** By page table: each is one segment's. */
  readonly #known = new WeakMap<PageTable, Known>();
  readonly #names = new SegmentNames();

  constructor(ops: Pick<DriverOps, "view" | "privateKey">, footprint: Footprint) {
    this.#ops = ops;
    this.#footprint = footprint;
  }

  /** `null` if it takes more than what is the segment's own to say all of it. */
  part(state: KernelState, seg: number): string | null {
    const segment = state.segments[seg];
    const table = state.tables[seg];
    const wait = state.waits[seg];
    if (segment === undefined || table === undefined || wait === undefined) return null;
    this.#names.begin(seg, table, state.xen.grants);
    const record = segment.life === "freed" ? null : this.#record(seg);
    if (record === null && segment.life !== "freed") return null;
    const lock = isLockThere(state, seg);
    const loose = this.#names.loose();
    const known = this.#known.get(table);
    if (
      known !== undefined &&
      known.segment === segment &&
      known.wait === wait &&
      known.lock === lock &&
      known.record === record &&
      known.loose === loose
    ) {
      return known.part;
    }
    const own = `${segmentKey(segment, seg)}${digit(lock)}${waitKey(wait)}`;
    const part = `${tableKey(table)};${own};${record === null ? "" : sized(record)};${loose}`;
    this.#known.set(table, { segment, wait, lock, record, loose, part });
    return part;
  }

  /** The driver's record of a live segment; `null` if there is none, or it is not of the segment alone. */
  #record(seg: number): string | null {
    this.#footprint.begin();
    const record = this.#ops.view(seg) === null ? null : this.#ops.privateKey(seg, this.#names.rename);
    const touched = this.#footprint.end();
    if (touched === null || this.#names.metForeign) return null;
    for (const other of touched) if (other !== seg) return null;
    return record;
  }
}

function tableKey(table: PageTable): string {
  let key = tableKeys.get(table);
  if (key === undefined) {
    key = "";
    for (const pte of table.ptes) key += `${pteKey(pte)},`;
    key += `${table.locks},${table.callerLocks}`;
    tableKeys.set(table, key);
  }
  return key;
}

/**
 * The names of one segment's grants: the page whose PTE a grant is; for one that has lost its PTE (which is loose) how many
 * such there were in the driver's record before it.
 */
class SegmentNames {
  /** Did the record name a live grant of another segment? */
  metForeign = false;
  #seg = 0;
  #table: PageTable | null = null;
  #grants: readonly LiveGrant[] = [];
  #named: LiveGrant[] = [];

  begin(seg: number, table: PageTable, grants: readonly LiveGrant[]): void {
    this.metForeign = false;
    this.#seg = seg;
    this.#table = table;
    this.#grants = grants;
    if (this.#named.length > 0) this.#named = [];
  }

  /** The canonical name of a handle; all handles that are not live have one name. */
  readonly rename = (handle: number): string => {
    const grant = this.#grants.find((live) => live.handle === handle);
    if (grant === undefined) return "dead";
    if (grant.seg !== this.#seg) this.metForeign = true;
    if (!this.#isLoose(grant)) return `p${grant.page}`;
    if (!this.#named.includes(grant)) this.#named.push(grant);
    return `q${this.#named.indexOf(grant)}`;
  };

  /** The segment's grants that have no PTE: those that have a name in the order of names, then the others. */
  loose(): string {
    let others: string[] | null = null;
    for (const grant of this.#grants) {
      if (grant.seg !== this.#seg || !this.#isLoose(grant) || this.#named.includes(grant)) continue;
      others ??= [];
      others.push(grantKey(grant));
    }
    if (others === null && this.#named.length === 0) return "";
    return `${this.#named.map(grantKey).join()}/${(others ?? []).sort().join()}`;
  }

  #isLoose({ page, handle }: LiveGrant): boolean {
    const pte = this.#table?.ptes[page];
    return pte?.kind !== "grant" || pte.handle !== handle;
  }
}
