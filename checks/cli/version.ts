import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The version of this package. */
export function packageVersion(): string {
  return versionIn(new URL("../../../package.json", import.meta.url)) ?? "unknown";
}

/** The version of a package as it is found from here; `null` if it is not. It may not let its package.json be imported. */
export function versionOf(name: string): string | null {
  try {
    const tail = join("node_modules", ...name.split("/"));
    let folder = dirname(fileURLToPath(import.meta.resolve(name)));
    while (!folder.endsWith(tail)) {
      if (folder === dirname(folder)) return null;
      folder = dirname(folder);
    }
    return versionIn(join(folder, "package.json"));
  } catch {
    return null;
  }
}

function versionIn(manifest: string | URL): string | null {
  const parsed: unknown = JSON.parse(readFileSync(manifest, "utf8"));
  return typeof parsed === "object" && parsed !== null && "version" in parsed ? String(parsed.version) : null;
}
