// Each test file that AVA starts loads and warms up the same modules anew, which costs more than most of the tests in it. So
// `npm test` gives it one file for each room, written here, that imports all of the room's tests. As many rooms at a time as
// there are processors; in a room one test at a time, since most use as much of a processor as there is. AVA's own `serial`
// would also take the rooms one at a time, so a room's tests queue up by themselves.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("dist/", import.meta.url));
const rooms = join(dist, "rooms");

const oneAtATime = `import test from "ava";

const waiting = [];
let busy = false;
test.beforeEach(async () => {
  if (busy) await new Promise((resolve) => waiting.push(resolve));
  busy = true;
});
test.afterEach.always(() => {
  const next = waiting.shift();
  if (next === undefined) busy = false;
  else next();
});
`;

/** The room whose tests take as long as those of several others: halved, so that no processor waits for it in the end. */
const LARGEST = "checks-cli";

/** `model` of `model/life.test.js`, `impl-kernel` of `impl/kernel/hat.test.js`; `index` is the file's among all of them. */
function roomOf(file, index) {
  const [room, inner] = file.split("/");
  const name = room === "impl" || room === "checks" ? `${room}-${inner}` : room;
  return name === LARGEST ? `${name}-${(index % 2) + 1}` : name;
}

export default () => {
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
  const tests = files.filter((file) => file.endsWith(".test.js")).sort();
  rmSync(rooms, { recursive: true, force: true });
  mkdirSync(rooms);
  writeFileSync(join(rooms, "one-at-a-time.mjs"), oneAtATime);
  for (const room of new Set(tests.map(roomOf))) {
    const own = tests.filter((file, index) => roomOf(file, index) === room);
    const modules = ["./one-at-a-time.mjs", ...own.map((file) => `../${file}`)];
    writeFileSync(join(rooms, `${room}.js`), modules.map((module) => `import "${module}";\n`).join(""));
  }
  return { files: ["dist/rooms/*.js"], timeout: "3m" };
};
