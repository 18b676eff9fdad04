/** A piece of XML text. */
export type Xml = string;

/** An element on one line, or with its children on lines of their own. Attributes keep their order. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly Xml[] = [],
): Xml {
  const given = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${escaped(String(value))}"`);
  return children.length === 0
    ? `<${name}${given.join("")}/>`
    : `<${name}${given.join("")}>\n${children.join("\n")}\n</${name}>`;
}

/** An element that holds text only. */
export function textElement(name: string, attributes: Readonly<Record<string, string | number>>, text: string): Xml {
  const given = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${escaped(String(value))}"`);
  return `<${name}${given.join("")}>${escaped(text)}</${name}>`;
}

/** Escapes what is markup, and replaces what no XML document may have. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** A comment of text that has no two hyphens in a row. */
export function comment(text: string): Xml {
  return `<!-- ${text} -->`;
}
