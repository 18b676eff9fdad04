import { closest, distance } from "fastest-levenshtein";
import { elementPath, memberPath } from "../json/path.js";
import type { Json } from "../json/value.js";
import { describe, isArray, isObject, quote } from "../json/value.js";
import { ScenarioError } from "./error.js";

/** Names are compared up to here: spelling help must not take longer than reading. */
const LONGEST_NAME = 64;

/** For the `expected` of an error about `name`: the one of `names` that was probably meant, or else all of them. */
export function spelling(name: string, names: readonly string[]): string {
  const short = name.slice(0, LONGEST_NAME);
  const nearest = closest(short, names);
  const isNear = distance(short, nearest) * 2 <= Math.max(short.length, nearest.length);
  return isNear ? `(nearest: ${quote(nearest)})` : `(${names.map(quote).join(", ")})`;
}

/** A value of the file and where it stands, so that whatever reads it can say what is wrong with it. */
export class JsonNode {
  /** @param where the path, or the node that this is a member or element of and by which name or index: most paths are never asked for */
  constructor(
    private readonly file: string,
    private readonly where: string | readonly [JsonNode, string | number],
    /** `undefined` for a member that is not there. */
    readonly value: Json | undefined,
  ) {}

  /** Another value in the same place: what stands there, decoded. */
  holding(value: Json): JsonNode {
    return new JsonNode(this.file, this.where, value);
  }

  /** As `$.steps[3].domid`. */
  get path(): string {
    if (typeof this.where === "string") return this.where;
    const [around, step] = this.where;
    return typeof step === "string" ? memberPath(around.path, step) : elementPath(around.path, step);
  }

  fail(expected: string, got: string = describe(this.value)): never {
    throw new ScenarioError(this.file, this.path, expected, got);
  }

  /** Fails unless this is an object. An absent member is a node too, with the value `undefined`. */
  member(name: string): JsonNode {
    return new JsonNode(this.file, [this, name], this.members().get(name));
  }

  has(name: string): boolean {
    return this.members().has(name);
  }

  /** Fails unless this is an object whose members are all among `names`. `whose` it is goes into the error. */
  only(whose: string, names: readonly string[]): void {
    for (const name of this.members().keys()) {
      if (!names.includes(name)) {
        this.fail(`a member of ${whose} ${spelling(name, names)}`, quote(name));
      }
    }
  }

  /** Fails unless this is an array. */
  elements(): readonly JsonNode[] {
    const value = this.value;
    if (!isArray(value)) return this.fail("an array");
    return value.map((element, index) => new JsonNode(this.file, [this, index], element));
  }

  private members(): ReadonlyMap<string, Json> {
    const value = this.value;
    return isObject(value) ? value : this.fail("an object");
  }
}
