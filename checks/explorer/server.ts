import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { policyOf, servedPage } from "./page.js";

/** What the server has to offer. */
export interface Offer {
  /** The hash of the walk to begin with; empty for none. */
  readonly hash: string;
  /** A compiled driver, as `segmf compile` writes it; null for none. */
  readonly driver: Uint8Array | null;
  /** Compiles a C file; null if it was stopped meanwhile. Rejects with what is wrong with the file. */
  compile(name: string, text: Uint8Array): Promise<Uint8Array | null>;
  /** Whether what `compile` rejected with is the file's fault: it is told then, and else thrown. */
  isTheirs(thrown: unknown): thrown is Error;
}

/** A server that runs. */
export interface Running {
  readonly url: string;
  /** Ends it, with all connections. */
  close(): Promise<void>;
}

/** Only programs on this machine reach it. */
const LOOPBACK = "127.0.0.1";
/** A C file of more bytes than this is none. */
const MOST_BYTES = 2 ** 20;
/** Milliseconds in which a request must be there as a whole. */
const PATIENCE = 10_000;

/**
 * Serves the explorer's page on the loopback. There is nothing else to have: the page, the driver if there is one, and the
 * compiler; nothing is read from the file system for a request. A request that names another host, comes from another site's
 * page, or asks for anything else is refused. Rejects if the port can't be had.
 *
 * @param port 0 for any that is free
 */
export async function serve(offer: Offer, port: number): Promise<Running> {
  const html = servedPage({ hash: offer.hash, driver: offer.driver !== null });
  const policy = policyOf(html);
  const server = createServer({ requestTimeout: PATIENCE, headersTimeout: PATIENCE }, (request, response) => {
    for (const [name, value] of Object.entries(headersFor(policy))) response.setHeader(name, value);
    answer(request, response, { offer, html, server })?.catch((thrown: unknown) => server.emit("error", thrown));
  });
  await listening(server, port);
  return {
    url: `http://${LOOPBACK}:${portOf(server)}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // it listens on a port, not on a path
}

function headersFor(policy: string): Readonly<Record<string, string>> {
  return {
    "Content-Security-Policy": policy,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
  };
}

interface Desk {
  readonly offer: Offer;
  readonly html: string;
  readonly server: Server;
}

/** Answers what can be asked for: a method and a path. A promise only where that takes time. */
function answer(request: IncomingMessage, response: ServerResponse, desk: Desk): Promise<void> | undefined {
  const { offer, html, server } = desk;
  const refusal = refusalOf(request, portOf(server));
  if (refusal !== null) {
    refuse(request, response, ...refusal);
    return undefined;
  }
  // As it is: what a request may name is no address of ours, and need not be one at all.
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  if (path === "/compile" && request.method === "POST") {
    return compile(request, response, offer, new URLSearchParams(query).get("name") ?? "seg_mf.c");
  }
  const found = path === "/" ? html : path === "/driver.wasm" ? offer.driver : null;
  const type = path === "/" ? "text/html; charset=utf-8" : "application/wasm";
  if (path === "/compile") wrongMethod(request, response, "POST");
  else if (found === null) refuse(request, response, 404, `${path}: there is nothing here; expected /`);
  else if (!isRead(request)) wrongMethod(request, response, "GET, HEAD");
  else send(request, response, type, found);
  return undefined;
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

type Refusal = readonly [status: number, text: string];

/** Why a request is refused, whatever it asks for: other sites may have the browser send some. */
function refusalOf({ headers }: IncomingMessage, port: number): Refusal | null {
  const hosts = [`${LOOPBACK}:${port}`, `localhost:${port}`];
  if (headers.host === undefined || !hosts.includes(headers.host)) {
    return [421, `this server is for ${hosts.join(" and ")} only`];
  }
  const { origin } = headers;
  const isOwn = origin === undefined || hosts.some((host) => origin === `http://${host}`);
  const site = headers["sec-fetch-site"];
  const isSame = site === undefined || site === "same-origin" || site === "none";
  return isOwn && isSame ? null : [403, "this server answers its own page only; open it in a tab of its own"];
}

async function compile(request: IncomingMessage, response: ServerResponse, offer: Offer, name: string): Promise<void> {
  const text = await bodyOf(request);
  if (text === "gone") return;
  if (text === "too large")
    return refuse(request, response, 413, `${name}: expected a C file of at most ${MOST_BYTES} bytes`);
  try {
    const module = await offer.compile(name, text);
    if (module === null) response.destroy();
    else send(request, response, "application/wasm", module);
  } catch (thrown) {
    if (!offer.isTheirs(thrown)) {
      refuse(request, response, 500, "an internal error; see where segmf explore runs");
      throw thrown;
    }
    refuse(request, response, 422, thrown.message);
  }
}

/** All of a request's body, unless it is too large, or whoever sent it has gone before its end. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | "too large" | "gone"> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      const bytes: Uint8Array = chunk;
      size += bytes.length;
      if (size > MOST_BYTES) return "too large";
      chunks.push(bytes);
    }
  } catch (error) {
    if (request.readableAborted) return "gone";
    throw error;
  }
  return Buffer.concat(chunks, size);
}

function send({ method }: IncomingMessage, response: ServerResponse, type: string, body: string | Uint8Array): void {
  response.writeHead(200, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  response.end(method === "HEAD" ? undefined : body);
}

function wrongMethod(request: IncomingMessage, response: ServerResponse, allowed: string): void {
  response.setHeader("Allow", allowed);
  refuse(request, response, 405, `${request.method}: expected ${allowed}`);
}

/** Says no, and ends the connection: what is left of the request is not read. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
  response.end(request.method === "HEAD" ? undefined : `${text}\n`);
}
