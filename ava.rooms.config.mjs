// Each test file that AVA starts loads and warms up the same modules anew, which costs more than most of the tests in it. So
// `npm test` gives it one file for each room, written here, that imports all of the room's tests. One test at a time, since
// most use as much of the processor as there is; as many rooms at a time as AVA sees fit.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("dist/", import.meta.url));
const rooms = join(dist, "rooms");

/** `model` of `model/life.test.js`, `impl-kernel` of `impl/kernel/hat.test.js`. */
function roomOf(file) {
  const [room, inner] = file.split("/");
  return room === "impl" || room === "checks" ? `${room}-${inner}` : room;
}

export default () => {
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
  const tests = files.filter((file) => file.endsWith(".test.js")).sort();
  rmSync(rooms, { recursive: true, force: true });
  mkdirSync(rooms);
  for (const room of new Set(tests.map(roomOf))) {
    const imports = tests.filter((file) => roomOf(file) === room).map((file) => `import "../${file}";\n`);
    writeFileSync(join(rooms, `${room}.js`), imports.join(""));
  }
  return { files: ["dist/rooms/*.js"], serial: true, timeout: "3m" };
};
