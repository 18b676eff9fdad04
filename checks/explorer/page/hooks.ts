import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import type { Explorer } from "../session/explorer.js";

/** What every part of the page can reach. */
export interface Desk {
  readonly explorer: Explorer;
  /** Says something: what was done, or what is wrong. */
  say(message: Message | null): void;
  /** Says what was thrown. */
  readonly failed: (thrown: unknown) => void;
  /** Opens files that were dropped, picked or pasted. */
  openFiles(files: readonly File[]): Promise<void>;
}

export interface Message {
  readonly kind: "done" | "wrong";
  readonly text: string;
}

const DeskContext = createContext<Desk | null>(null);
export const DeskProvider = DeskContext.Provider;

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error("outside of the page");
  return desk;
}

/** The walk; what uses it is drawn again whenever it changes. */
export function useExplorer(): Explorer {
  const { explorer } = useDesk();
  const [, redraw] = useReducer((turn: number, _changed: "changed") => turn + 1, 0);
  useEffect(() => explorer.subscribe(() => redraw("changed")), [explorer]);
  return explorer;
}
