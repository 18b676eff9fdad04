import type { Case } from "../bench.js";
import { check } from "./check.js";
import { drivers } from "./drivers.js";
import { limit } from "./limit.js";
import { peers } from "./peers.js";
import { scaling } from "./scaling.js";
import { specification } from "./specification.js";
import { workers } from "./workers.js";

/** Everything that is measured, in the order of reports. */
export const CASES: readonly Case[] = [limit, peers, scaling, specification, drivers, workers, check];
