import test from "ava";
import type { Observation, PageTable, SegmentState } from "../../impl/driver.js";
import { stateTable } from "./statetable.js";

const SEGMENT: SegmentState = {
  stillborn: false,
  prot: "rw",
  maxprot: "rwx",
  domid: 7,
  softlockcnt: 1,
  map: [
    { type: "empty" },
    { type: "mfn", mfn: 0x100n },
    { type: "gref", gref: 5, writable: true, mapped: true, handle: 1, pte_ma: 0x9010n },
  ],
  registered: [null, null, 0x9010n],
};
const TABLE: PageTable = {
  ptes: [
    { kind: "throwaway" },
    { kind: "foreign", mfn: 0x100n, domid: 7, writable: false },
    { kind: "grant", gref: 5, handle: 1, domid: 7, writable: true },
  ],
  locks: 2,
  callerLocks: 1,
};
const STATE: Observation = {
  segments: [SEGMENT, null],
  pageTables: [TABLE, { ptes: [null, null, null], locks: 0, callerLocks: 0 }],
  grants: [{ handle: 1, gref: 5, domid: 7, writable: true, pte_ma: 0x9010n, seg: 0, page: 2 }],
  vnode: { holds: 1, mappedPages: 3 },
  memory: { blocks: 2 },
  waiting: [false, false],
  heldLocks: [{ lock: "segment", seg: 0 }],
};

/** Another value of the same kind. */
function other(value: unknown): unknown {
  switch (typeof value) {
    case "boolean":
      return !value;
    case "number":
      return value + 1;
    case "bigint":
      return value + 1n;
    default:
      return `${value}x`;
  }
}

/** Every state that is another one in a single value, and where. */
function* changes(value: unknown, path: string): Generator<readonly [path: string, changed: unknown]> {
  if (Array.isArray(value)) {
    for (const [i, element] of value.entries()) {
      for (const [at, changed] of changes(element, `${path}[${i}]`)) yield [at, value.with(i, changed)];
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      // Which kind of record it is is changed as a whole, below.
      if (name === "type" || name === "kind") continue;
      for (const [at, changed] of changes(member, `${path}.${name}`)) yield [at, { ...value, [name]: changed }];
    }
  } else if (value !== null) yield [path, other(value)];
}

test("whatever differs between two states differs in a row", (t) => {
  let changed = 0;
  for (const [path, state] of changes(STATE, "state")) {
    changed++;
    const rows = stateTable([STATE, state as Observation]);
    t.true(
      rows.some(({ values: [a, b] }) => a !== b),
      path,
    );
  }
  t.is(changed, 37);
  const wholes: readonly Partial<Observation>[] = [
    { segments: [SEGMENT, SEGMENT] },
    { segments: [null, null] },
    { segments: [{ ...SEGMENT, map: SEGMENT.map.toReversed() }, null] },
    { segments: [{ ...SEGMENT, registered: [null, null, null] }, null] },
    { pageTables: [{ ...TABLE, ptes: [null, ...TABLE.ptes.slice(1)] }, TABLE] },
    { grants: [] },
    { heldLocks: [] },
    { heldLocks: [{ lock: "freemem_lock", seg: null }] },
  ];
  for (const [i, whole] of wholes.entries()) {
    const rows = stateTable([STATE, { ...STATE, ...whole }]);
    t.true(
      rows.some(({ values: [a, b] }) => a !== b),
      String(i),
    );
  }
});

test("equal states are alike in every row, and each row is named once", (t) => {
  const rows = stateTable([STATE, structuredClone(STATE)]);
  t.true(rows.every(({ values: [a, b] }) => a === b));
  t.is(new Set(rows.map(({ what }) => what)).size, rows.length);
});

test("pages with nothing in them have no row, and segments stand in their order, each with its pages", (t) => {
  t.deepEqual(
    stateTable([STATE])
      .map(({ what }) => what)
      .filter((what) => /segment \d( page \d .*)?$/.test(what)),
    [
      "segment 0",
      "segment 0 page 0 PTE",
      "segment 0 page 1 map",
      "segment 0 page 1 PTE",
      "segment 0 page 2 registered",
      "segment 0 page 2 map",
      "segment 0 page 2 PTE",
      "segment 1",
    ],
  );
});
