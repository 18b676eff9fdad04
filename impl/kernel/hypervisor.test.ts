import test from "ava";
import type { AnswerSource, Question } from "../driver.js";
import { scripted } from "./answers.js";
import type { Kernel } from "./kernel.js";
import { registerPte } from "./machineroom.js";
import { type MapElement, PAGE_SIZE, SEGMENT_BASE, type UnmapElement } from "./services.js";
import { kernelUnderCall, outcomeOf, PAGES, type Scene, tableOf } from "./testkit.js";
import { pteAddress } from "./xen.js";

const POISON = 0x5a5a;
const at = (page: number) => SEGMENT_BASE + page * PAGE_SIZE;
const kinds = (kernel: Kernel) => tableOf(kernel).ptes.map((pte) => pte?.kind ?? null);

/** Every page's PTE registered. */
function registered(scene: Scene = {}): Kernel {
  const kernel = kernelUnderCall(scene);
  for (let page = 0; page < PAGES; page++) {
    kernel.state = registerPte(kernel.state, 0, page, pteAddress(0, page));
  }
  return kernel;
}

function toMap(page: number, gref = 5 + page): MapElement {
  return { host_addr: pteAddress(0, page), domid: 7, gref, writable: true, status: POISON, handle: POISON };
}

function toUnmap(page: number, handle: number): UnmapElement {
  return { host_addr: pteAddress(0, page), handle, status: POISON };
}

/** Answers questions of one kind with these, in order; everything else with success. */
function answering(kind: Question["kind"], answers: readonly number[]): AnswerSource {
  const script = scripted(answers);
  return { answer: (question) => (question.kind === kind ? script.answer(question) : 0) };
}

test("update_va_mapping_otherdomain replaces the PTE, whatever it was §4.xen.frames", (t) => {
  const kernel = registered();
  kernel.update_va_mapping_otherdomain(at(1), 0x100n, false, 7);
  kernel.update_va_mapping_otherdomain(at(2), 0x101n, true, 7);
  kernel.update_va_mapping_otherdomain(at(2), 0x102n, true, 9);
  t.deepEqual(tableOf(kernel).ptes, [
    { kind: "throwaway" },
    { kind: "foreign", mfn: 0x100n, domid: 7, writable: false },
    { kind: "foreign", mfn: 0x102n, domid: 9, writable: true },
  ]);
  t.is(tableOf(kernel).locks, PAGES);
});

test("a refused update_va_mapping_otherdomain returns the answer and leaves the PTE §4.xen.frames", (t) => {
  const kernel = registered({ answers: scripted([-22]) });
  const before = tableOf(kernel);
  t.is(kernel.update_va_mapping_otherdomain(at(1), 0x100n, false, 7), -22);
  t.is(tableOf(kernel), before);
  const { asked, calls } = outcomeOf(kernel);
  t.deepEqual(asked, [{ question: { kind: "update_va_mapping", seg: 0, page: 1 }, answer: -22 }]);
  t.deepEqual(calls, [
    { fn: "update_va_mapping_otherdomain", seg: 0, page: 1, mfn: 0x100n, domid: 7, writable: false, rc: -22 },
  ]);
});

test("an address outside the segment is refused with -EINVAL, and nobody is asked", (t) => {
  for (const page of [-1, PAGES]) {
    const kernel = registered();
    t.is(kernel.update_va_mapping_otherdomain(at(page), 0x100n, false, 7), -22);
    t.deepEqual(outcomeOf(kernel).asked, []);
  }
});

test("hypercalls mean the segment under call", (t) => {
  const kernel = kernelUnderCall({ segments: 2, seg: 1 });
  kernel.update_va_mapping_otherdomain(at(0), 0x100n, false, 7);
  t.deepEqual(tableOf(kernel, 0).ptes, [null, null, null]);
  t.is(tableOf(kernel, 1).ptes[0]?.kind, "foreign");
  t.is(outcomeOf(kernel).calls[0]?.seg, 1);
});

