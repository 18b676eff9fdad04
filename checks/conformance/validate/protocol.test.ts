import test from "ava";
import { validateText, verdictOf } from "./testkit.js";

const HEADER = '{"format":"segmf-log/1","pages":2}';
const MIDDLE = '{"format":"segmf-log/1","pages":2,"start":"middle","answers":"none"}';
const END = '{"event":"end"}';
const text = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;
const call = (thread: number, name: string, seg: number, more = ""): string =>
  `{"event":"call","thread":${thread},"call":"${name}","seg":${seg}${more}}`;
const ret = (thread: number, value: number | null, more = ""): string =>
  `{"event":"return","thread":${thread},"ret":${value}${more}}`;
const add = (thread: number, domid: number, seg = 0): string =>
  call(thread, "add_mfns", seg, `,"page":0,"count":1,"mfn":1,"domid":${domid}`);
const create = [call(0, "create", 0), ret(0, 0)];
const unmap = (thread: number, seg: number): string => call(thread, "unmap", seg, ',"page":0,"count":2');

const CASES: readonly (readonly [string, readonly string[], string])[] = [
  ["an empty log", [HEADER, END], "accepted"],
  ["no end", [HEADER, ...create], "truncated"],
  ["a call in a call", [HEADER, call(0, "create", 0), call(0, "create", 1), END], "rejected 3"],
  ["a return of nobody's call", [HEADER, ret(0, 0), END], "rejected 2"],
  ["a segment out of turn", [HEADER, call(0, "create", 1), END], "rejected 2"],
  ["a segment that never was", [HEADER, add(0, 7), END], "rejected 2"],
  ["a segment that is gone", [HEADER, ...create, unmap(0, 0), ret(0, 0), add(0, 7), END], "rejected 6"],
  [
    "a stillborn segment takes free only",
    [HEADER, call(0, "create", 0), ret(0, 12, ',"answers":{"addmap":12}'), add(0, 7), END],
    "rejected 4",
  ],
  ["a call that never returns", [HEADER, ...create, add(0, 7), END], "accepted"],
  ["a return that was not seen", [HEADER, ...create, add(0, 7), '{"event":"return","thread":0}', END], "accepted"],
  [
    "the panic that the contract prescribes",
    [HEADER, ...create, call(0, "unmap", 0, ',"addr":1,"len":0'), '{"event":"panic","thread":0,"reason":"x"}', END],
    "accepted",
  ],
  ["no other panic", [HEADER, ...create, add(0, 7), '{"event":"panic","thread":0,"reason":"x"}', END], "rejected 5"],
  [
    "nothing after a panic",
    [
      HEADER,
      ...create,
      call(0, "unmap", 0, ',"addr":1,"len":0'),
      '{"event":"panic","thread":0,"reason":"x"}',
      ret(1, 0),
      END,
    ],
    "rejected 6",
  ],
  [
    "another size",
    [HEADER, ...create, call(0, "fault", 0, ',"page":0,"count":1,"type":"prot","rw":"read","pages":3'), END],
    "rejected 4",
  ],
  // Overlapping calls: each order that agrees with the returns will do.
  [
    "either of two adds may have been first",
    [HEADER, ...create, add(1, 7), add(2, 9), ret(1, 22), ret(2, 0), END],
    "accepted",
  ],
  ["or the other", [HEADER, ...create, add(1, 7), add(2, 9), ret(1, 0), ret(2, 22), END], "accepted"],
  [
    "but not both; the later return is to blame",
    [HEADER, ...create, add(1, 7), add(2, 9), ret(1, 22), ret(2, 22), END],
    "rejected 7",
  ],
  [
    "a call that returned before another began was first",
    [HEADER, ...create, add(1, 7), ret(1, 0), add(2, 9), ret(2, 0), END],
    "rejected 7",
  ],
  [
    "a call that never returns may have taken effect",
    [HEADER, ...create, add(1, 7), add(2, 9), ret(2, 22), END],
    "accepted",
  ],
  [
    "a child is as its parent was at some point of the fork",
    [
      HEADER,
      ...create,
      call(1, "dup", 0, ',"into":1'),
      add(2, 7),
      ret(2, 0),
      ret(1, 0),
      add(3, 9, 1),
      ret(3, 22),
      add(3, 7, 1),
      ret(3, 0),
      END,
    ],
    "accepted",
  ],
  [
    "and as it was before",
    [HEADER, ...create, call(1, "dup", 0, ',"into":1'), add(2, 7), ret(2, 0), ret(1, 0), add(3, 9, 1), ret(3, 0), END],
    "accepted",
  ],
  [
    "but not as both",
    [
      HEADER,
      ...create,
      call(1, "dup", 0, ',"into":1'),
      add(2, 7),
      ret(2, 0),
      ret(1, 0),
      add(3, 9, 1),
      ret(3, 0),
      add(3, 7, 1),
      ret(3, 0),
      END,
    ],
    "rejected 11",
  ],
  [
    "the earliest line is told, on whichever segment",
    [HEADER, ...create, call(0, "create", 1), ret(0, 0), add(1, 7, 1), add(0, 0), ret(0, 0), ret(2, 0), END],
    "rejected 8",
  ],
  // In the middle: what was there is found out.
  [
    "a domid that was not seen",
    [MIDDLE, add(0, 7), ret(0, 22), add(0, 9), ret(0, 0), add(0, 7), ret(0, 22), END],
    "accepted",
  ],
  ["is one, once it is known", [MIDDLE, add(0, 7), ret(0, 0), add(0, 9), ret(0, 0), END], "rejected 5"],
  ["is none that was refused", [MIDDLE, add(0, 7), ret(0, 22), add(0, 7), ret(0, 0), END], "rejected 5"],
  [
    "is the child's too",
    [
      MIDDLE,
      call(0, "dup", 3, ',"into":9'),
      ret(0, 0),
      add(0, 7, 3),
      ret(0, 22),
      add(0, 9, 9),
      ret(0, 0),
      add(0, 9, 3),
      ret(0, 22),
      END,
    ],
    "rejected 9",
  ],
  ["a segment that was there is gone for good", [MIDDLE, unmap(0, 5), ret(0, 0), add(0, 7, 5), END], "rejected 4"],
  [
    "numbers go on from the first new one",
    [MIDDLE, call(0, "create", 9), ret(0, 0), call(0, "create", 11), END],
    "rejected 4",
  ],
  ["one that was there is not made again", [MIDDLE, add(0, 7, 9), ret(0, 0), call(0, "create", 9), END], "rejected 4"],
  [
    "nothing is held against a log while calls are under way that were not seen",
    [
      MIDDLE.replace("}", ',"underWay":1}'),
      add(0, 7),
      ret(0, 0),
      add(0, 9),
      ret(0, 0),
      ret(8, 0),
      add(0, 7),
      ret(0, 0),
      add(0, 9),
      ret(0, 0),
      END,
    ],
    "rejected 10",
  ],
];

