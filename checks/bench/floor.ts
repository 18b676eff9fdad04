import type { BenchReport } from "./measure.js";
import { ratio } from "./result.js";
import { find } from "./timing.js";

/**
 * How many times as long as the engine its peers took when it was recorded, in one warm process, by what was explored and by whom;
 * and the share of that below which something has become slower than chance explains. Only of large sizes are
 * ratios recorded: those of what takes milliseconds come out otherwise each time.
 */
export interface Floor {
  readonly share: number;
  readonly ratios: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** One recorded ratio beside what was measured; null if it was not. */
export interface Standing {
  readonly what: string;
  readonly by: string;
  readonly recorded: number;
  readonly least: number;
  readonly measured: number | null;
  readonly holds: boolean;
}

/** Each recorded ratio beside the best that was measured in some runs: what disturbs a run makes it worse or better by chance. */
export function standings({ share, ratios }: Floor, runs: readonly BenchReport[]): readonly Standing[] {
  return Object.entries(ratios).flatMap(([what, peers]) =>
    Object.entries(peers).map(([by, recorded]) => {
      const all = runs.flatMap((run) => ratioIn(run, what, by) ?? []);
      const measured = all.length === 0 ? null : Math.max(...all);
      const least = recorded * share;
      return { what, by, recorded, least, measured, holds: measured !== null && measured >= least };
    }),
  );
}

function ratioIn({ cases }: BenchReport, what: string, by: string): number | null {
  const warm = cases.flatMap(({ name, rows }) => (name === "peers" ? rows.filter(({ how }) => how === "warm") : []));
  return ratio(find(warm, what, by), find(warm, what, "engine"));
}

/** A line for each. */
export function floorText(all: readonly Standing[]): string {
  return all
    .map(({ what, by, recorded, least, measured, holds }) => {
      const now = measured === null ? "was not measured" : `takes ${times(measured)} as long as the engine`;
      return `${holds ? "holds" : "BELOW"}  ${what}: ${by} ${now} (recorded ${times(recorded)}, at least ${times(least)})\n`;
    })
    .join("");
}

function times(ratioOf: number): string {
  return `${ratioOf.toFixed(1)}x`;
}
