// What `bin` in package.json names must be executable for `npx segmf` in a checkout. TypeScript does not set modes; npm sets
// them only where it installs a package.
import { chmodSync, readFileSync } from "node:fs";

const { bin } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
for (const path of Object.values(bin)) chmodSync(new URL(`../${path}`, import.meta.url), 0o755);
