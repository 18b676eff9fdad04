import type { KernelKind } from "../../impl/driver.js";
import { loadPlaced, type Offsets, type Place } from "../../impl/native/index.js";
import { answersOf } from "../../traces/scenario/script.js";
import type { Finding } from "./findings.js";

export type { Place } from "../../impl/native/index.js";

/** For each step of a counterexample where in the C file it last called the kernel; `null` if it did not. */
export type Places = readonly (Place | null)[];

/** Where a counterexample ends: the last of its places. */
export function endOf(places: Places): Place | null {
  return places.findLast((place) => place !== null) ?? null;
}

/** Makes the calls of counterexamples once more, by the same C file with debug information, to see where they pass. */
export async function placesOf(
  path: string,
  kernel: KernelKind,
  findings: readonly Finding[],
): Promise<readonly Places[]> {
  const all: Places[] = [];
  for (const maxGrefs of new Set(findings.map((finding) => finding.maxGrefs))) {
    const module = await loadPlaced(path, maxGrefs);
    const own = findings.map((finding): readonly Offsets[] => {
      if (finding.maxGrefs !== maxGrefs) return [];
      const { driver, lastCall } = module.open({ kernel, pages: finding.pages, maxGrefs });
      return finding.steps.map((step) => {
        driver.perform(step.call, answersOf(step));
        return lastCall();
      });
    });
    const places = await module.places(own.flat());
    let at = 0;
    for (const [number, calls] of own.entries()) {
      if (calls.length > 0) all[number] = places.slice(at, at + calls.length);
      at += calls.length;
    }
  }
  return findings.map((_finding, number) => all[number] ?? []);
}