for (const [title, lines, expected] of CASES) {
  test(title, (t) => {
    t.is(verdictOf(validateText(text(...lines))), expected);
  });
}

test("a call that overlaps with too many others is too much", (t) => {
  const fault = Array.from({ length: 1001 }, () => [
    call(1, "fault", 0, ',"page":0,"count":1,"type":"prot","rw":"read"'),
    ret(1, 14),
  ]).flat();
  t.is(
    verdictOf(validateText(text(HEADER, ...create, add(0, 7), ...fault, ret(0, 0), END))),
    "too many calls wait for one",
  );
});

test("releases that left some grants behind, nobody knows which, are too many from the third on: then nothing is rejected", (t) => {
  const sixteen = (more: string) => [0, 1, 2].map((n) => more.replaceAll("16*N", String(16 * n)));
  const pages = Array.from({ length: 48 }, (_, page) => [
    call(0, "add_gref_pte", 0, `,"page":${page},"pte_ma":${0x9000 + 8 * page}`),
    ret(0, null),
  ]).flat();
  const grefs = JSON.stringify(new Array(16).fill(5));
  const adds = sixteen(`,"page":16*N,"grefs":${grefs},"writable":true,"domid":7`);
  const releases = sixteen(',"page":16*N,"count":16').map((more) => [call(0, "release_grefs", 0, more), ret(0, -1)]);
  const log = (failed: number, last: number) =>
    text(
      '{"format":"segmf-log/1","pages":48,"answers":"none"}',
      ...create,
      ...pages,
      ...adds.flatMap((more) => [call(0, "add_grefs", 0, more), ret(0, 0)]),
      ...releases.slice(0, failed).flat(),
      add(0, 9),
      ret(0, last),
      END,
    );
  for (const failed of [0, 1, 2, 3]) t.is(verdictOf(validateText(log(failed, 22))), "accepted", `${failed} failed`);
  for (const failed of [0, 1, 2]) {
    const line = 1 + 2 + 96 + 6 + 2 * failed + 2;
    t.is(verdictOf(validateText(log(failed, 0))), `rejected ${line}`, `${failed} failed`);
  }
  t.is(verdictOf(validateText(log(3, 0))), "too many candidates");
});
