import test from "ava";
import type { Outcome } from "../driver.js";
import { DOMID_SELF } from "../kernel/services.js";
import type { MutantId } from "./mutants.js";
import { MUTANTS } from "./mutants.js";
import type { Step } from "./testkit.js";
import {
  callTexts,
  create,
  dup,
  frames,
  grants,
  register,
  release,
  Stage,
  unmap,
  verdict,
  waiting,
} from "./testkit.js";

type Show = (stage: Stage, last: Outcome) => string;
const state: Show = (stage, last) => `${verdict(last)} | ${stage.text()}`;
const kernelState: Show = (stage, last) => {
  const { vnode, memory } = stage.driver.observe();
  return `${verdict(last)} | ${vnode.holds} ${vnode.mappedPages} | ${memory.blocks}`;
};
const calls: Show = (_, last) => `${verdict(last)} | ${callTexts(last).join("; ")}`;
/** What was held each time when softlockcnt changed, and when the call returned. */
const held: Show = (stage, last) => {
  // What changes between two moments changes after the first's kernel call and before the second's: with the second's locks.
  const changed = last.moments.filter(({ segments }, i) => {
    const before = last.moments[i - 1]?.segments[0];
    return before !== undefined && before.softlockcnt !== segments[0]?.softlockcnt;
  });
  const names = [...changed.map((moment) => moment.held), stage.driver.observe().heldLocks];
  return `${verdict(last)} | ${names.map((locks) => locks.map(({ lock }) => lock).join("+")).join("; ")}`;
};

/** A scenario that tells the corrected driver from a mutant. */
interface Case {
  readonly mutant: MutantId;
  readonly steps: readonly Step[];
  readonly show?: Show;
  readonly corrected: string;
  readonly mutated: string;
}

const GRANTED: readonly Step[] = [[create("r")], [register(0)], [grants(0, [5], { writable: true })]];

