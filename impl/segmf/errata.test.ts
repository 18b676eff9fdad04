import test from "ava";
import type { KernelKind, Outcome } from "../driver.js";
import { PanicReason } from "../kernel/panic.js";
import { ILLUMOS } from "./edition.js";
import type { ErratumId } from "./errata.js";
import { ERRATA, isErratumId } from "./errata.js";
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
const childState: Show = (stage, last) => `${verdict(last)} | ${stage.text(1)}`;
const liveGrants: Show = (stage, last) => `${verdict(last)} | ${stage.grants()}`;
const waits: Show = (stage, last) => `${verdict(last)} | ${stage.driver.observe().waiting[0]}`;
const calls: Show = (_, last) => `${verdict(last)} | ${callTexts(last).join("; ")}`;

/** A scenario that tells the corrected driver from itself with one erratum, and what can be seen at its end. */
interface Case {
  readonly erratum: ErratumId;
  readonly maxGrefs?: number;
  readonly steps: readonly Step[];
  readonly show?: Show;
  readonly corrected: string;
  readonly alone: string;
  /** Where a release kernel shows something else. */
  readonly release?: string;
}

const GRANTED: readonly Step[] = [[create()], [register(0)], [grants(0, [5])]];
const REGISTERED: readonly Step[] = [[create()], [register(0)], [register(1)]];

