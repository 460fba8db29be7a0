/** A search whose trials keep what they have done in files, to be killed at any moment: see `killed.slow.test.ts`. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeJsonAtomic } from "../../src/node/atomicFile.js";
import { search } from "../../src/search/search.js";
import { exampleSettings, exampleValue } from "./exampleSearch.js";

const folder = process.argv[2]!;

search({
  ...exampleSettings,
  folder,
  signal: new AbortController().signal,
  async objective({ number, values, report }) {
    const checkpoint = path.join(folder, `${number}.json`);
    const kept = existsSync(checkpoint)
      ? (JSON.parse(readFileSync(checkpoint, "utf8")) as { step: number; values: object })
      : undefined;
    if (kept && JSON.stringify(kept.values) !== JSON.stringify(values))
      throw new Error(`trial ${number} is another now`);
    const done = kept?.step ?? 0;
    for (let step = 1; step <= exampleSettings.maxSteps; step++) {
      if (step > done) {
        await sleep(20);
        writeJsonAtomic(checkpoint, { step, values });
      }
      await report(step, exampleValue(values, step));
    }
    return exampleValue(values, exampleSettings.maxSteps);
  },
}).then((outcome) => writeJsonAtomic(path.join(folder, "outcome.json"), outcome));