const CASES: readonly Case[] = [
  {
    mutant: "frames-do-not-advance",
    steps: [[create()], [frames(0, 2)]],
    corrected: "0 | 7 2 | m100 m101 | f100.7w f101.7w | 2",
    mutated: "0 | 7 2 | m100 m100 | f100.7w f100.7w | 2",
  },
  {
    mutant: "grants-read-only",
    steps: GRANTED,
    corrected: "0 | 7 0 | g5w#1@9000 . | g5#1.7w . | 1",
    mutated: "0 | 7 0 | g5w#1@9000 . | g5#1.7r . | 1",
  },
  {
    mutant: "refused-frame-given-back-twice",
    steps: [[create()], [frames(0, 1), -22]],
    corrected: "14 | 7 0 | . . | . . | 0",
    mutated: "14 | 7 -1 | . . | . . | 0",
  },
  {
    mutant: "add-rebinds",
    steps: [[create()], [frames(0, 1)], [frames(1, 1, { domid: 9 })]],
    corrected: "22 | 7 1 | m100 . | f100.7w . | 1",
    mutated: "0 | 9 2 | m100 m101 | f100.7w f101.9w | 2",
  },
  {
    mutant: "self-allowed",
    steps: [[create()], [frames(0, 1, { domid: DOMID_SELF })]],
    corrected: "13 | 0 0 | . . | . . | 0",
    mutated: "0 | 32752 1 | m100 . | f100.32752w . | 1",
  },
  {
    mutant: "failure-unbinds",
    steps: [[create()], [frames(0, 1), -22]],
    corrected: "14 | 7 0 | . . | . . | 0",
    mutated: "14 | 0 0 | . . | . . | 0",
  },
  {
    mutant: "callers-domain-mapped",
    steps: [[create()], [frames(0, 1)], [frames(1, 1, { domid: 9 })]],
    corrected: "22 | 7 1 | m100 . | f100.7w . | 1",
    mutated: "0 | 7 2 | m100 m101 | f100.7w f101.9w | 2",
  },
  {
    mutant: "frames-writable",
    steps: [[create("r")], [frames(0, 1)]],
    corrected: "0 | 7 1 | m100 . | f100.7r . | 1",
    mutated: "0 | 7 1 | m100 . | f100.7w . | 1",
  },
  {
    mutant: "grants-writable",
    steps: [[create()], [register(0)], [grants(0, [5])]],
    corrected: "0 | 7 0 | g5r#1@9000 . | g5#1.7r . | 1",
    mutated: "0 | 7 0 | g5r#1@9000 . | g5#1.7w . | 1",
  },
  {
    mutant: "softlock-unguarded",
    steps: [[create()], [frames(0, 1)]],
    show: held,
    corrected: "0 | segment+freemem_lock; ",
    mutated: "0 | segment; ",
  },
  {
    mutant: "wake-under-freemem-lock",
    steps: [[create()], [register(0)], [frames(0, 1)], [waiting(grants(0, [5]))]],
    show: calls,
    corrected:
      "0 | mutex_enter segment 0; hat_unload 0 0 1 true; mutex_enter freemem_lock; mutex_exit freemem_lock; " +
      "as_isunmapwait 0 true; mutex_enter a_contents 0; as_isunmapwait 0 true; as_clrunmapwait 0; cv_broadcast 0; " +
      "mutex_exit a_contents 0; map_grant_ref 0 [9000 7 5 false 0 1] 0; mutex_exit segment 0",
    mutated:
      "0 | mutex_enter segment 0; hat_unload 0 0 1 true; mutex_enter freemem_lock; " +
      "as_isunmapwait 0 true; mutex_enter a_contents 0; as_isunmapwait 0 true; as_clrunmapwait 0; cv_broadcast 0; " +
      "mutex_exit a_contents 0; mutex_exit freemem_lock; map_grant_ref 0 [9000 7 5 false 0 1] 0; mutex_exit segment 0",
  },
  {
    mutant: "lock-order-reversed",
    steps: [[create()], [release(0, 1)]],
    show: calls,
    corrected: "0 | mutex_enter segment 0; mutex_exit segment 0",
    mutated: "0 | mutex_enter freemem_lock; mutex_enter segment 0; mutex_exit segment 0; mutex_exit freemem_lock",
  },
  {
    mutant: "refusal-keeps-lock",
    steps: [[create()], [frames(2, 1)]],
    show: held,
    corrected: "22 | ",
    mutated: "22 | segment",
  },
  {
    mutant: "refusal-keeps-lock",
    steps: [[create()], [grants(0, [5])]],
    show: held,
    corrected: "22 | ",
    mutated: "22 | segment",
  },
  {
    mutant: "dup-without-hold",
    steps: [[create()], [dup()]],
    show: kernelState,
    corrected: "0 | 2 4 | 4",
    mutated: "0 | 1 4 | 4",
  },
  {
    mutant: "unmap-without-delmap",
    steps: [[create()], [unmap(2)]],
    show: kernelState,
    corrected: "0 | 0 0 | 0",
    mutated: "0 | 0 2 | 0",
  },
  {
    mutant: "free-keeps-map",
    steps: [[create()], [unmap(2)]],
    show: kernelState,
    corrected: "0 | 0 0 | 0",
    mutated: "0 | 0 0 | 1",
  },
  {
    mutant: "unmap-keeps-frames",
    steps: [[create()], [frames(0, 1)], [unmap(2)]],
    corrected: "0 | freed | . . | 0",
    mutated: "0 | freed | f100.7w . | 0",
  },
  {
    mutant: "child-binds-parent",
    steps: [[create()], [dup()], [frames(0, 1, { seg: 1 })]],
    corrected: "0 | 0 0 | . . | . . | 0",
    mutated: "0 | 7 0 | . . | . . | 0",
  },
  {
    mutant: "bound-never-unmaps",
    steps: [[create()], [frames(0, 1)], [unmap(2)]],
    corrected: "0 | freed | . . | 0",
    mutated: "48 | 7 1 | m100 . | f100.7w . | 1",
  },
];

for (const kernel of ["debug", "release"] as const) {
  for (const [index, { mutant, steps, show = state, corrected, mutated }] of CASES.entries()) {
    test(`${kernel}: ${mutant} shows (scenario ${index + 1})`, (t) => {
      const seen = (mutants: readonly MutantId[]) => {
        const stage = new Stage({ mutants, kernel, pages: 2 });
        return show(stage, stage.play(...steps));
      };
      t.is(seen([]), corrected, "corrected");
      t.is(seen([mutant]), mutated, mutant);
    });
  }
}

test("every mutant is shown by some scenario", (t) => {
  const shown = new Set(CASES.map(({ mutant }) => mutant));
  t.deepEqual([...shown].sort(), MUTANTS.map(({ id }) => id).sort());
});

test("the switch is the id in camel case", (t) => {
  for (const { id, switch: name } of MUTANTS) {
    t.is(
      name as string,
      id.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    );
  }
});
