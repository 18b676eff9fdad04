import { ERRATA } from "../../impl/segmf/errata.js";
import { escapeUnprintable } from "../../traces/json/value.js";
import { stepText } from "../../traces/scenario/text.js";
import type { Finding } from "../conformance/findings.js";
import { FIELD_MAX_GREFS } from "../conformance/run.js";
import { commandLine, type DriverChoice } from "./command.js";
import { counted, hanging, type Style } from "./style.js";

/** How a finding can be seen again: the driver, and the file it was written to, which `segmf run` may be able to read. */
export interface Replay {
  readonly choice: DriverChoice;
  readonly file: string;
  readonly replayed: boolean;
}

/** A finding for people: its cause, a shortest sequence of calls that shows it, what that breaks, how to see it again. */
export function findingText(
  finding: Finding,
  index: number,
  { where = null, replay }: { readonly where?: string | null; readonly replay: Replay | null },
  style: Style,
): string {
  const { name, cause, pages, maxGrefs, steps, breaches, panic, edges } = finding;
  const titles = ERRATA.filter(({ id }) => cause.includes(id)).map(({ title }) => hanging("   ", title));
  const limit = maxGrefs === FIELD_MAX_GREFS ? "" : ` and SEGMF_MAX_GREFS ${maxGrefs}`;
  return [
    hanging(`${index}. `, style.bold(name)),
    ...titles,
    hanging("   ", style.dim(`at ${counted(pages, "page")}${limit}; ${counted(edges, "edge")} of this cause`)),
    ...steps.map((step, i) => hanging(`   ${i + 1}. `, stepText(step))),
    ...violationLines(panic, breaches, style),
    where === null ? "" : hanging("   ", style.dim(`last call of the kernel: ${escapeUnprintable(where)}`)),
    replay === null ? "" : `   ${replayText(finding, replay)}\n`,
  ].join("");
}

/** What a violating step shows: the kernel's panic if there was one, and each invariant broken. */
export function violationLines(
  panic: string | null,
  breaches: readonly { readonly invariant: string; readonly detail: string }[],
  style: Style,
): readonly string[] {
  const panicked = panic === null ? [] : [hanging("   ", `${style.red("panic:")} ${panic}`)];
  return [
    ...panicked,
    ...breaches.map(({ invariant, detail }) => hanging("   ", `${style.red(`${invariant}:`)} ${detail}`)),
  ];
}

function replayText({ maxGrefs }: Finding, { file, choice, replayed }: Replay): string {
  if (!replayed) return `written to: ${escapeUnprintable(file)}`;
  const limit = maxGrefs === FIELD_MAX_GREFS ? [] : ["--max-grefs", String(maxGrefs)];
  return `again: ${commandLine(["run", file, ...limit], choice)}`;
}
