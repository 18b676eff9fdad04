import type { Segment } from "./segment.js";

/** Binds the segment to a domain, for good, if it is not bound (contract section 3, step 2). The segment's lock is held. */
export function bind(segment: Segment, domid: number): void {
  const { deviates, data } = segment;
  if (data.domid !== 0 && !deviates.addRebinds) return;
  segment.write({ domid });
  if (deviates.childBindsParent) for (const older of segment.older()) older.write({ domid });
}

/** The domain that an add maps from: the one that the segment is bound to. `domid`: the one that the caller named. */
export function boundDomain({ deviates, data }: Segment, domid: number): number {
  return deviates.callersDomainMapped ? domid : data.domid;
}

/** The hypervisor refused an add. The segment stays bound. */
export function stayBound(segment: Segment): void {
  if (segment.deviates.failureUnbinds) segment.write({ domid: 0 });
}
