import { request } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import test from "ava";
import { HEAD, markOf } from "../../traces/trace/mark.js";
import { SITE_FORMAT } from "../doc/site/page.js";
import { explorerPage, policyOf, servedPage } from "./page.js";
import { type Offer, type Running, serve } from "./server.js";

class Theirs extends Error {}

const OFFER: Offer = {
  hash: "1abc",
  driver: Uint8Array.of(0, 0x61, 0x73, 0x6d),
  compile: (name, text) =>
    text.length === 3
      ? Promise.reject(new Theirs(`${name}: does not compile`))
      : Promise.resolve(text.length === 0 ? null : Uint8Array.from([...text].reverse())),
  isTheirs: (thrown) => thrown instanceof Theirs,
};

let running: Running;
let port: number;

test.before(async () => {
  running = await serve(OFFER, 0);
  port = Number(new URL(running.url).port);
});

test.after.always(() => running.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Paths are sent as they are, dots and all. */
function ask(path: string, { method = "GET", headers = {}, body = "" }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers: { ...headers } }, (response) => {
      let text = "";
      response.setEncoding("latin1");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

test("the page is one file with a strict policy, which runs its own script only", async (t) => {
  const { status, headers, body } = await ask("/");
  t.is(status, 200);
  t.is(headers["content-type"], "text/html; charset=utf-8");
  t.is(body, Buffer.from(servedPage({ hash: "1abc", driver: true })).toString("latin1"));
  const policy = String(headers["content-security-policy"]);
  t.regex(
    policy,
    /^default-src 'none'; script-src 'sha256-[\w+/]+=' 'wasm-unsafe-eval'; style-src 'sha256-[\w+/]+='; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  );
  t.is(policy, policyOf(explorerPage()));
  for (const [name, value] of [
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    ["referrer-policy", "no-referrer"],
    ["cache-control", "no-store"],
  ] as const) {
    t.is(headers[name], value);
  }
});

test("the page names no other file, and is smaller than 250 kB compressed", (t) => {
  const html = explorerPage();
  t.true(html.slice(0, HEAD).includes(markOf(SITE_FORMAT)), "as a page of the site it may be overwritten");
  t.deepEqual(html.match(/<(?:script|link|img)\b[^>]*\b(?:src|href)="(?!data:)[^"]*"/g), null);
  t.false(/\bimport\s*\(|<script type="module"/.test(html));
  const bytes = gzipSync(html, { level: 9 }).length;
  t.true(bytes < 250_000, `${bytes} bytes`);
});

test("how a page begins can't end its script", (t) => {
  const html = servedPage({ hash: "</script><script>$&", driver: false });
  t.true(html.includes(`id="start">{"hash":"\\u003c/script>\\u003cscript>$&","driver":false}</script>`));
});

test("the driver is served, and C files are compiled", async (t) => {
  const driver = await ask("/driver.wasm");
  t.is(driver.headers["content-type"], "application/wasm");
  t.is(driver.body, "\0asm");
  const compiled = await ask("/compile?name=x.c", { method: "POST", body: "abcd" });
  t.is(compiled.status, 200);
  t.is(compiled.body, "dcba");
  const wrong = await ask("/compile?name=x.c", { method: "POST", body: "int" });
  t.is(wrong.status, 422);
  t.is(wrong.body, "x.c: does not compile\n");
});

test("HEAD has no body", async (t) => {
  const { status, body, headers } = await ask("/", { method: "HEAD" });
  t.is(status, 200);
  t.is(body, "");
  t.is(Number(headers["content-length"]), Buffer.byteLength(servedPage({ hash: "1abc", driver: true })));
});

for (const [what, host, status] of [
  ["its address", () => `127.0.0.1:${port}`, 200],
  ["localhost", () => `localhost:${port}`, 200],
  ["another name", () => `evil.example:${port}`, 421],
  ["another port", () => "127.0.0.1:1", 421],
  ["no port", () => "127.0.0.1", 421],
  ["a name that ends alike", () => `notlocalhost:${port}`, 421],
] as const) {
  test(`a Host header with ${what}: ${status}`, async (t) => {
    t.is((await ask("/", { headers: { Host: host() } })).status, status);
  });
}

for (const [what, headers, status] of [
  ["its own page", () => ({ Origin: `http://127.0.0.1:${port}`, "Sec-Fetch-Site": "same-origin" }), 200],
  ["another site", () => ({ Origin: "https://evil.example" }), 403],
  ["another port", () => ({ Origin: "http://127.0.0.1:1" }), 403],
  ["a page of no origin", () => ({ Origin: "null" }), 403],
  ["a page of another site that says no origin", () => ({ "Sec-Fetch-Site": "cross-site" }), 403],
] as const) {
  test(`a compilation asked for by ${what}: ${status}`, async (t) => {
    t.is((await ask("/compile", { method: "POST", body: "abcd", headers: headers() })).status, status);
  });
}

for (const [method, path, status, allow] of [
  ["GET", "/explorer.html", 404, undefined],
  ["GET", "/../../../etc/passwd", 404, undefined],
  ["GET", "/%2e%2e/%2e%2e/etc/passwd", 404, undefined],
  ["GET", "//etc/passwd", 404, undefined],
  ["GET", "/package.json", 404, undefined],
  ["POST", "/", 405, "GET, HEAD"],
  ["PUT", "/driver.wasm", 405, "GET, HEAD"],
  ["GET", "/compile", 405, "POST"],
  ["OPTIONS", "/compile", 405, "POST"],
] as const) {
  test(`${method} ${path}: ${status}`, async (t) => {
    const answer = await ask(path, { method });
    t.is(answer.status, status);
    t.is(answer.headers.allow, allow);
    t.is(answer.headers["content-type"], "text/plain; charset=utf-8");
    t.truthy(answer.headers["content-security-policy"]);
  });
}

test("a file that is too large is refused", async (t) => {
  const answer = await ask("/compile?name=big.c", { method: "POST", body: new Uint8Array(2 ** 20 + 1) });
  t.is(answer.status, 413);
  t.is(answer.body, "big.c: expected a C file of at most 1048576 bytes\n");
});

/** Sends what no client would, ends there, and gives what is answered. */
function askRaw(...lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.end(lines.map((line) => `${line}\r\n`).join("")));
    let got = "";
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => {
      got += part;
    });
    socket.on("close", () => resolve(got));
    socket.on("error", reject);
  });
}

