import type { Parts } from "../../impl/driver.js";
import { segmentOf, segmentsOf } from "../../model/context.js";
import type { SpecView } from "../../model/machine.js";
import { quiescent } from "../../model/projection.js";
import { valueKey } from "../engine/index.js";

/**
 * A quiescent state of the specification taken apart, as a driver's is (`Driver.parts`). A segment's part is the value of
 * its region and what the context has of it. The rest is what is left, regions of segments to come included, and the life of
 * each segment: that is in the segments' parts too, but named in the rest it tells whoever looks at one segment which
 * others there are. Equal parts are equal states. Null after a panic and while a call is under way.
 */
export function specificationParts(snapshot: SpecView): Parts | null {
  const rest = specificationRest(snapshot);
  if (rest === null) return null;
  return { segments: segmentsOf(snapshot.context).map((_, seg) => specificationPart(snapshot, seg)), rest };
}

/** The part of one segment, of a state that comes apart. */
export function specificationPart(snapshot: SpecView, seg: number): string {
  return valueKey([regionsOf(snapshot)?.[regionOf(seg)], segmentOf(snapshot.context, seg)]);
}

/** What is left; null of a state that does not come apart. */
export function specificationRest(snapshot: SpecView): string | null {
  const regions = regionsOf(snapshot);
  if (!quiescent(snapshot) || regions === null || Object.keys(snapshot.historyValue).length > 0) return null;
  const { context, status } = snapshot;
  const segments = segmentsOf(context);
  const own = new Set(segments.map((_, seg) => regionOf(seg)));
  const left = Object.keys(regions).flatMap((name) => (own.has(name) ? [] : [[name, regions[name]]]));
  const lives = segments.map((segment) => segment?.stillborn ?? null);
  return valueKey([status, left, { underWay: context.underWay, made: context.made }, lives]);
}

function regionsOf({ value }: SpecView): Readonly<Record<string, unknown>> | null {
  const running = typeof value === "object" ? value.running : undefined;
  return typeof running === "object" ? running : null;
}

function regionOf(seg: number): string {
  return `segment${seg}`;
}
