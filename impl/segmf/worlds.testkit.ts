import fc from "fast-check";
import type { Call, Driver, KernelCall, Observation, Outcome, Parts, RecordedValue, Snapshot } from "../driver.js";
import { scripted } from "../kernel/answers.js";
import { create, dup, frames, grants, register, release, unmap, waiting } from "./testkit.js";

/**
 * For tests of what a call touches and of how a state comes apart: states of a driver that random calls lead to, with
 * forks, and a call made in two of them.
 */
export interface World {
  readonly snapshot: Snapshot;
  readonly observed: Observation;
  readonly parts: Parts | null;
  readonly key: string;
}

const PAGES = 2;
/** The machine that these worlds are made for. */
export const SMALL = { pages: PAGES, maxGrefs: 2 } as const;

const ANSWERS: readonly (readonly number[])[] = [[], [-1], [0, -1], [0, 0, -1], [0, -1, 0, 0]];

/** Calls on one segment, sensible and mistaken. */
function callsOn(seg: number, born: number): readonly Call[] {
  const made: readonly Call[] = [
    frames(0, 1, { seg }),
    frames(1, 1, { seg, domid: 9 }),
    frames(0, 2, { seg, mfn: 0x200 }),
    frames(1, 2, { seg }),
    frames(0, 0, { seg }),
    register(0, undefined, seg),
    register(1, undefined, seg),
    register(1, 0xdead000n, seg),
    register(5, undefined, seg),
    grants(0, [5], { seg }),
    grants(0, [6, 7], { seg, writable: true }),
    grants(1, [5], { seg, domid: 9 }),
    grants(0, [], { seg }),
    grants(0, [1, 2, 3], { seg }),
    release(0, 1, seg),
    release(0, 2, seg),
    release(1, 2, seg),
    unmap(1, seg),
    unmap(PAGES, seg),
    { ...dup(born), seg },
    { call: "fault", seg, page: 0, count: 1, type: "invalid", rw: "read" },
    { call: "getprot", seg, page: 0, count: 1 },
  ];
  return [...made, waiting(frames(0, 1, { seg })), waiting(release(0, 2, seg)), waiting(unmap(PAGES, seg))];
}

const step = fc.record({ seg: fc.nat(2), call: fc.nat(), answers: fc.constantFrom(...ANSWERS, [], []) });

/** Calls for the driver to make, mistaken or not, as long as it can be called. */
const walk = fc.array(step, { minLength: 4, maxLength: 14, size: "max" });

/** Every world along `walks` random walks. The first call of a walk creates a segment, the second one forks it mostly. */
export function worldsOf(driver: Driver, walks: number): readonly World[] {
  const start = driver.snapshot();
  const worlds: World[] = [];
  for (const [index, steps] of fc.sample(walk, { seed: 2018, numRuns: walks }).entries()) {
    driver.restore(start);
    driver.perform(create(index % 5 === 0 ? "none" : "rw"), scripted([]));
    if (index % 3 !== 0) driver.perform(dup(), scripted([]));
    for (const { seg, call: choice, answers } of steps) {
      worlds.push(worldOf(driver));
      const { segments } = driver.observe();
      if ((segments[seg] ?? null) === null || segments[seg]?.stillborn === true || segments.length > 3) continue;
      const calls = callsOn(seg, segments.length);
      const call = calls[choice % calls.length];
      if (call === undefined || driver.perform(call, scripted(answers)).panic !== null) break;
    }
  }
  driver.restore(start);
  return worlds;
}

function worldOf(driver: Driver): World {
  return { snapshot: driver.snapshot(), observed: driver.observe(), parts: driver.parts(), key: driver.key() };
}

/** The first two worlds, if any, that disagree on parts and keys: equal ones of one are to be equal ones of the other. */
export function disagreement(worlds: readonly World[]): readonly [World, World] | null {
  const byKey = new Map<string, World>();
  const byParts = new Map<string, World>();
  for (const world of worlds) {
    const text = world.parts === null ? null : JSON.stringify(world.parts);
    const alike = byKey.get(world.key);
    if (alike !== undefined && textOf(alike.parts) !== textOf(world.parts)) return [alike, world];
    const same = text === null ? undefined : byParts.get(text);
    if (same !== undefined && same.key !== world.key) return [same, world];
    byKey.set(world.key, world);
    if (text !== null) byParts.set(text, world);
  }
  return null;
}

