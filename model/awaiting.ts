import type { QuestionKind } from "../impl/driver.js";
import type { SpecSnapshot } from "./machine.js";

/** The answer that a call under way waits for. `element` counts the elements of its hypercall from 0; `page` is the page that the element is for. */
export type Awaited =
  | { readonly kind: "addmap"; readonly seg: number }
  | { readonly kind: "update_va_mapping"; readonly seg: number; readonly page: number }
  | { readonly kind: "map_grant_ref" | "unmap_grant_ref"; readonly seg: number; readonly count: number }
  | {
      readonly kind: "map_grant_ref_status" | "unmap_grant_ref_status";
      readonly seg: number;
      readonly page: number;
      readonly element: number;
    };

/** Which answer the specification waits for; null if no call is under way. An element that the hypervisor refuses by itself is never waited for. */
export function awaiting(snapshot: SpecSnapshot): Awaited | null {
  const { underWay } = snapshot.context;
  const kind = questionOf(snapshot);
  if (underWay === null || kind === null) return null;
  if (kind === "addmap") return { kind, seg: underWay.call === "dup" ? underWay.into : underWay.seg };
  if (!("pages" in underWay)) return null;
  const { seg, pages, at } = underWay;
  const page = pages[at] ?? 0; // a walk waits for an answer only while it has a page left
  if (kind === "update_va_mapping") return { kind, seg, page };
  if (kind === "map_grant_ref" || kind === "unmap_grant_ref") return { kind, seg, count: pages.length };
  return { kind, seg, page, element: at };
}

/** A state that waits for an answer carries the kind of the question as its tag. */
function questionOf(snapshot: SpecSnapshot): QuestionKind | null {
  for (const tag of snapshot.tags) return tag as QuestionKind; // no state has any other tags
  return null;
}
