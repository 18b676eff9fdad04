import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AnyStateMachine } from "xstate";
import type { Invariant } from "../invariants.js";
import { valueKey } from "../key.js";
import type { Events } from "../machine-system.js";
import { fingerprint } from "./fingerprint.js";

/** What is explored. */
export interface Explored {
  readonly machine: AnyStateMachine;
  readonly events: Events;
  readonly invariants: Readonly<Record<string, Invariant>>;
  readonly input: unknown;
}

/**
 * What tells one exploration from another: for each part of it a hash. It sees the text of functions, not the values that
 * they capture from around them.
 */
export type Identity = Readonly<Record<string, string>>;

/** The identity of an exploration by this version of the program. */
export function identityOf({ machine, events, invariants, input }: Explored): Identity {
  return {
    "program's version": packageVersion(),
    machine: fingerprint([machine.config, machine.implementations]),
    events:
      typeof events === "function"
        ? fingerprint(events)
        : sha256(
            events
              .map((each) => (typeof each === "function" ? fingerprint(each) : valueKey(each, "events")))
              .join("\n"),
          ),
    invariants: fingerprint(Object.entries(invariants)),
    input: fingerprint(input),
  };
}

/** The parts in which two identities differ. */
export function differences(expected: Identity, found: Identity): string[] {
  const parts = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...parts].filter((part) => expected[part] !== found[part]);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../../../package.json", import.meta.url), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version);
  throw new Error("package.json has no version");
}
