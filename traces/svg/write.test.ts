import test from "ava";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { EXAMPLE, traceArbitrary, traceOf } from "../trace/testkit.js";
import { writeSvg } from "./write.js";

interface Drawing {
  readonly elements: readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[];
  /** The text of each element that has some, by the element's name. */
  readonly texts: readonly (readonly [string, string])[];
}

/** Reads XML strictly: throws where it is not well-formed. */
function read(xml: string): Drawing {
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  const texts: [string, string][] = [];
  const open: string[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    elements.push({ name, attributes });
    open.push(name);
  });
  parser.on("closetag", () => open.pop());
  parser.on("text", (text) => {
    const name = open.at(-1);
    if (name !== undefined && text.trim() !== "") texts.push([name, text]);
  });
  parser.write(xml).close();
  return { elements, texts };
}

test("what has changed is marked, in the map and in the page table", (t) => {
  const { texts } = read(writeSvg(traceOf(EXAMPLE)));
  t.deepEqual(
    texts.map(([, text]) => text).filter((text) => text.startsWith("▸ ")),
    [
      "▸ segment 0: domid 0, softlockcnt 0, locks 0",
      "▸ segment 0: domid 7, softlockcnt 0, locks 0",
      "▸ 0x100 of 7, rw",
      "▸ segment 0: domid 7, softlockcnt 0, locks 1",
      "▸ throwaway",
      "▸ segment 0: domid 7, softlockcnt 0, locks 2",
      "▸ throwaway",
      "▸ ref 5, handle 1, rw",
      "▸ grant 1 of 7, rw",
      "▸ ref 6, handle 0, rw",
      "▸ empty",
      "▸ –",
      "▸ empty",
      "▸ segment 1: domid 7, softlockcnt 0, locks 0",
      "▸ segment 1: no segment",
      "▸ segment 0: no segment",
    ],
  );
});

test("a screen reader is told what it is, and every step", (t) => {
  const trace = traceOf(EXAMPLE, { name: "example" });
  const { elements, texts } = read(writeSvg(trace));
  const root = elements[0];
  t.is(root?.name, "svg");
  t.is(root?.attributes.role, "img");
  const ids = root?.attributes["aria-labelledby"]?.split(" ");
  t.deepEqual(
    ids,
    elements.flatMap(({ attributes }) => attributes.id ?? []),
  );
  t.is(texts.find(([name]) => name === "title")?.[1], "example: illumos on the release kernel");
  const description = texts.find(([name]) => name === "desc")?.[1] ?? "";
  t.is(description.match(/\d+\. \w+\(/g)?.length, EXAMPLE.steps.length);
  t.true(writeSvg(trace).includes("@media (prefers-color-scheme: dark)"));
});

test("a large segment is drawn by the pages that hold something", (t) => {
  const steps = EXAMPLE.steps.slice(0, 2);
  const { texts } = read(writeSvg(traceOf({ pages: 512, steps }, { edition: "corrected" })));
  const shown = texts.map(([, text]) => text);
  t.is(shown.filter((text) => text === "all other pages: empty").length, 3);
  t.false(shown.includes("511"));
});

test("any trace is well-formed XML whose drawing stays within its size", (t) => {
  fc.assert(
    fc.property(traceArbitrary, (trace) => {
      const { elements } = read(writeSvg(trace));
      const root = elements[0]?.attributes;
      for (const { name, attributes } of elements) {
        if (name !== "text" && name !== "rect") continue;
        t.true(Number(attributes.x ?? 0) + Number(attributes.width ?? 0) <= Number(root?.width));
        t.true(Number(attributes.y ?? 0) + Number(attributes.height ?? 0) <= Number(root?.height));
      }
    }),
    { numRuns: 40 },
  );
});
