import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ErrorObject, ValidateFunction } from "ajv";
import { JsonSyntaxError, readJson } from "../../../traces/json/read.js";
import { Misuse } from "../exit.js";
import { readText, reasonOf } from "../files.js";
import { suggestion } from "../suggest.js";
import type { Config } from "./config.js";

/** A configuration, and where it was read. */
export interface Found {
  readonly config: Config;
  /** Paths in it are seen from here. */
  readonly folder: string;
  /** As messages name it. */
  readonly path: string;
}

const NAMES = ["segmf.config.ts", "segmf.config.js", "segmf.config.json"] as const;

const SCHEMA = fileURLToPath(new URL("../../../../schemas/segmf-config-1.schema.json", import.meta.url));

/** The configuration in a folder, `null` if there is none. Throws `Misuse`. */
export async function findConfig(folder: string): Promise<Found | null> {
  const there = NAMES.filter((name) => existsSync(join(folder, name)));
  if (there.length > 1) {
    throw new Misuse(`${there.join(" and ")}: expected one of them, got ${there.length}; delete the others`);
  }
  const [name] = there;
  return name === undefined ? null : await readConfig(join(folder, name), name);
}

/** The configuration in a file. Throws `Misuse` if it is missing, or is not what the schema says. */
export async function readConfig(file: string, path = file): Promise<Found> {
  const value = extname(file) === ".json" ? jsonIn(file, path) : await moduleIn(file, path);
  return { config: await checked(value, path), folder: dirname(resolve(file)), path };
}

function jsonIn(file: string, path: string): unknown {
  const text = readText(file, "--config", "a configuration, as segmf.config.json");
  try {
    // It says better than JSON.parse what is wrong.
    readJson(text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new Misuse(`${path}: ${error.message}`);
    throw error;
  }
}

/** What a module exports by default. TypeScript is compiled on the way, without looking at types. */
async function moduleIn(file: string, path: string): Promise<unknown> {
  const expected = "expected a module that exports a configuration by default";
  if (!existsSync(file)) throw new Misuse(`--config ${path}: no such file or directory; ${expected}`);
  try {
    const module = await imported(file);
    if (typeof module === "object" && module !== null && "default" in module) return module.default;
  } catch (error) {
    const [line = ""] = reasonOf(error).split("\n");
    throw new Misuse(`${path}: can't be loaded (${line}); ${expected}`);
  }
  throw new Misuse(`${path}: has no default export; ${expected}`);
}

/** As the file is now: Node remembers a module by its address, and one that is watched changes. */
async function imported(file: string): Promise<unknown> {
  const { href } = pathToFileURL(resolve(file));
  if (extname(file) === ".ts") {
    const { createJiti } = await import("jiti");
    return createJiti(import.meta.url, { moduleCache: false }).import(href);
  }
  const content = createHash("sha256").update(readFileSync(file)).digest("hex");
  return import(`${href}?${content}`);
}

/** Made once: it takes longer than anything else that is done with a configuration. */
let validator: Promise<ValidateFunction<Config>> | null = null;

async function validatorOfSchema(): Promise<ValidateFunction<Config>> {
  // Loaded by those who have a configuration only.
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  const ajv = new Ajv2020({ verbose: true, allowUnionTypes: true });
  return ajv.compile<Config>(JSON.parse(readFileSync(SCHEMA, "utf8")));
}

async function checked(value: unknown, path: string): Promise<Config> {
  validator ??= validatorOfSchema();
  const validate = await validator;
  if (validate(value)) return value;
  const [error] = validate.errors ?? [];
  throw new Misuse(`${path}: ${error === undefined ? "is not a configuration" : told(error)}`);
}

/** What the schema says against a value: where, what was expected, what is there. */
function told({ instancePath, keyword, params, message, data, parentSchema }: ErrorObject): string {
  const at = `$${instancePath.replaceAll("/", ".").replaceAll("~1", "/").replaceAll("~0", "~")}`;
  if (keyword === "additionalProperties") {
    const key = String(params.additionalProperty);
    return `${at}: unknown key "${key}"${suggestion(key, keysOf(parentSchema))}`;
  }
  if (keyword === "propertyNames")
    return `${at}: a check's name is letters, digits, ".", "_" and "-", got "${params.propertyName}"`;
  const allowed: unknown = params.allowedValues;
  const wanted = Array.isArray(allowed) ? `expected one of ${allowed.join(", ")}` : message;
  return `${at}: ${wanted}, got ${JSON.stringify(data)}`;
}

function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null || !("properties" in schema)) return [];
  return Object.keys(schema.properties ?? {});
}
