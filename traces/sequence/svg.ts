import { element, textElement, type Xml } from "../svg/xml.js";
import type { Trace } from "../trace/trace.js";
import { type Participant, type SequenceEvent, sequenceOf } from "./sequence.js";

/** In CSS pixels. */
const SIZE = { margin: 12, lane: 270, line: 18, gap: 14, font: 13, character: 7.4, head: 30 } as const;

/** A piece of a drawing, and how much further down the next one begins. */
interface Drawn {
  readonly pieces: readonly Xml[];
  readonly height: number;
}

/**
 * Draws the sequence diagram of a trace: a lane for each who takes part, an arrow for each call, a dashed one for what came back,
 * a box for each note. Classes are for the page's style: `lane`, `message`, `return`, `note`.
 * @param prefix what the drawing's ids begin with
 */
export function drawSequence(trace: Trace, title: string, prefix: string): Xml {
  const { participants, events } = sequenceOf(trace);
  const lanes = new Map(participants.map(({ name }, at) => [name, SIZE.margin + (at + 0.5) * SIZE.lane]));
  const width = 2 * SIZE.margin + participants.length * SIZE.lane;
  const heads = participants.map(({ label }) => wrapped(label, SIZE.lane - 3 * SIZE.gap));
  const room = Math.max(SIZE.head, ...heads.map(({ length }) => (length + 0.5) * SIZE.line));
  let y = SIZE.margin + room + SIZE.gap;
  const drawn: Xml[] = [];
  for (const event of events) {
    const { pieces, height } = drawEvent(event, lanes, y, prefix);
    drawn.push(...pieces);
    y += height;
  }
  const height = y + SIZE.margin;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      role: "img",
      "aria-labelledby": `${prefix}-title`,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
    },
    [
      textElement("title", { id: `${prefix}-title` }, title),
      element("defs", {}, [
        element(
          "marker",
          {
            id: `${prefix}-head`,
            viewBox: "0 0 10 10",
            refX: 9,
            refY: 5,
            markerWidth: 7,
            markerHeight: 7,
            orient: "auto-start-reverse",
          },
          [element("path", { d: "M 0 0 L 10 5 L 0 10 z", class: "head" })],
        ),
      ]),
      ...participants.flatMap(({ name }, at) => drawLane(lanes.get(name) ?? 0, heads[at] ?? [], room, height)),
      ...drawn,
    ],
  );
}

function drawLane(x: number, words: readonly string[], room: number, height: number): readonly Xml[] {
  const top = SIZE.margin;
  return [
    element("line", { class: "lane", x1: x, x2: x, y1: top + room, y2: height - SIZE.margin }),
    element("rect", {
      class: "who",
      x: x - SIZE.lane / 2 + SIZE.gap,
      y: top,
      width: SIZE.lane - 2 * SIZE.gap,
      height: room,
      rx: 4,
    }),
    ...words.map((line, at) =>
      textElement(
        "text",
        { x, y: top + room / 2 + (at - (words.length - 1) / 2) * SIZE.line + SIZE.font / 3, class: "middle" },
        line,
      ),
    ),
  ];
}

function drawEvent(event: SequenceEvent, lanes: ReadonlyMap<Participant, number>, top: number, prefix: string): Drawn {
  if (event.kind === "note")
    return drawNote(event.text, lanes.get(event.over[0]) ?? 0, lanes.get(event.over[1]) ?? 0, top);
  const [from, to] = [lanes.get(event.from) ?? 0, lanes.get(event.to) ?? 0];
  const left = Math.min(from, to);
  const lines = wrapped(event.text, Math.max(Math.abs(to - from), SIZE.lane) - 2 * SIZE.gap);
  const y = top + lines.length * SIZE.line;
  return {
    pieces: [
      ...lines.map((line, at) =>
        textElement("text", { x: left + SIZE.gap, y: top + at * SIZE.line + SIZE.font }, line),
      ),
      element("line", {
        class: event.kind === "call" ? "message" : "return",
        x1: from,
        x2: to,
        y1: y,
        y2: y,
        "marker-end": `url(#${prefix}-head)`,
      }),
    ],
    height: lines.length * SIZE.line + SIZE.gap,
  };
}

function drawNote(text: string, from: number, to: number, top: number): Drawn {
  const x = from - SIZE.gap;
  const width = to - from + 2 * SIZE.gap;
  const lines = wrapped(text, width - SIZE.gap);
  const height = lines.length * SIZE.line + SIZE.gap / 2;
  return {
    pieces: [
      element("rect", { class: "note", x, y: top, width, height, rx: 2 }),
      ...lines.map((line, at) =>
        textElement("text", { x: x + SIZE.gap / 2, y: top + at * SIZE.line + SIZE.font + 2, class: "said" }, line),
      ),
    ],
    height: height + SIZE.gap,
  };
}

/** Breaks text between words so that its lines are as wide as that at most; a longer word sticks out. */
function wrapped(text: string, width: number): readonly string[] {
  const most = Math.floor(width / SIZE.character);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > most) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
