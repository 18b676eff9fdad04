import { closest } from "fastest-levenshtein";
import { elementPath, memberPath } from "../json/path.js";
import type { Json } from "../json/value.js";
import { describe, isArray, isObject, quote } from "../json/value.js";
import { ScenarioError } from "./error.js";

/** Names are compared up to here: spelling help must not take longer than reading. */
const LONGEST_NAME = 64;

/** The name of `names` that is spelt most like `name`. */
export function nearest(name: string, names: readonly string[]): string {
  return closest(name.slice(0, LONGEST_NAME), names);
}

/** A value of the file and where it stands, so that whatever reads it can say what is wrong with it. */
export class JsonNode {
  constructor(
    private readonly file: string,
    readonly path: string,
    /** `undefined` for a member that is not there. */
    readonly value: Json | undefined,
  ) {}

  fail(expected: string, got: string = describe(this.value)): never {
    throw new ScenarioError(this.file, this.path, expected, got);
  }

  /** Fails unless this is an object. An absent member is a node too, with the value `undefined`. */
  member(name: string): JsonNode {
    return new JsonNode(this.file, memberPath(this.path, name), this.members().get(name));
  }

  has(name: string): boolean {
    return this.members().has(name);
  }

  /** Fails unless this is an object whose members are all among `names`. `whose` it is goes into the error. */
  only(whose: string, names: readonly string[]): void {
    for (const name of this.members().keys()) {
      if (!names.includes(name)) {
        this.fail(`a member of ${whose} (nearest: ${quote(nearest(name, names))})`, quote(name));
      }
    }
  }

  /** Fails unless this is an array. */
  elements(): readonly JsonNode[] {
    const value = this.value;
    if (!isArray(value)) return this.fail("an array");
    return value.map((element, index) => new JsonNode(this.file, elementPath(this.path, index), element));
  }

  private members(): ReadonlyMap<string, Json> {
    const value = this.value;
    return isObject(value) ? value : this.fail("an object");
  }
}
