import type { LiveGrant, PageTable } from "../driver.js";
import type { UnmapWait } from "./addressspace.js";
import type { Footprint } from "./footprint.js";
import { digit, grantKey, isLockThere, segmentKey as keyOfSegment, pteKey, sized, waitKey } from "./keywords.js";
import type { DriverOps, PrivateView } from "./ops.js";
import type { KernelState, Segment } from "./state.js";

/** What a part was made of, all of it, and what it is. Nothing of it has changed as long as it is the same objects. */
interface Known {
  readonly table: PageTable;
  readonly grants: readonly LiveGrant[];
  readonly view: PrivateView | null;
  /** The driver's, then. */
  readonly stamp: number;
  readonly tableKey: string;
  readonly segment: Segment;
  readonly segmentKey: string;
  readonly wait: UnmapWait;
  readonly lock: boolean;
  readonly record: string | null;
  readonly loose: string;
  readonly part: string;
}

/** By segment number. Immutable, and true of any state: what a part was made of says whether it can be used. */
export type KnownParts = readonly (Known | undefined)[];

/** Writes the part of a state's key that is one segment's. */
export class PartWriter {
  readonly #ops: Pick<DriverOps, "view" | "privateKey" | "stamp">;
  readonly #footprint: Footprint;
  /** What was written last, or of the state that was restored since. */
  known: KnownParts = [];
  readonly #names = new SegmentNames();

  constructor(ops: Pick<DriverOps, "view" | "privateKey" | "stamp">, footprint: Footprint) {
    this.#ops = ops;
    this.#footprint = footprint;
  }

  /** `null` if it takes more than what is the segment's own to say all of it. */
  part(state: KernelState, seg: number): string | null {
    const segment = state.segments[seg];
    const table = state.tables[seg];
    const wait = state.waits[seg];
    if (segment === undefined || table === undefined || wait === undefined) return null;
    const { grants } = state.xen;
    const stamp = this.#ops.stamp();
    const view = segment.life === "freed" ? null : this.#ops.view(seg);
    const lock = isLockThere(state, seg);
    const known = this.known[seg];
    const sameTable = known?.table === table;
    const sameSegment = known?.segment === segment;
    const same = sameTable && sameSegment && known.wait === wait && known.lock === lock ? known : null;
    if (same?.grants === grants && same.view === view && same.stamp === stamp) return same.part;
    this.#names.begin(seg, table, grants);
    const record = segment.life === "freed" ? null : this.#record(seg);
    if (record === null && segment.life !== "freed") return null;
    const loose = this.#names.loose();
    if (same?.record === record && same.loose === loose) return same.part;
    const tableKey = sameTable ? known.tableKey : keyOfTable(table);
    const segmentKey = sameSegment ? known.segmentKey : keyOfSegment(segment, seg);
    const ofRecord = record === null ? "" : sized(record);
    const part = `${tableKey};${segmentKey}${digit(lock)}${waitKey(wait)};${ofRecord};${loose}`;
    this.#know(seg, { table, segment, wait, lock, grants, view, stamp, record, loose, tableKey, segmentKey, part });
    return part;
  }

  #know(seg: number, known: Known): void {
    const all = this.known.slice();
    all[seg] = known;
    this.known = all;
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

function keyOfTable({ ptes, locks, callerLocks }: PageTable): string {
  let key = "";
  for (const pte of ptes) key += `${pteKey(pte)},`;
  return `${key}${locks},${callerLocks}`;
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