test("a request without a Host is refused", async (t) => {
  t.regex(await askRaw("GET / HTTP/1.0", ""), /^HTTP\/1\.1 421 /);
});

for (const target of ["//", "http://[", "//:99999/", "*"]) {
  test(`a request for ${target}, which is no address, is refused, and the server goes on`, async (t) => {
    t.regex(await askRaw(`GET ${target} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ""), /^HTTP\/1\.1 404 /);
    t.is((await ask("/")).status, 200);
  });
}

test("whoever goes away in the middle of a file, or of a compilation that is stopped, gets nothing", async (t) => {
  const head = ["POST /compile HTTP/1.1", `Host: 127.0.0.1:${port}`];
  t.regex(await askRaw(...head, "Content-Length: 100", "", "int"), /^(HTTP\/1\.1 400 |$)/);
  await t.throwsAsync(ask("/compile", { method: "POST" }), { code: "ECONNRESET" });
  t.is((await ask("/")).status, 200);
});

test("without a driver there is none to have, and a port that is taken is an error", async (t) => {
  await t.throwsAsync(serve({ ...OFFER, driver: null }, port), { code: "EADDRINUSE" });
  const other = await serve({ ...OFFER, driver: null }, 0);
  const response = await fetch(`${other.url}driver.wasm`);
  t.is(response.status, 404);
  await response.text();
  await other.close();
  await t.throwsAsync(fetch(other.url));
});
