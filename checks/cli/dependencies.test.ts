import { execFile } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { scratch } from "./testkit.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = scratch();
test.after.always(() => folder.remove());

/** What `.ci/dependencies.mjs --check` of a checkout says. */
function checked(checkout: string): Promise<{ readonly code: number | string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(checkout, ".ci/dependencies.mjs"), "--check"], (error, _, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? "signal"), stderr }),
    );
  });
}

test("docs/dependencies.md is what package-lock.json says (npm run dependencies writes it anew), and nothing runs a script when it is installed", async (t) => {
  t.deepEqual(await checked(root), { code: 0, stderr: "" });
});

test("a package that runs a script when it is installed, has no licence or no hash, or is not in the list, is told", async (t) => {
  for (const name of [".ci", "docs"]) await mkdir(join(folder.path, name));
  for (const name of ["package.json", ".ci/dependencies.mjs", "docs/dependencies.md"]) {
    await cp(join(root, name), join(folder.path, name));
  }
  const lock: { readonly packages: Record<string, object> } = JSON.parse(
    await readFile(join(root, "package-lock.json"), "utf8"),
  );
  lock.packages["node_modules/odd"] = { version: "1.0.0", hasInstallScript: true };
  await writeFile(join(folder.path, "package-lock.json"), JSON.stringify(lock));
  t.deepEqual(await checked(folder.path), {
    code: 1,
    stderr: [
      "node_modules/odd: no licence is known; look into it, and name it in .ci/dependencies.mjs",
      "node_modules/odd: package-lock.json has no hash of it",
      "node_modules/odd: it runs a script when it is installed; find another package",
      "docs/dependencies.md: is not as package-lock.json says; npm run dependencies",
    ]
      .map((line) => `dependencies.mjs: ${line}\n`)
      .join(""),
  });
});
