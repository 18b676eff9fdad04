import { parentPort, workerData } from "node:worker_threads";
import type { Order, Report, Setup } from "./messages.js";
import { Share } from "./share.js";

/** The program of a worker: does what it is ordered to, and reports. */

const share = new Share(workerData as Setup);

function obey(order: Order): Report {
  switch (order.kind) {
    case "begin":
      share.begin(order);
      return { kind: "begun" };
    case "round":
      return share.round(order);
    case "trace":
      return { kind: "traced", ...share.trace(order.id) };
    case "hits":
      return { kind: "counted", hits: share.hits };
  }
}

parentPort?.on("message", (order: Order) => {
  let report: Report;
  try {
    report = obey(order);
  } catch (thrown) {
    report = { kind: "failed", message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  parentPort?.postMessage(report);
});