const CASES: readonly Case[] = [
  {
    erratum: "dup-copies-map",
    steps: [...GRANTED, [frames(1, 1)], [dup()]],
    show: childState,
    corrected: "0 | 7 0 | . . | . . | 0",
    alone: "0 | 7 0 | g5r#1@9000 m101 | . . | 0",
  },
  {
    erratum: "dup-copies-map",
    steps: [...GRANTED, [dup()], [release(0, 1, 1)]],
    corrected: "0 | 7 0 | g5r#1@9000 . | g5#1.7r . | 1",
    alone: "0 | 7 0 | g5r#1@9000 . | . . | 1",
  },
  {
    erratum: "dup-copies-map",
    steps: [[create()], [register(0)], [dup()], [grants(0, [5], { seg: 1 })]],
    show: childState,
    corrected: "22 | 0 0 | . . | . . | 0",
    alone: "14 | 7 0 | . . | . . | 0",
  },
  {
    erratum: "unmap-leaks-grants",
    steps: [...GRANTED, [unmap(2)]],
    show: liveGrants,
    corrected: "0 | ",
    alone: "0 | 1:5@0.0",
  },
  {
    erratum: "unmap-unlocks-all",
    steps: [...GRANTED, [unmap(2)]],
    corrected: "0 | freed | . . | 0",
    alone: `${PanicReason.unloadNoLock} | 7 0 | g5r#1@9000 . | g5#1.7r . | 0`,
    release: "0 | freed | . . | -1",
  },
  {
    erratum: "unmap-no-wake",
    steps: [[create()], [frames(0, 1)], [waiting(unmap(2))]],
    show: waits,
    corrected: "0 | false",
    alone: "0 | true",
  },
  {
    erratum: "pte-range-unchecked",
    steps: [[create()], [register(2)]],
    corrected: "null | 0 0 | . . | . . | 0",
    alone: `${PanicReason.writeOutside} | 0 0 | . . | . . | 0`,
  },
  {
    erratum: "registration-in-place",
    steps: [...GRANTED, [register(0, 0xdead000n)]],
    corrected: "null | 7 0 | g5r#1@9000 . | g5#1.7r . | 1",
    alone: "null | 7 0 | g5r#1@dead000 . | g5#1.7r . | 1",
  },
  {
    erratum: "registration-in-place",
    steps: [...GRANTED, [register(0, 0xdead000n)], [release(0, 1)]],
    show: liveGrants,
    corrected: "0 | ",
    alone: "-1 | 1:5@0.0",
  },
  {
    erratum: "registration-in-place",
    steps: [[create()], [register(0)]],
    show: calls,
    corrected: "null | mutex_enter segment 0; mutex_exit segment 0",
    alone: "null | ",
  },
  {
    erratum: "word-shared",
    steps: [[create()], [register(0)], [frames(0, 1)], [grants(0, [5])]],
    corrected: "0 | 7 0 | g5r#1@9000 . | g5#1.7r . | 1",
    alone: "14 | 7 0 | . . | . . | 1",
  },
  {
    erratum: "word-shared",
    steps: [[create()], [frames(0, 1)], [register(0)]],
    corrected: "null | 7 1 | m100 . | f100.7w . | 2",
    alone: "null | 7 1 | m9000 . | f100.7w . | 2",
  },
  {
    erratum: "bound-check-early",
    steps: [[create()], [frames(0, 1)], [frames(0, 0, { domid: 9 })]],
    corrected: "0 | 7 1 | m100 . | f100.7w . | 1",
    alone: "22 | 7 1 | m100 . | f100.7w . | 1",
  },
  {
    erratum: "bound-check-early",
    maxGrefs: 1,
    steps: [...REGISTERED, [frames(0, 1)], [grants(0, [5, 6], { domid: 9 })]],
    corrected: "14 | 7 1 | m100 . | f100.7w t | 3",
    alone: "22 | 7 1 | m100 . | f100.7w t | 3",
  },
  {
    erratum: "mfn-noprot-late",
    steps: [[create("none")], [frames(0, 1)]],
    corrected: "13 | 0 0 | . . | . . | 0",
    alone: "13 | 7 0 | . . | . . | 0",
  },
  {
    erratum: "gref-noprot-unchecked",
    steps: [[create("none")], [register(0)], [grants(0, [5])]],
    corrected: "13 | 0 0 | . . | t . | 1",
    alone: "0 | 7 0 | g5r#1@9000 . | g5#1.7r . | 1",
  },
  {
    erratum: "mfn-range-unchecked",
    steps: [[create()], [frames(1, 2)]],
    corrected: "22 | 0 0 | . . | . . | 0",
    alone: `${PanicReason.writeOutside} | 7 0 | . m101 | . . | 0`,
  },
  {
    erratum: "gref-range-unchecked",
    steps: [...REGISTERED, [grants(1, [5, 6])]],
    corrected: "22 | 0 0 | . . | t t | 2",
    alone: `${PanicReason.writeOutside} | 7 0 | . g5r?@9008 | t t | 2`,
  },
  {
    erratum: "release-range-unchecked",
    steps: [...GRANTED, [release(0, 3)]],
    corrected: "-1 | 7 0 | g5r#1@9000 . | g5#1.7r . | 1",
    alone: "0 | 7 0 | . . | . . | 1",
  },
  {
    erratum: "gref-limit-late",
    maxGrefs: 1,
    steps: [...REGISTERED, [grants(0, [5], { domid: 7 })], [grants(0, [5, 6])]],
    corrected: "14 | 7 0 | g5r#1@9000 . | g5#1.7r t | 2",
    alone: "14 | 7 0 | . . | . t | 2",
  },
  {
    erratum: "mfn-zero-binds",
    steps: [[create()], [frames(0, 0)]],
    corrected: "0 | 0 0 | . . | . . | 0",
    alone: "0 | 7 0 | . . | . . | 0",
  },
  {
    erratum: "gref-zero-undefined",
    steps: [[create()], [grants(0, [])]],
    corrected: "0 | 0 0 | . . | . . | 0",
    alone: `${PanicReason.assertion} | 7 0 | . . | . . | 0`,
    release: "14 | 7 0 | . . | . . | 0",
  },
  {
    erratum: "gref-zero-undefined",
    steps: [...GRANTED, [grants(0, [])]],
    show: calls,
    corrected: "0 | mutex_enter segment 0; mutex_exit segment 0",
    alone: "14 | mutex_enter segment 0; map_grant_ref 0 [] 0; mutex_exit segment 0",
  },
  {
    erratum: "unregistered-unchecked",
    steps: [[create()], [grants(0, [5])]],
    show: calls,
    corrected: "22 | mutex_enter segment 0; mutex_exit segment 0",
    alone: "14 | mutex_enter segment 0; map_grant_ref 0 [baddcafebaddcafe 7 5 false -5 null] 0; mutex_exit segment 0",
  },
  {
    erratum: "mfn-redefine-no-teardown",
    steps: [[create()], [frames(0, 1)], [frames(0, 1, { mfn: 0x200 })]],
    corrected: "0 | 7 1 | m200 . | f200.7w . | 1",
    alone: `${PanicReason.devloadRemap} | 7 2 | m200 . | f100.7w . | 2`,
  },
  {
    erratum: "gref-redefine-no-teardown",
    steps: [[create()], [register(0)], [frames(0, 1)], [grants(0, [5])]],
    corrected: "0 | 7 0 | g5r#1@9000 . | g5#1.7r . | 1",
    alone: "0 | 7 1 | g5r#1@9000 . | g5#1.7r . | 2",
  },
  {
    erratum: "gref-redefine-no-teardown",
    steps: [...GRANTED, [grants(0, [6])]],
    show: liveGrants,
    corrected: "0 | 2:6@0.0",
    alone: "0 | 1:5@0.0 2:6@0.0",
  },
  {
    erratum: "mfn-rollback-leaves-ptes",
    steps: [[create()], [frames(0, 2), 0, -22]],
    corrected: "14 | 7 0 | . . | . . | 0",
    alone: "14 | 7 0 | . . | f100.7w . | 0",
  },
  {
    erratum: "mfn-rollback-no-wake",
    steps: [[create()], [waiting(frames(0, 1)), -22]],
    show: waits,
    corrected: "14 | false",
    alone: "14 | true",
  },
  {
    erratum: "gref-first-status-only",
    steps: [...REGISTERED, [grants(0, [5, 6]), 0, 0, -1]],
    corrected: "14 | 7 0 | . . | . t | 2",
    alone: `${PanicReason.assertion} | 7 0 | g5r#1@9000 g6r?@9008 | g5#1.7r t | 2`,
    release: "0 | 7 0 | g5r#1@9000 g6r#0@9008 | g5#1.7r t | 2",
  },
  {
    erratum: "gref-rollback-leaks",
    steps: [...REGISTERED, [grants(0, [5, 6]), 0, 0, -1]],
    corrected: "14 | 7 0 | . . | . t | 2",
    alone: "14 | 7 0 | . . | g5#1.7r t | 2",
  },
  {
    erratum: "gref-rollback-wrong-pages",
    steps: [...REGISTERED, [frames(0, 1)], [grants(1, [5]), 0, -1]],
    corrected: "14 | 7 1 | m100 . | f100.7w t | 3",
    alone: "14 | 7 1 | . g5r?@9008 | f100.7w t | 3",
  },
  {
    erratum: "release-mfn-page",
    steps: [[create()], [frames(0, 1)], [release(0, 1)]],
    corrected: "0 | 7 1 | m100 . | f100.7w . | 1",
    alone: `${PanicReason.assertion} | 7 1 | m100 . | f100.7w . | 1`,
    release: "0 | 7 1 | . . | f100.7w . | 1",
  },
  {
    erratum: "release-forgets-failed",
    steps: [...GRANTED, [release(0, 1), -38]],
    corrected: "-1 | 7 0 | g5r#1@9000 . | g5#1.7r . | 1",
    alone: "-1 | 7 0 | . . | g5#1.7r . | 1",
  },
  {
    erratum: "release-ignores-status",
    steps: [...GRANTED, [release(0, 1), 0, -1]],
    corrected: "-1 | 7 0 | g5r#1@9000 . | g5#1.7r . | 1",
    alone: "0 | 7 0 | . . | g5#1.7r . | 1",
  },
  {
    erratum: "release-unlocked",
    steps: [...GRANTED, [release(0, 1)]],
    show: calls,
    corrected: "0 | mutex_enter segment 0; unmap_grant_ref 0 [9000 1 0] 0; mutex_exit segment 0",
    alone: "0 | unmap_grant_ref 0 [9000 1 0] 0",
  },
];

