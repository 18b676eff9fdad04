/** A piece of HTML text, well-formed as XML is, so that a strict reader can read it. */
export type Html = string;

/** Escapes text for HTML, between tags and in attributes. */
export function escaped(text: string): Html {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** An element with its children one after the other. Attributes keep their order. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly Html[]
): Html {
  const given = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${escaped(String(value))}"`);
  return `<${name}${given.join("")}>${children.join("")}</${name}>`;
}

/** An element that has no end tag. */
export function empty(name: string, attributes: Readonly<Record<string, string | number>>): Html {
  const given = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${escaped(String(value))}"`);
  return `<${name}${given.join("")}/>`;
}