test("mapped elements get handles from 1 in element order, and replace the PTEs §4.xen.map", (t) => {
  const kernel = registered();
  const elements = [toMap(2), { ...toMap(0), writable: false }];
  t.is(kernel.map_grant_ref(elements), 0);
  t.like(elements, [
    { status: 0, handle: 1 },
    { status: 0, handle: 2 },
  ]);
  t.deepEqual(tableOf(kernel).ptes, [
    { kind: "grant", gref: 5, handle: 2, domid: 7, writable: false },
    { kind: "throwaway" },
    { kind: "grant", gref: 7, handle: 1, domid: 7, writable: true },
  ]);
  t.deepEqual(kernel.state.xen.grants, [
    { handle: 1, gref: 7, domid: 7, writable: true, pte_ma: 0x9010n, seg: 0, page: 2 },
    { handle: 2, gref: 5, domid: 7, writable: false, pte_ma: 0x9000n, seg: 0, page: 0 },
  ]);
});

test("a refused element has its own status, takes no handle and gets none written §4.xen.map", (t) => {
  const kernel = registered({ answers: answering("map_grant_ref_status", [0, -3, 0]) });
  const elements = [toMap(0), toMap(1), toMap(2)];
  t.is(kernel.map_grant_ref(elements), 0);
  t.deepEqual(
    elements.map(({ status, handle }) => [status, handle]),
    [
      [0, 1],
      [-3, POISON],
      [0, 2],
    ],
  );
  t.deepEqual(kinds(kernel), ["grant", "throwaway", "grant"]);
});

test("a map_grant_ref that fails as a whole does nothing and writes no status §4.xen.map", (t) => {
  const kernel = registered({ answers: scripted([-38]) });
  const { state } = kernel;
  const elements = [toMap(0), toMap(1)];
  t.is(kernel.map_grant_ref(elements), -38);
  t.is(kernel.state, state);
  t.deepEqual(elements, [toMap(0), toMap(1)]);
  const { asked, calls } = outcomeOf(kernel);
  t.deepEqual(asked, [{ question: { kind: "map_grant_ref", op: 0, count: 2 }, answer: -38 }]);
  const unwritten = { status: null, handle: null };
  t.like(calls[0], { rc: -38, elements: [unwritten, unwritten] });
});

const NOT_REGISTERED: readonly [string, bigint][] = [
  ["a PTE of the segment that no caller registered", pteAddress(0, 1)],
  ["a PTE that is registered in another segment", pteAddress(1, 0)],
  ["an address between two PTEs", pteAddress(0, 0) + 1n],
  ["an uninitialised word", 0xbaddcafe_baddcafen],
  ["nothing at all", 0n],
];
for (const [what, host_addr] of NOT_REGISTERED) {
  test(`an element at ${what} is refused with bad-virtual-address, unasked §4.xen.map`, (t) => {
    const kernel = kernelUnderCall({ segments: 2 });
    kernel.state = registerPte(kernel.state, 0, 0, pteAddress(0, 0));
    kernel.state = registerPte(kernel.state, 1, 0, pteAddress(1, 0));
    const { state } = kernel;
    const elements = [{ ...toMap(0), host_addr }];
    t.is(kernel.map_grant_ref(elements), 0);
    t.like(elements, [{ status: -5, handle: POISON }]);
    t.is(kernel.state, state);
    t.deepEqual(
      outcomeOf(kernel).asked.map(({ question }) => question.kind),
      ["map_grant_ref"],
    );
  });
}

test("the other elements are asked about by their place in the call", (t) => {
  const kernel = registered();
  kernel.map_grant_ref([{ ...toMap(0), host_addr: 1n }, toMap(1)]);
  t.deepEqual(
    outcomeOf(kernel).asked.map(({ question }) => question),
    [
      { kind: "map_grant_ref", op: 0, count: 2 },
      { kind: "map_grant_ref_status", op: 0, element: 1 },
    ],
  );
});

