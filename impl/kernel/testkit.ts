import type { AnswerSource, KernelKind, Outcome, PageTable } from "../driver.js";
import { allSuccess } from "./answers.js";
import { Kernel } from "./kernel.js";
import { addSegment } from "./machineroom.js";
import { KernelPanic } from "./panic.js";

/** For the kernel's own tests: a kernel with some segments that a call is under way on, driven without a driver. */
export interface Scene {
  readonly kernel?: KernelKind;
  readonly pages?: number;
  readonly segments?: number;
  /** The segment under call. */
  readonly seg?: number;
  readonly releasing?: boolean;
  readonly answers?: AnswerSource;
}

export const PAGES = 3;

/** A kernel in the midst of a call; by default a DEBUG one with one segment of `PAGES` pages. */
export function kernelUnderCall(scene: Scene = {}): Kernel {
  const pages = scene.pages ?? PAGES;
  const kernel = new Kernel({ kernel: scene.kernel ?? "debug", pages, maxGrefs: 16 });
  for (let i = 0; i < (scene.segments ?? 1); i++) kernel.state = addSegment(kernel.state, pages, "rw", "rwx");
  kernel.begin(scene.seg ?? 0, scene.releasing ?? false, scene.answers ?? allSuccess);
  return kernel;
}

/** The reason for which the kernel panics during `act`; `null` if it does not. Anything else thrown is thrown on. */
export function panicOf(act: () => void): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof KernelPanic) return error.reason;
    throw error;
  }
}

/** Ends the call under way. */
export function outcomeOf(kernel: Kernel): Outcome {
  return kernel.end(null);
}

/** The page table over a segment that is there. */
export function tableOf(kernel: Kernel, seg = 0): PageTable {
  const table = kernel.state.tables[seg];
  if (table === undefined) throw new Error(`no segment ${seg}`);
  return table;
}