/** What was found of calls that touched nothing but their own segment, and a child that they made. */
export interface Compared {
  /** How many calls were made in two worlds with the same part and rest. */
  readonly calls: number;
  /** The first that gave something else in the other world. */
  readonly wrong: string | null;
}

/** Makes every call in pairs of worlds that have one segment's part and the rest in common, and other segments not. */
export function compareWorlds(driver: Driver, worlds: readonly World[], pairs: number): Compared {
  let calls = 0;
  for (const [one, other, seg] of similar(worlds, pairs)) {
    for (const call of callsOn(seg, one.observed.segments.length)) {
      for (const answers of ANSWERS) {
        const first = make(driver, one, call, answers);
        if (!isConfined(first.outcome, call)) continue;
        const second = make(driver, other, call, answers);
        calls++;
        const wrong = whatDiffers(call, [one, first], [other, second]);
        if (wrong !== null) return { calls, wrong: `${textOf(call)} ${answers}: ${wrong}` };
      }
    }
  }
  return { calls, wrong: null };
}

/** Pairs of worlds that differ in other segments only, and the segment that they have in common. */
function similar(worlds: readonly World[], pairs: number): readonly (readonly [World, World, number])[] {
  const found: (readonly [World, World, number])[] = [];
  const firsts = new Map<string, Map<string, World>>();
  for (const world of worlds) {
    for (const [seg, part] of (world.parts?.segments ?? []).entries()) {
      const segment = world.observed.segments[seg] ?? null;
      if (segment === null || segment.stillborn) continue;
      const common = textOf([seg, part, world.parts?.rest]);
      const group = firsts.get(common) ?? new Map<string, World>();
      firsts.set(common, group);
      const [first] = group.values();
      if (group.has(world.key) || group.size > 3) continue;
      group.set(world.key, world);
      if (first !== undefined) found.push([first, world, seg]);
    }
  }
  // From all over, not the first ones only.
  return found.filter((_, index) => index % Math.ceil(found.length / pairs) === 0);
}

interface Made {
  readonly outcome: Outcome;
  readonly parts: Parts | null;
}

function make(driver: Driver, world: World, call: Call, answers: readonly number[]): Made {
  driver.restore(world.snapshot);
  return { outcome: driver.perform(call, scripted(answers)), parts: driver.parts() };
}

function isConfined({ touched }: Outcome, call: Call): boolean {
  return touched?.every((seg) => seg === call.seg || (call.call === "dup" && seg === call.into)) === true;
}

function whatDiffers(call: Call, [before, a]: [World, Made], [otherBefore, b]: [World, Made]): string | null {
  if (textOf(seen(a.outcome)) !== textOf(seen(b.outcome)))
    return `${textOf(a.outcome)} here, ${textOf(b.outcome)} there`;
  if (a.parts === null || b.parts === null) return a.parts === b.parts ? null : "one does not come apart";
  if (a.parts.rest !== b.parts.rest) return "the rest";
  for (const seg of [call.seg, ...(call.call === "dup" ? [call.into] : [])]) {
    if (a.parts.segments[seg] !== b.parts.segments[seg]) return `the part of segment ${seg}`;
  }
  for (const [world, { parts }] of [
    [before, a],
    [otherBefore, b],
  ] as const) {
    for (const [seg, part] of (world.parts?.segments ?? []).entries()) {
      if (seg !== call.seg && parts?.segments[seg] !== part) return `segment ${seg}, which it did not touch`;
    }
  }
  return null;
}

/** All that can be seen of a call but for names. */
function seen({ ret, panic, asked, calls, touched }: Outcome): unknown {
  const names = new Map<string, number>();
  const renamed = ({ fn, ...rest }: KernelCall): unknown => [fn, renamedIn(rest, names)];
  return { ret, panic, asked, touched, calls: calls.map(renamed) };
}

function renamedIn(values: Readonly<Record<string, RecordedValue>>, names: Map<string, number>): unknown {
  return Object.entries(values).map(([name, value]) => {
    if (typeof value === "object" && value !== null) return [name, value.map((element) => renamedIn(element, names))];
    if ((name !== "handle" && name !== "block") || value === null) return [name, value];
    const known = `${name} ${value}`;
    if (!names.has(known)) names.set(known, names.size);
    return [name, names.get(known)];
  });
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}n` : each));
}
