import { element, textElement, type Xml } from "../../../traces/svg/xml.js";
import { number } from "../../report/style.js";
import type { Bars } from "../document.js";

/** In CSS pixels. */
const SIZE = { line: 22, bar: 14, longest: 360, gap: 8, character: 8.2, font: 13 } as const;

/** Draws counts as bars, one below the other. Every number stands beside its bar. */
export function drawBars({ caption, axes, bars }: Bars, prefix: string): Xml {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const room = Math.max(axes[0].length, ...bars.map(({ label }) => label.length)) * SIZE.character;
  const left = Math.ceil(room) + SIZE.gap;
  const width = left + SIZE.longest + 10 * SIZE.character;
  const height = (bars.length + 1) * SIZE.line;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      role: "img",
      "aria-labelledby": `${prefix}-title ${prefix}-description`,
      viewBox: `0 0 ${Math.ceil(width)} ${height}`,
      width: Math.ceil(width),
      height,
    },
    [
      textElement("title", { id: `${prefix}-title` }, caption),
      textElement(
        "desc",
        { id: `${prefix}-description` },
        bars.map(({ label, value }) => `${label}: ${value}`).join("; "),
      ),
      textElement("text", { x: left - SIZE.gap, y: SIZE.font, class: "label dim" }, axes[0]),
      textElement("text", { x: left, y: SIZE.font, class: "dim" }, axes[1]),
      ...bars.flatMap(({ label, value }, at) => {
        const y = (at + 1) * SIZE.line;
        const length = Math.max(1, Math.round((value / most) * SIZE.longest));
        return [
          textElement("text", { x: left - SIZE.gap, y: y + SIZE.font, class: "label" }, label),
          element("rect", { class: "bar", x: left, y: y + 2, width: length, height: SIZE.bar }),
          textElement("text", { x: left + length + SIZE.gap, y: y + SIZE.font }, number(value)),
        ];
      }),
    ],
  );
}
