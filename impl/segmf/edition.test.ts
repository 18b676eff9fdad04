import test from "ava";
import type { KernelKind } from "../driver.js";
import { PanicReason } from "../kernel/panic.js";
import { CORRECTED, ILLUMOS, segmfDriver } from "./edition.js";
import type { Step } from "./testkit.js";
import { callTexts, create, dup, frames, grants, register, release, Stage, unmap, verdict } from "./testkit.js";

const MACHINE = { kernel: "debug", pages: 2, maxGrefs: 16 } as const;

test("a driver is named after its edition, or what is switched on", (t) => {
  const nameOf = (options: Omit<Parameters<typeof segmfDriver>[0], "machine">) =>
    segmfDriver({ machine: MACHINE, ...options }).name;
  t.is(nameOf({ errata: CORRECTED }), "corrected");
  t.is(nameOf({ errata: ILLUMOS }), "illumos");
  t.is(nameOf({ errata: new Set(["word-shared"]) }), "word-shared");
  t.is(nameOf({ errata: new Set(["word-shared"]), mutants: new Set(["add-rebinds"]) }), "word-shared+add-rebinds");
  t.is(nameOf({ errata: ILLUMOS, name: "mine" }), "mine");
});

/** One step of a scenario, what came of it, and what the driver asked of the kernel. */
interface Walked {
  readonly step: Step;
  readonly verdict: string;
  readonly calls: readonly string[];
  readonly state: string;
}

function walk(kernel: KernelKind, walked: readonly Walked[]) {
  return (t: { is(a: string, b: string): void; deepEqual(a: unknown, b: unknown): void }) => {
    const stage = new Stage({ errata: ILLUMOS, kernel });
    for (const { step, verdict: expected, calls, state } of walked) {
      const outcome = stage.play(step);
      t.is(verdict(outcome), expected);
      t.deepEqual(callTexts(outcome), calls);
      t.is(stage.text(), state);
    }
  };
}

const COUNT = ["mutex_enter freemem_lock", "mutex_exit freemem_lock"];

const UP_TO_GRANTS: readonly Walked[] = [
  {
    step: [create()],
    verdict: "0",
    calls: [
      "hat_map 0 0 4",
      "kmem_zalloc 48 1",
      "mutex_init segment 0",
      "specfind",
      "kmem_alloc 128 2",
      "vop_addmap 0 0 4 rw rwx 0",
    ],
    state: "0 0 | . . . . | . . . . | 0",
  },
  {
    step: [frames(1, 2, { mfn: 0x100 }), 0, -22],
    verdict: "14",
    calls: [
      "mutex_enter segment 0",
      ...COUNT,
      "hat_devload 0 1 1 true",
      "update_va_mapping_otherdomain 0 1 100 7 true 0",
      ...COUNT,
      "hat_devload 0 2 1 true",
      "update_va_mapping_otherdomain 0 2 101 7 true -22",
      ...COUNT,
      "hat_unload 0 2 1 true",
      "hat_unlock 0 1 1",
      ...COUNT,
      "as_isunmapwait 0 false",
      "mutex_exit segment 0",
    ],
    state: "7 0 | . . . . | . f100.7w . . | 0",
  },
  { step: [register(2)], verdict: "null", calls: [], state: "7 0 | . . . . | . f100.7w t . | 1" },
  { step: [register(3)], verdict: "null", calls: [], state: "7 0 | . . . . | . f100.7w t t | 2" },
];

const MAP_TWO = "map_grant_ref 0 [9010 7 5 true 0 1, 9018 7 6 true -1 null] 0";

