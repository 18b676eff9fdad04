import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readConfig } from "../../config/read.js";
import { Misuse } from "../../exit.js";
import { scratch } from "../../testkit.js";
import { edited } from "./edits.arbitrary.js";
import { assertOneLine, type Target } from "./target.js";

const CONFIG = {
  checks: {
    ours: {
      ...{ driver: "seg_mf.c", kernel: "release", pages: 2, domids: 1, forks: 0, maxGrefs: 16, faults: ["addmap"] },
      ...{ alphabet: "wide", limitStates: 9, maxMemory: "2GiB", selfCheck: 0.5, workers: 2, out: "findings" },
      ...{ reporters: ["pretty", "sarif=x.sarif"], expect: { findings: "known.json" } },
    },
    random: { random: 5, seed: 7, fix: ["word-shared"], driver: "illumos" },
  },
};

const text = fc.oneof(
  { weight: 5, arbitrary: edited(fc.constant(JSON.stringify(CONFIG, null, 1))) },
  edited(fc.json().map((json) => `{"checks":${json}}`)),
);

/** Configurations: read, or an error of one line. */
export const configs: Target = {
  name: "configurations",
  ofAMillion: 40_000,
  prepare: () => {
    const folder = scratch();
    const file = join(folder.path, "segmf.config.json");
    return {
      property: fc.asyncProperty(text, async (config) => {
        writeFileSync(file, config);
        try {
          await readConfig(file, "segmf.config.json");
        } catch (error) {
          if (!(error instanceof Misuse)) throw error;
          assertOneLine(error.message);
        }
      }),
      release: folder.remove,
    };
  },
};
