// Removes from dist/ what the compiler once made of a source file that is gone: `tsc --build` leaves it behind, and the
// test runner would still run it.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const DECLARATION = ".d.ts";

const compiled = existsSync(dist) ? readdirSync(dist, { recursive: true, encoding: "utf8" }) : [];
for (const file of compiled) {
  if (!file.endsWith(DECLARATION)) continue;
  const stem = file.slice(0, -DECLARATION.length);
  if ([".ts", ".tsx"].some((extension) => existsSync(join(root, stem + extension)))) continue;
  for (const extension of [DECLARATION, ".js", ".js.map"]) rmSync(join(dist, stem + extension), { force: true });
}
