import { assign, raise } from "xstate";
import { type At, chart, list, log, logType, type Specimen, traced } from "./specimen.js";

/** Final state nodes: onDone of compound and parallel nodes, output, and machines that are done. */

const done = assign(({ context, event }: At) => ({
  log: `${context.log}${event.type.slice(17)}=${String(event.output)} `,
}));
const reset = assign({ log: "" });

export const endings: readonly Specimen[] = [
  {
    name: "onDone of a compound node, with the final node's output",
    machine: chart({
      id: "m",
      initial: "work",
      context: { log: "", n: 0 },
      states: {
        work: {
          initial: "a",
          onDone: [
            { guard: ({ event }: At) => event.output === "bad", target: "failed", actions: done },
            { target: "ready", actions: done },
          ],
          states: {
            a: { on: { finish: "good", fail: { target: "bad", actions: assign({ n: 1 }) } } },
            good: { type: "final", output: ({ context, event }: At) => `${event.type}${context.n}` },
            bad: { type: "final", output: "bad" },
          },
        },
        ready: { on: { again: { target: "work", actions: reset } } },
        failed: {},
      },
    }),
    events: list("finish fail again"),
    counts: [3, 3, 2],
    outcomes: [
      ["finish", 'active "ready" {log: ".m.work=finish0 ", n: 0}'],
      ["fail", 'active "failed" {log: ".m.work=bad ", n: 1}'],
    ],
  },
  {
    name: "onDone of a parallel node comes when the last region ends",
    machine: chart({
      id: "m",
      initial: "p",
      context: { log: "" },
      states: {
        p: {
          type: "parallel",
          onDone: { target: "z", actions: done },
          states: {
            a: {
              initial: "x",
              onDone: { actions: done },
              states: { x: { on: { a: "f", both: "f" } }, f: { type: "final", output: 1 } },
            },
            b: { initial: "x", states: { x: { on: { b: "f", both: "f" } }, f: { type: "final" } } },
          },
        },
        z: {},
      },
    }),
    events: list("a b both"),
    counts: [4, 7, 2],
    outcomes: [
      ["a b", 'active "z" {log: ".m.p.a=1 .m.p=undefined "}'],
      ["both", 'active "z" {log: ".m.p.a=1 .m.p=undefined "}'],
    ],
  },
  {
    name: "done events of nested nodes, the inner first",
    machine: chart({
      id: "m",
      initial: "p",
      context: { log: "" },
      states: {
        p: {
          type: "parallel",
          onDone: { target: "end", actions: done },
          states: {
            a: {
              type: "parallel",
              onDone: { actions: done },
              states: {
                u: {
                  initial: "x",
                  onDone: { actions: done },
                  states: { x: { on: { a: "f" } }, f: { type: "final", output: 1 } },
                },
              },
            },
            b: {
              initial: "x",
              states: { x: { on: { b: "f" } }, f: { type: "final", on: { again: { target: "f", reenter: true } } } },
            },
            c: { type: "final" },
          },
        },
        end: {},
      },
    }),
    events: list("a b again"),
    counts: [4, 5, 3],
    outcomes: [
      ["b a", 'active "end" {log: ".m.p.a.u=1 .m.p.a=undefined .m.p=undefined "}'],
      ["a", 'active {p: {a: {u: "f"}, b: "x", c: {}}} {log: ".m.p.a.u=1 .m.p.a=undefined "}'],
    ],
  },
  {
    name: "a final node inside a compound node does not end the node above that",
    machine: chart({
      initial: "a",
      context: { log: "" },
      onDone: { actions: log("root") },
      states: {
        a: {
          initial: "b",
          onDone: { actions: log("a") },
          states: {
            b: { initial: "f", onDone: { actions: log("b") }, states: { f: { type: "final", on: { again: "f" } } } },
          },
        },
      },
    }),
    events: list("again"),
    counts: [1, 1, 1],
    outcomes: [["", 'active {a: {b: "f"}} {log: "b"}']],
  },
  {
    name: "onDone waits behind what was raised before",
    machine: chart({
      id: "m",
      initial: "w",
      context: { log: "" },
      on: { r: { actions: logType }, s: { actions: logType } },
      states: {
        w: {
          initial: "a",
          entry: raise({ type: "r" }),
          onDone: { target: "z", actions: log("done") },
          states: {
            a: { on: { go: { target: "f", actions: raise({ type: "s" }) } } },
            f: { type: "final", entry: raise({ type: "r" }) },
          },
        },
        z: { on: { back: { target: "w", actions: reset } } },
      },
    }),
    events: list("go back"),
    counts: [2, 2, 2],
    outcomes: [["go", 'active "z" {log: "r s r done"}']],
  },
  {
    name: "the machine's output, from context and event",
    machine: chart({
      id: "m",
      initial: "a",
      context: { n: 0 },
      output: ({ context, event }: At) => ({ n: context.n, of: event.type, final: event.output }),
      states: {
        a: {
          on: {
            up: {
              guard: ({ context }: At) => context.n < 2,
              actions: assign({ n: ({ context }: At) => context.n + 1 }),
            },
            end: "f",
            stop: "g",
          },
        },
        f: {
          type: "final",
          entry: assign({ n: ({ context }: At) => context.n + 10 }),
          output: ({ context, event }: At) => [context.n, event.by],
        },
        g: { type: "final" },
      },
    }),
    events: [{ type: "up" }, { type: "end", by: 1 }, { type: "end", by: 2 }, { type: "stop" }],
    counts: [12, 11, 4],
    outcomes: [["up stop", 'done "g" {n: 1} => {n: 1, of: "xstate.done.state.m.g", final: undefined}']],
  },
  {
    name: "a final node's output is dropped if the machine has none",
    machine: chart({ initial: "a", states: { a: { on: { end: "f" } }, f: { type: "final", output: 1 } } }),
    events: list("end"),
    counts: [2, 1, 2],
    outcomes: [["end", 'done "f"']],
  },
  {
    name: "at the end the exit actions of all nodes run, and the queue is dropped",
    machine: chart({
      id: "m",
      initial: "a",
      context: { log: "" },
      ...traced("m"),
      output: ({ context }: At) => context.log,
      on: { r: { actions: log("never") } },
      states: {
        a: { ...traced("a"), on: { end: { target: "f", actions: raise({ type: "r" }) } } },
        f: { type: "final", ...traced("f"), always: { target: "a" } },
      },
    }),
    events: list("end"),
    counts: [2, 1, 2],
    outcomes: [["end", 'done "f" {log: "+m+a-a+f-f-m"} => "+m+a-a+f"']],
  },
  {
    name: "a parallel root is done with its last region, and shows them in reverse",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { log: "" },
      output: ({ context, event }: At) => [context.log, event.type, event.output],
      states: {
        a: {
          initial: "x",
          states: {
            x: { on: { a: "f", all: "f" } },
            f: { type: "final", ...traced("a"), on: { e: { actions: log("A") } } },
          },
        },
        b: {
          initial: "x",
          states: {
            x: { on: { b: "f", all: "f" } },
            f: { type: "final", ...traced("b"), output: 3, on: { e: { actions: log("B") } } },
          },
        },
      },
    }),
    events: list("a b all e"),
    counts: [153, 247, 25],
    outcomes: [
      ["all", 'done {b: "f", a: "f"} {log: "+a+b-b-a"} => ["+a+b", "xstate.done.state.m", undefined]'],
      ["a b", 'done {b: "f", a: "f"} {log: "+a+b-b-a"} => ["+a+b", "xstate.done.state.m", undefined]'],
      ["a b e", 'done {b: "f", a: "f"} {log: "+a+b-b-aBA-b-a"} => ["+a+b", "xstate.done.state.m", undefined]'],
    ],
  },
  {
    name: "a machine that is done still answers, but never comes to life again",
    machine: chart({
      id: "m",
      initial: "a",
      context: { n: 0 },
      output: ({ context }: At) => context.n,
      exit: assign({ n: ({ context }: At) => (context.n + 1) % 5 }),
      on: { restart: ".a", plain: { actions: [] }, touch: { actions: raise({ type: "restart" }) } },
      states: {
        a: { on: { end: "f" }, always: { guard: ({ context }: At) => context.n === 4, target: "b" } },
        b: {},
        f: { type: "final", on: { again: { target: "f", reenter: true } } },
      },
    }),
    events: list("end restart again touch plain"),
    counts: [51, 153, 11],
    outcomes: [
      ["end", 'done "f" {n: 1} => 0'],
      ["end restart", 'done "a" {n: 2} => 0'],
      ["end again", 'done "f" {n: 2} => 1'],
    ],
  },
  {
    name: "a root that is final itself",
    machine: chart({
      id: "m",
      type: "final",
      context: { log: "" },
      ...traced("m"),
      output: ({ event }: At) => event.type,
      on: { e: { actions: log("e") } },
    }),
    events: list("e"),
    counts: [8, 8, 8],
    outcomes: [["", 'done {} {log: "+m-m"} => "xstate.done.state.m"']],
  },
];
