import test from "ava";
import type { PageRecord } from "../driver.js";
import type { Kernel } from "./kernel.js";
import { addSegment, settle } from "./machineroom.js";
import type { PrivateView } from "./ops.js";
import { PAGE_SIZE, SEGMENT_BASE } from "./services.js";
import { kernelUnderCall, outcomeOf, panicOf } from "./testkit.js";

const EMPTY: readonly PageRecord[] = [{ type: "empty" }];
const FRAME: readonly PageRecord[] = [{ type: "mfn", mfn: 1n }];
const FREEMEM = { lock: "freemem_lock", seg: null } as const;

/** A kernel with live segments, whose views a test may set. */
function watched(segments: number): { kernel: Kernel; views: (PrivateView | null)[] } {
  const kernel = kernelUnderCall({ segments });
  const views: (PrivateView | null)[] = [];
  for (let seg = 0; seg < segments; seg++) {
    kernel.state = settle(kernel.state, seg, "live");
    views.push({ domid: 0, softlockcnt: 0, map: EMPTY });
  }
  // Whoever sets a view need not say so: the stamp is another one each time.
  let stamp = 0;
  kernel.bind({ view: (seg) => views[seg] ?? null, free: () => undefined, stamp: () => stamp++ });
  return { kernel, views };
}

test("there is a moment before each kernel call and one at the return", (t) => {
  const { kernel } = watched(1);
  kernel.specfind();
  kernel.vn_rele();
  t.deepEqual(
    outcomeOf(kernel).moments.map(({ at }) => at),
    [0, 1, 2],
  );
});

test("a call that asks nothing of the kernel has the one at the return", (t) => {
  t.is(outcomeOf(watched(1).kernel).moments.length, 1);
});

test("a moment is taken before the kernel call takes effect", (t) => {
  const { kernel } = watched(1);
  kernel.mutex_enter(FREEMEM);
  kernel.hat_devload(0, SEGMENT_BASE, PAGE_SIZE, true);
  kernel.mutex_exit(FREEMEM);
  const { moments } = outcomeOf(kernel);
  t.deepEqual(
    moments.map(({ held }) => held.length),
    [0, 1, 1, 0],
  );
  t.deepEqual(
    moments.map(({ segments }) => segments[0]?.ptes[0]?.kind),
    [undefined, undefined, "throwaway", "throwaway"],
  );
});

test("a panic has a moment too, with the state at that moment", (t) => {
  const { kernel } = watched(1);
  kernel.mutex_enter(FREEMEM);
  panicOf(() => kernel.mutex_enter(FREEMEM));
  const { moments, calls } = outcomeOf(kernel);
  t.is(calls.length, 2);
  t.like(moments.at(-1), { at: 2, held: [FREEMEM] });
});

test("a moment shows each live segment's own record", (t) => {
  const { kernel, views } = watched(2);
  kernel.specfind();
  views[1] = { domid: 7, softlockcnt: -1, map: FRAME };
  const { moments } = outcomeOf(kernel);
  t.like(moments[0]?.segments, [
    { seg: 0, domid: 0, softlockcnt: 0, map: EMPTY },
    { seg: 1, domid: 0, softlockcnt: 0, map: EMPTY },
  ]);
  t.like(moments[1]?.segments, [
    { seg: 0, domid: 0, softlockcnt: 0, map: EMPTY },
    { seg: 1, domid: 7, softlockcnt: -1, map: FRAME },
  ]);
});

test("unchanged parts keep their identity, across calls too", (t) => {
  const { kernel, views } = watched(2);
  kernel.specfind();
  kernel.vn_hold();
  views[0] = { domid: 7, softlockcnt: 0, map: EMPTY };
  const { moments } = outcomeOf(kernel);
  t.is(moments[0]?.segments, moments[1]?.segments);
  t.is(moments[0]?.held, moments[1]?.held);
  t.not(moments[1]?.segments, moments[2]?.segments);
  t.is(moments[1]?.segments[1], moments[2]?.segments[1]);
  kernel.begin(0, false, { answer: () => 0 });
  t.is(outcomeOf(kernel).moments[0]?.segments, moments[2]?.segments);
});

test("a record that reads the same is the same, though the view is a new object", (t) => {
  const { kernel, views } = watched(1);
  kernel.specfind();
  views[0] = { domid: 0, softlockcnt: 0, map: EMPTY };
  const { moments } = outcomeOf(kernel);
  t.is(moments[0]?.segments, moments[1]?.segments);
});

test("each part of a record makes a difference", (t) => {
  const changes: PrivateView[] = [
    { domid: 9, softlockcnt: 0, map: EMPTY },
    { domid: 0, softlockcnt: 1, map: EMPTY },
    { domid: 0, softlockcnt: 0, map: FRAME },
  ];
  for (const change of changes) {
    const { kernel, views } = watched(1);
    kernel.specfind();
    views[0] = change;
    const { moments } = outcomeOf(kernel);
    t.like(moments[1]?.segments, [change]);
  }
});

test("nobody looks again as long as neither the kernel's state nor the driver's stamp changes", (t) => {
  const kernel = kernelUnderCall();
  kernel.state = settle(kernel.state, 0, "live");
  let looks = 0;
  let stamp = 5;
  const view = { domid: 0, softlockcnt: 0, map: EMPTY };
  const look = (): PrivateView => {
    looks++;
    return view;
  };
  kernel.bind({ view: look, free: () => undefined, stamp: () => stamp });
  const looksAt = (change: () => void): number => {
    const before = looks;
    change();
    kernel.specfind();
    return looks - before;
  };
  t.is(
    looksAt(() => undefined),
    1,
  );
  t.is(
    looksAt(() => undefined),
    0,
  );
  t.is(
    looksAt(() => stamp++),
    1,
  );
  t.is(
    looksAt(() => kernel.kmem_alloc(8)),
    1,
  );
  t.is(
    looksAt(() => kernel.hat_devload(0, SEGMENT_BASE, PAGE_SIZE, true)),
    1,
  );
  t.is(
    looksAt(() => kernel.mutex_enter(FREEMEM)),
    0,
  );
});

test("segments that are being made, are freed or have no record are left out", (t) => {
  const { kernel, views } = watched(3);
  kernel.state = addSegment(kernel.state, 1, "rw", "rwx");
  views.push({ domid: 0, softlockcnt: 0, map: EMPTY });
  views[0] = null;
  kernel.seg_free(1);
  const { moments } = outcomeOf(kernel);
  t.deepEqual(
    moments.map(({ segments }) => segments.map(({ seg }) => seg)),
    [[1, 2], [2]],
  );
});

test("a record that goes away between two others leaves them", (t) => {
  const { kernel, views } = watched(3);
  kernel.specfind();
  const [, middle] = views;
  views[1] = null;
  kernel.specfind();
  views[1] = middle ?? null;
  t.deepEqual(
    outcomeOf(kernel).moments.map(({ segments }) => segments.map(({ seg }) => seg)),
    [
      [0, 1, 2],
      [0, 2],
      [0, 1, 2],
    ],
  );
});
