import type { Call } from "../../../impl/driver.js";
import type { CallEvent, LogEvent, LogHeader } from "../../../traces/log/log.js";
import { Component } from "./component.js";
import { ABSENT, anyBoxes, boxKey, type SegmentBox } from "./segments.js";

/** A call that segments' numbers speak against, and how it should have been. */
export interface OutOfTurn {
  readonly reason: string;
  readonly expected: string;
  nearest(event: CallEvent): LogEvent | null;
}

/**
 * Which segments there are by the numbers that the log gives them, and the component that each is in. In a log that starts in the
 * middle any may have been there before.
 */
export class Registry {
  readonly #header: LogHeader;
  readonly #components = new Map<number, Component>();
  /** The first segment that came to be within the log. */
  #first: number | null = null;
  readonly #sizes = new WeakMap<Component, number>();
  /** Segments that were there before the log and are gone. */
  readonly #goneBefore = new Set<number>();
  /** The number of the next segment; `null` as long as a log that starts in the middle has not said. */
  #next: number | null;
  /** The largest number that was called. */
  #largest = -1;
  #count = 0;

  constructor(header: LogHeader) {
    this.#header = header;
    this.#next = header.start === "empty" ? 0 : null;
  }

  /** How many segments were called, or came to be. */
  get count(): number {
    return this.#count;
  }

  get components(): ReadonlySet<Component> {
    return new Set(this.#components.values());
  }

  /** The component of a segment on which a call is under way. */
  componentWith(seg: number): Component {
    const component = this.#components.get(seg);
    if (component === undefined) throw new Error(`segment ${seg} has a call under way and is not there`);
    return component;
  }

  /** Whatever may have happened: what is there now is as unknown as before the log. */
  forgetAll(): void {
    this.#components.clear();
    this.#goneBefore.clear();
    this.#first = null;
    this.#next = null;
  }

  /** Segments are numbered in the order of the calls that make them. */
  outOfTurn(call: Call): OutOfTurn | null {
    const makes = call.call === "create" ? call.seg : call.call === "dup" ? call.into : null;
    const { seg } = call;
    if (makes !== call.seg && !this.#exists(seg)) {
      return {
        reason: `segment ${seg} never came to be`,
        expected: "a call on a segment that is there",
        nearest: () => null,
      };
    }
    if (makes === null || (this.#next === null ? makes > this.#largest : makes === this.#next)) return null;
    const next = this.#next ?? this.#largest + 1;
    return {
      reason: `${makes} is not the number of the next segment`,
      expected: `the number ${next}`,
      nearest: (event) => ({ ...event, call: call.call === "dup" ? { ...call, into: next } : { ...call, seg: next } }),
    };
  }

  #exists(seg: number): boolean {
    return this.#next === null || seg < this.#next;
  }

  /** `null`: the segment is gone. */
  componentOf({ call, pages = this.#header.pages }: CallEvent): Component | null {
    const { seg } = call;
    const known = this.#components.get(seg);
    if (known !== undefined) return known;
    const isNew = call.call === "create";
    if (!isNew && (this.#header.start === "empty" || this.#goneBefore.has(seg) || seg >= (this.#first ?? seg + 1))) {
      return null;
    }
    const convention = this.#header.addresses === "convention";
    const component = new Component([seg], isNew ? [ABSENT] : anyBoxes(pages, convention, seg));
    this.#register(component, seg, isNew);
    this.#sizes.set(component, pages);
    return component;
  }

  /** Of each of its segments: they descend from one another. */
  pagesOf(component: Component): number {
    return this.#sizes.get(component) ?? this.#header.pages;
  }

  /** A fork may make a child: what becomes of it depends on its parent. */
  adopt(component: Component, child: number): void {
    component.segs.push(child);
    component.candidates = component.candidates.map(({ boxes, done }) => ({ boxes: [...boxes, ABSENT], done }));
    this.#register(component, child, true);
  }

  /** A segment whose state is the same in every candidate goes on alone, and one that is gone is forgotten. */
  takeApart(component: Component): void {
    for (const seg of [...component.segs]) {
      if (component.segs.length === 1) break;
      const at = component.segs.indexOf(seg);
      const box = onlyBox(component, at);
      if (box === null) continue;
      component.segs.splice(at, 1);
      component.candidates = component.candidates.map(({ boxes, done }) => ({ boxes: boxes.toSpliced(at, 1), done }));
      if (box.life === "gone" || box.life === "absent") this.#forget(seg);
      else {
        const alone = new Component([seg], [box]);
        alone.cut = component.cut;
        this.#components.set(seg, alone);
        this.#sizes.set(alone, this.#sizes.get(component) ?? this.#header.pages);
      }
    }
    const [last] = component.segs;
    const isGone = component.candidates.every(({ boxes: [box] }) => box?.life === "gone");
    if (component.segs.length === 1 && last !== undefined && isGone) this.#forget(last);
  }

  #register(component: Component, seg: number, isNew: boolean): void {
    this.#components.set(seg, component);
    this.#count++;
    this.#largest = Math.max(this.#largest, seg);
    if (!isNew) return;
    this.#first ??= seg;
    this.#next = seg + 1;
  }

  #forget(seg: number): void {
    this.#components.delete(seg);
    if (this.#header.start === "middle" && (this.#first === null || seg < this.#first)) this.#goneBefore.add(seg);
  }
}

/** The one box that a segment has in all candidates, if it says all of its own. */
function onlyBox(component: Component, at: number): SegmentBox | null {
  const box = component.candidates[0]?.boxes[at];
  if (box === undefined || typeof box.domid !== "number") return null;
  const key = boxKey(box);
  const same = component.candidates.every(({ boxes }) => boxKey(boxes[at] ?? ABSENT) === key);
  return same ? box : null;
}