const KERNELS: readonly KernelKind[] = ["debug", "release"];

for (const [
  index,
  { erratum, maxGrefs = 16, steps, show = state, corrected, alone, release: onRelease },
] of CASES.entries()) {
  for (const kernel of KERNELS) {
    test(`${kernel}: ${erratum} alone shows (scenario ${index + 1})`, (t) => {
      const seen = (errata: readonly ErratumId[]) => {
        const stage = new Stage({ errata, kernel, pages: 2, maxGrefs });
        return show(stage, stage.play(...steps));
      };
      t.is(seen([]), corrected, "corrected");
      t.is(seen([erratum]), kernel === "release" ? (onRelease ?? alone) : alone, erratum);
    });
  }
}

test("every erratum is shown alone by some scenario", (t) => {
  const shown = new Set(CASES.map(({ erratum }) => erratum));
  t.deepEqual([...shown].sort(), [...ILLUMOS].sort());
});

test("ids are unique, in kebab case, and the switch is the id in camel case", (t) => {
  t.is(new Set(ERRATA.map(({ id }) => id)).size, ERRATA.length);
  for (const { id, switch: name } of ERRATA) {
    t.regex(id, /^[a-z]+(-[a-z]+)+$/);
    t.is(
      name as string,
      id.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    );
  }
});

test("every erratum says what it does and what follows, in whole sentences", (t) => {
  for (const { id, title, does, follows, clause } of ERRATA) {
    t.regex(title, /^[A-Z].*[^.]$/, id);
    for (const text of [does, follows.debug, follows.release, follows.whom]) t.regex(text, /^.+\.$/, id);
    t.regex(clause, /^[345](: | [a-zA-Z_]+)/, id);
  }
});

test("a name is told from an erratum's id", (t) => {
  t.true(isErratumId("word-shared"));
  t.false(isErratumId("wordShared"));
});