test(
  "illumos on a release kernel, from create to unmap",
  walk("release", [
    ...UP_TO_GRANTS,
    {
      step: [grants(2, [5, 6], { writable: true }), 0, 0, -1],
      verdict: "0",
      calls: ["mutex_enter segment 0", MAP_TWO, "mutex_exit segment 0"],
      state: "7 0 | . . g5w#1@9010 g6w#0@9018 | . f100.7w g5#1.7w t | 2",
    },
    {
      step: [release(2, 2)],
      verdict: "0",
      calls: ["unmap_grant_ref 0 [9010 1 0, 9018 0 -4] 0"],
      state: "7 0 | . . . . | . f100.7w . t | 2",
    },
    {
      step: [dup()],
      verdict: "0",
      calls: ["kmem_zalloc 48 3", "mutex_init segment 1", "vn_hold", "kmem_alloc 128 4", "vop_addmap 1 0 4 rw rwx 0"],
      state: "7 0 | . . . . | . f100.7w . t | 2",
    },
    {
      step: [{ call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" }],
      verdict: "14",
      calls: [],
      state: "7 0 | . . . . | . f100.7w . t | 2",
    },
    {
      step: [unmap(4, 1)],
      verdict: "0",
      calls: [
        "hat_unload 1 0 4 true",
        "vop_delmap 1 0 4 rw rwx 0",
        "seg_free 1",
        "kmem_free 4 128",
        "vn_rele",
        "mutex_destroy segment 1",
        "kmem_free 3 48",
      ],
      state: "7 0 | . . . . | . f100.7w . t | 2",
    },
    {
      step: [unmap(4)],
      verdict: "0",
      calls: [
        "hat_unload 0 0 4 true",
        "vop_delmap 0 0 4 rw rwx 0",
        "seg_free 0",
        "kmem_free 2 128",
        "vn_rele",
        "mutex_destroy segment 0",
        "kmem_free 1 48",
      ],
      state: "freed | . . . . | -1",
    },
  ]),
);

test(
  "illumos on a DEBUG kernel, until the second grant of a request is refused",
  walk("debug", [
    ...UP_TO_GRANTS,
    {
      step: [grants(2, [5, 6], { writable: true }), 0, 0, -1],
      verdict: PanicReason.assertion,
      calls: ["mutex_enter segment 0", MAP_TWO],
      state: "7 0 | . . g5w#1@9010 g6w?@9018 | . f100.7w g5#1.7w t | 2",
    },
  ]),
);

/** What illumos does where several errata meet, step by step as the shipped driver would. */
interface Meeting {
  readonly title: string;
  readonly kernel?: KernelKind;
  readonly maxGrefs?: number;
  readonly steps: readonly Step[];
  readonly verdict: string;
  readonly calls: readonly string[];
  readonly state: string;
}

const LOCKED = (...calls: string[]) => ["mutex_enter segment 0", ...calls, "mutex_exit segment 0"];

const MEETINGS: readonly Meeting[] = [
  {
    title: "no frames, for a segment without permissions",
    steps: [[create("none")], [frames(4, 0)]],
    verdict: "13",
    calls: LOCKED(),
    state: "7 0 | . . . . | . . . . | 0",
  },
  {
    title: "no frames, far past the end",
    steps: [[create()], [frames(60_000, 0)]],
    verdict: "0",
    calls: LOCKED(),
    state: "7 0 | . . . . | . . . . | 0",
  },
  {
    title: "bound to another domain comes before all else",
    steps: [[create("none")], [frames(0, 1)], [grants(3, [1, 2, 3], { domid: 9 })]],
    verdict: "22",
    calls: LOCKED(),
    state: "7 0 | . . . . | . . . . | 0",
  },
  {
    title: "an add that the domid refuses takes no lock",
    steps: [[create()], [frames(0, 1, { domid: 0 })]],
    verdict: "13",
    calls: [],
    state: "0 0 | . . . . | . . . . | 0",
  },
  {
    title: "too many refs: overwritten, then the first pages of the segment marked EMPTY",
    maxGrefs: 1,
    steps: [[create()], [frames(0, 1)], [grants(1, [5, 6])]],
    verdict: "14",
    calls: LOCKED(),
    state: "7 1 | . . g6r?@baddcafebaddcafe . | f100.7w . . . | 1",
  },
  {
    title: "refs that run past the end: written up to there",
    steps: [[create()], [grants(3, [5, 6])]],
    verdict: PanicReason.writeOutside,
    calls: ["mutex_enter segment 0"],
    state: "7 0 | . . . g5r?@baddcafebaddcafe | . . . . | 0",
  },
  {
    title: "a frame's number is taken for a PTE's address",
    steps: [[create()], [register(0)], [frames(0, 1), -22], [grants(0, [5])]],
    verdict: "14",
    calls: LOCKED("map_grant_ref 0 [100 7 5 false -5 null] 0"),
    state: "7 0 | . . . . | . . . . | 1",
  },
  {
    title: "a grant takes a frame's page, whose number is registered as its PTE's address",
    steps: [[create()], [frames(0, 1)], [register(0)], [grants(0, [5])]],
    verdict: "0",
    calls: LOCKED("map_grant_ref 0 [9000 7 5 false 0 1] 0"),
    state: "7 1 | g5r#1@9000 . . . | g5#1.7r . . . | 2",
  },
  {
    title: "release of a mixed range on a release kernel",
    kernel: "release",
    steps: [[create()], [register(1)], [frames(0, 1)], [grants(1, [5])], [release(0, 3), -38]],
    verdict: "-1",
    calls: ["unmap_grant_ref 0 [9008 1 null] -38"],
    state: "7 1 | . . . . | f100.7w g5#1.7r . . | 2",
  },
  {
    title: "release of a mixed range on a DEBUG kernel: pages before the frame are forgotten already",
    steps: [[create()], [register(0)], [frames(1, 1)], [grants(0, [5])], [release(0, 3)]],
    verdict: PanicReason.assertion,
    calls: [],
    state: "7 1 | . m101 . . | g5#1.7r f101.7w . . | 2",
  },
  {
    title: "release past the end",
    steps: [[create()], [register(3)], [grants(3, [5])], [release(3, 2)]],
    verdict: PanicReason.writeOutside,
    calls: [],
    state: "7 0 | . . . . | . . . g5#1.7r | 1",
  },
  {
    title: "no refs where a grant is: the hypervisor is called with nothing",
    steps: [[create()], [register(0)], [grants(0, [5])], [grants(0, [])]],
    verdict: "14",
    calls: LOCKED("map_grant_ref 0 [] 0"),
    state: "7 0 | g5r#1@9000 . . . | g5#1.7r . . . | 1",
  },
  {
    title: "no refs past the end, on a DEBUG kernel",
    steps: [[create()], [grants(9, [])]],
    verdict: PanicReason.assertion,
    calls: ["mutex_enter segment 0"],
    state: "7 0 | . . . . | . . . . | 0",
  },
  {
    title: "unmap of soft-locked pages leaves the count and wakes nobody",
    steps: [[create()], [frames(0, 2)], [{ ...unmap(4), waiting: true }]],
    verdict: "0",
    calls: [
      "hat_unload 0 0 4 true",
      "vop_delmap 0 0 4 rw rwx 0",
      "seg_free 0",
      "kmem_free 2 128",
      "vn_rele",
      "mutex_destroy segment 0",
      "kmem_free 1 48",
    ],
    state: "freed | . . . . | 0",
  },
];

for (const { title, kernel = "debug", maxGrefs = 16, steps, verdict: expected, calls, state } of MEETINGS) {
  test(`illumos: ${title}`, (t) => {
    const stage = new Stage({ errata: ILLUMOS, kernel, maxGrefs });
    const outcome = stage.play(...steps);
    t.is(verdict(outcome), expected);
    t.deepEqual(callTexts(outcome), calls);
    t.is(stage.text(), state);
  });
}
