import test from "ava";
import fc from "fast-check";
import { EXAMPLE, traceArbitrary, traceOf } from "../trace/testkit.js";
import { writeVcd } from "./write.js";

interface Dump {
  /** Signals by their full name, as `segmf.segment0.page1.pte_mfn`. */
  readonly names: ReadonlyMap<string, string>;
  /** The changes at each time, by signal. */
  readonly times: readonly (readonly [number, ReadonlyMap<string, string>])[];
}

/** Reads a dump strictly (IEEE 1364, section 18, with GTKWave's strings): throws where it is none. */
function read(text: string): Dump {
  const [head = "", body = ""] = text.split("$enddefinitions $end\n");
  const declared = declarationsIn(head);
  const times: [number, Map<string, string>][] = [];
  for (const line of body.split("\n").filter((each) => each !== "" && each !== "$dumpvars" && each !== "$end")) {
    if (line.startsWith("#")) {
      times.push([Number(line.slice(1)), new Map()]);
      continue;
    }
    const [, value = "", id = ""] = /^([01x]|[bs]\S+ )(\S+)$/.exec(line) ?? [];
    if (declared.values.get(id)?.test(value) !== true) throw new Error(`no change: ${line}`);
    times.at(-1)?.[1].set(id, value.trim());
  }
  return { names: declared.names, times };
}

/** The identifier of each signal by its full name, and by identifier what its values look like. */
function declarationsIn(head: string) {
  const names = new Map<string, string>();
  const values = new Map<string, RegExp>();
  const scope: string[] = [];
  for (const line of head.split("\n").filter(Boolean)) {
    const [keyword = "", ...words] = line.split(" ");
    if (words.pop() !== "$end") throw new Error(`not ended: ${line}`);
    const [first = "", width = "", id = "", name = ""] = words;
    if (keyword === "$scope") scope.push(width);
    else if (keyword === "$upscope") scope.pop();
    else if (keyword === "$var" && !values.has(id)) {
      names.set([...scope, name].join("."), id);
      values.set(id, first === "string" ? /^s[\x21-\x7e]+ $/ : width === "1" ? /^[01x]$/ : bits(Number(width)));
    } else if (!["$comment", "$timescale"].includes(keyword)) throw new Error(`unknown, or twice: ${line}`);
  }
  if (scope.length > 0) throw new Error("a scope is open");
  return { names, values };
}

function bits(width: number): RegExp {
  return new RegExp(`^b(?:x|[01]{1,${width}}) $`);
}

/** A signal's value at each time. */
function waveOf({ names, times }: Dump, name: string): readonly string[] {
  const id = names.get(name) ?? "no such signal";
  let value = "";
  return times.map(([, changes]) => {
    value = changes.get(id) ?? value;
    return value;
  });
}

test("each variable goes through the values that it had", (t) => {
  const dump = read(writeVcd(traceOf(EXAMPLE)));
  t.deepEqual(
    dump.times.map(([time]) => time),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
  const of = (name: string) => waveOf(dump, `segmf.${name}`).join(" ");
  t.is(
    of("call"),
    "s- screate sadd_mfns sadd_gref_pte sadd_gref_pte sadd_grefs srelease_grefs sdup sfault sunmap sunmap sunmap",
  );
  t.is(of("ret"), "bx b0 b1110 bx bx b0 b0 b0 b1110 b0 b0 b0");
  t.is(of("segment0.exists"), "0 1 1 1 1 1 1 1 1 1 0 0");
  t.is(of("segment1.exists"), "0 0 0 0 0 0 0 1 1 0 0 0");
  t.is(
    of("segment0.page1.pte_mfn"),
    "bx bx b100000000 b100000000 b100000000 b100000000 b100000000 b100000000 b100000000 b100000000 bx bx",
  );
  t.is(of("segment0.page2.map_kind"), "bx b0 b0 b0 b0 b10 b0 b0 b0 b0 bx bx");
  t.is(of("segment0.page2.pte_kind"), "bx b0 b0 b1 b1 b11 b0 b0 b0 b0 bx bx");
});

test("only changes are written, and at first everything", (t) => {
  const { names, times } = read(writeVcd(traceOf(EXAMPLE)));
  t.is(names.size, 7 + 2 * (4 + 4 * 9));
  t.is(times[0]?.[1].size, names.size);
  const last = new Map(times[0]?.[1]);
  for (const [, changes] of times.slice(1)) {
    for (const [id, value] of changes) {
      t.not(last.get(id), value);
      last.set(id, value);
    }
  }
});

test("any trace is a dump, whatever its texts are", (t) => {
  fc.assert(
    fc.property(traceArbitrary, (trace) => {
      const { times } = read(writeVcd(trace));
      t.is(times.length, trace.run.steps.length + 2);
    }),
    { numRuns: 40 },
  );
});
