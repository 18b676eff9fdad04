import type { Parts } from "../../impl/driver.js";
import { segmentsOf } from "../../model/context.js";
import type { SpecSnapshot } from "../../model/machine.js";
import { quiescent } from "../../model/projection.js";
import { valueKey } from "../engine/index.js";

/**
 * A quiescent state of the specification taken apart, as a driver's is (`Driver.parts`). A segment's part is the value of
 * its region and what the context has of it. The rest is what is left, regions of segments to come included, and the life of
 * each segment: that is in the segments' parts too, but named in the rest it tells whoever looks at one segment which
 * others there are. Equal parts are equal states. Null after a panic and while a call is under way.
 */
export function specificationParts(snapshot: SpecSnapshot): Parts | null {
  const { value, context, status, historyValue } = snapshot;
  const running = typeof value === "object" ? value.running : undefined;
  if (!quiescent(snapshot) || typeof running !== "object" || Object.keys(historyValue).length > 0) return null;
  const regions: Record<string, unknown> = { ...running };
  const segments = segmentsOf(context);
  const others = { underWay: context.underWay, made: context.made };
  const parts = segments.map((segment, seg) => {
    const name = `segment${seg}`;
    const part = valueKey([regions[name], segment]);
    delete regions[name];
    return part;
  });
  const lives = segments.map((segment) => segment?.stillborn ?? null);
  return { segments: parts, rest: valueKey([status, regions, others, lives]) };
}
