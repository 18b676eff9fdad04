import test from "ava";
import { ERRATA } from "../../impl/segmf/errata.js";
import { renderErrata } from "./errata.js";

test("every erratum, and all that is known of it", (t) => {
  const text = renderErrata(ERRATA, false);
  const words = text.replaceAll(/\s+/g, " ");
  for (const { id, title, does, follows, clause } of ERRATA) {
    t.true(
      words.includes(
        `${id}: ${title} does ${does} debug ${follows.debug} release ${follows.release} whom ${follows.whom} contract ${clause}`,
      ),
      id,
    );
  }
  t.true(text.split("\n").every((line) => line.length <= 100));
});