test("the hypervisor knows which PTE a caller registered, whatever address it gave", (t) => {
  const kernel = kernelUnderCall();
  kernel.state = registerPte(kernel.state, 0, 1, 0x4444n);
  const elements = [{ ...toMap(1), host_addr: 0x4444n }, toMap(1)];
  kernel.map_grant_ref(elements);
  t.deepEqual(
    elements.map(({ status }) => status),
    [-5, 0],
  );
});

test("hypercalls of a kind are counted within a call", (t) => {
  const kernel = registered();
  kernel.map_grant_ref([]);
  kernel.map_grant_ref([]);
  kernel.begin(0, false, scripted([]));
  kernel.map_grant_ref([]);
  t.deepEqual(outcomeOf(kernel).asked, [{ question: { kind: "map_grant_ref", op: 0, count: 0 }, answer: 0 }]);
});

test("the second hypercall of a kind is number 1, and kinds are counted apart", (t) => {
  const kernel = registered({ releasing: true });
  kernel.map_grant_ref([]);
  kernel.map_grant_ref([]);
  kernel.unmap_grant_ref([]);
  kernel.unmap_grant_ref([]);
  t.deepEqual(
    outcomeOf(kernel).asked.map(({ question }) => question),
    [
      { kind: "map_grant_ref", op: 0, count: 0 },
      { kind: "map_grant_ref", op: 1, count: 0 },
      { kind: "unmap_grant_ref", op: 0, count: 0 },
      { kind: "unmap_grant_ref", op: 1, count: 0 },
    ],
  );
});

test("a grant that is mapped over another leaves it live", (t) => {
  const kernel = registered();
  kernel.map_grant_ref([toMap(0, 5), toMap(0, 6)]);
  t.deepEqual(
    kernel.state.xen.grants.map(({ handle, gref }) => [handle, gref]),
    [
      [1, 5],
      [2, 6],
    ],
  );
  t.like(tableOf(kernel).ptes[0], { kind: "grant", handle: 2 });
});

test("nothing but unmapping frees a grant §4.xen.unmap", (t) => {
  const kernel = registered();
  kernel.map_grant_ref([toMap(0)]);
  kernel.update_va_mapping_otherdomain(at(0), 0x100n, true, 7);
  kernel.hat_unload(0, at(0), PAGE_SIZE, false);
  kernel.seg_free(0);
  t.is(kernel.state.xen.grants.length, 1);
});

test("unmapping by handle and address clears the PTE and ends the handle §4.xen.unmap", (t) => {
  const kernel = registered();
  kernel.map_grant_ref([toMap(0), toMap(1)]);
  const elements = [toUnmap(1, 2)];
  t.is(kernel.unmap_grant_ref(elements), 0);
  t.is(elements[0]?.status, 0);
  t.deepEqual(kinds(kernel), ["grant", null, "throwaway"]);
  t.deepEqual(
    kernel.state.xen.grants.map(({ handle }) => handle),
    [1],
  );
});

test("unmapping clears the PTE also if it was replaced since §4.xen.unmap", (t) => {
  const kernel = registered();
  kernel.map_grant_ref([toMap(0)]);
  kernel.update_va_mapping_otherdomain(at(0), 0x100n, true, 7);
  kernel.unmap_grant_ref([toUnmap(0, 1)]);
  t.is(tableOf(kernel).ptes[0], null);
});

test("a handle that is not live, or another address, is a bad handle §4.xen.unmap", (t) => {
  const kernel = registered();
  kernel.map_grant_ref([toMap(0)]);
  const { state } = kernel;
  const elements = [toUnmap(0, 2), toUnmap(1, 1), toUnmap(0, 0)];
  t.is(kernel.unmap_grant_ref(elements), 0);
  t.deepEqual(
    elements.map(({ status }) => status),
    [-4, -4, -4],
  );
  t.is(kernel.state, state);
});

