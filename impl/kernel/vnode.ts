import type { OrBreach } from "./panic.js";
import { PanicReason } from "./panic.js";

/** The device's vnode: how often it is held, and how many pages are mapped from it (contract section 4, vnode). */
export interface Vnode {
  readonly holds: number;
  readonly mappedPages: number;
}

export const NO_VNODE: Vnode = { holds: 0, mappedPages: 0 };

export function hold(vnode: Vnode): Vnode {
  return { holds: vnode.holds + 1, mappedPages: vnode.mappedPages };
}

export function release(vnode: Vnode): OrBreach<Vnode> {
  if (vnode.holds === 0) return PanicReason.vnodeNoHold;
  return { holds: vnode.holds - 1, mappedPages: vnode.mappedPages };
}

export function countMapped(vnode: Vnode, pages: number): Vnode {
  return { holds: vnode.holds, mappedPages: vnode.mappedPages + pages };
}

export function uncountMapped(vnode: Vnode, pages: number): OrBreach<Vnode> {
  if (vnode.mappedPages < pages) return PanicReason.vnodeNotMapped;
  return { holds: vnode.holds, mappedPages: vnode.mappedPages - pages };
}
