import type { ErratumShown } from "./counterexamples.js";
import type { Section } from "./document.js";
import type { Verified } from "./results/verified.js";
import { callsSection } from "./sections/calls.js";
import { chartSection } from "./sections/chart.js";
import { errataSection } from "./sections/errata.js";
import { glossarySection } from "./sections/glossary.js";
import { invariantsSection } from "./sections/invariants.js";
import { kernelSection } from "./sections/kernel.js";
import { purposeSection } from "./sections/purpose.js";
import { spaceSection } from "./sections/space.js";
import { traceabilitySection } from "./sections/traceability.js";

/** The whole documentation, from the model, what was verified, and the recorded counterexamples. The same for the same. */
export function specification(verified: Verified, errata: readonly ErratumShown[]): readonly Section[] {
  const { transitions, spaces, tests } = verified;
  const sections = [
    chartSection(),
    callsSection(transitions),
    kernelSection(),
    invariantsSection(verified, errata),
    errataSection(errata),
    spaceSection(spaces),
    traceabilitySection(tests, transitions),
    glossarySection(),
  ];
  return [purposeSection(sections), ...sections];
}