test("a handle is good once", (t) => {
  const kernel = registered();
  kernel.map_grant_ref([toMap(0)]);
  const elements = [toUnmap(0, 1), toUnmap(0, 1)];
  kernel.unmap_grant_ref(elements);
  t.deepEqual(
    elements.map(({ status }) => status),
    [0, -4],
  );
});

test("handles are not used again", (t) => {
  const kernel = registered();
  kernel.map_grant_ref([toMap(0)]);
  kernel.unmap_grant_ref([toUnmap(0, 1)]);
  const again = [toMap(0)];
  kernel.map_grant_ref(again);
  t.is(again[0]?.handle, 2);
});

test("outside release_grefs unmapping does not fail, and nobody is asked", (t) => {
  const kernel = registered({ answers: answering("unmap_grant_ref", [-1]) });
  kernel.map_grant_ref([toMap(0)]);
  t.is(kernel.unmap_grant_ref([toUnmap(0, 1)]), 0);
  t.deepEqual(
    outcomeOf(kernel).asked.map(({ question }) => question.kind),
    ["map_grant_ref", "map_grant_ref_status"],
  );
});

test("during release_grefs it may fail as a whole: nothing is done, no status written", (t) => {
  const kernel = registered({ releasing: true, answers: answering("unmap_grant_ref", [-38]) });
  kernel.map_grant_ref([toMap(0)]);
  const { state } = kernel;
  const elements = [toUnmap(0, 1)];
  t.is(kernel.unmap_grant_ref(elements), -38);
  t.is(elements[0]?.status, POISON);
  t.is(kernel.state, state);
  const { asked, calls } = outcomeOf(kernel);
  t.deepEqual(asked.at(-1), { question: { kind: "unmap_grant_ref", op: 0, count: 1 }, answer: -38 });
  t.deepEqual(calls.at(-1), {
    fn: "unmap_grant_ref",
    seg: 0,
    elements: [{ host_addr: 0x9000n, handle: 1, status: null }],
    rc: -38,
  });
});

test("during release_grefs an element may be forced to fail: its status is the answer, and it stays mapped", (t) => {
  const kernel = registered({ releasing: true, answers: answering("unmap_grant_ref_status", [-1, 0]) });
  kernel.map_grant_ref([toMap(0), toMap(1)]);
  const elements = [toUnmap(0, 1), toUnmap(1, 2)];
  t.is(kernel.unmap_grant_ref(elements), 0);
  t.deepEqual(
    elements.map(({ status }) => status),
    [-1, 0],
  );
  t.deepEqual(kinds(kernel), ["grant", null, "throwaway"]);
  t.deepEqual(
    outcomeOf(kernel)
      .asked.slice(-3)
      .map(({ question }) => question),
    [
      { kind: "unmap_grant_ref", op: 0, count: 2 },
      { kind: "unmap_grant_ref_status", op: 0, element: 0 },
      { kind: "unmap_grant_ref_status", op: 0, element: 1 },
    ],
  );
});

test("grant hypercalls are recorded with what each element got", (t) => {
  const kernel = registered({ answers: answering("map_grant_ref_status", [0, -1]) });
  kernel.map_grant_ref([toMap(0), toMap(1)]);
  kernel.unmap_grant_ref([toUnmap(0, 1), toUnmap(1, 9)]);
  const common = { domid: 7, writable: true };
  t.deepEqual(outcomeOf(kernel).calls, [
    {
      fn: "map_grant_ref",
      seg: 0,
      elements: [
        { host_addr: 0x9000n, gref: 5, ...common, status: 0, handle: 1 },
        { host_addr: 0x9008n, gref: 6, ...common, status: -1, handle: null },
      ],
      rc: 0,
    },
    {
      fn: "unmap_grant_ref",
      seg: 0,
      elements: [
        { host_addr: 0x9000n, handle: 1, status: 0 },
        { host_addr: 0x9008n, handle: 9, status: -4 },
      ],
      rc: 0,
    },
  ]);
});
