/** The child of `killedWork.test.ts`: counts to the end, a file at each step, going on from where the attempt before came to. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../../../src/node/atomicFile.js";
import { serveParent } from "../../../src/suite/childProcess.js";
import { attemptAt } from "../../../src/suite/running/attemptAt.js";
import { markDone } from "../../../src/suite/running/doneMarker.js";
import { logLine } from "../../../src/suite/running/runLog.js";
import { Interrupted } from "../../../src/training/interrupted.js";

export interface Counting {
  folder: string;
  steps: number;
  stepMs: number;
}

serveParent<Counting, { step: number }>(async ({ folder, steps, stepMs }, { signal: parent, tell }) => {
  const file = path.join(folder, "count");
  await attemptAt({ folder, name: path.basename(folder), signal: parent }, async (claim, signal) => {
    for (let step = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0; step < steps; ) {
      await new Promise((resolve) => setTimeout(resolve, stepMs));
      if (signal.aborted) throw new Interrupted(`stopped at ${step}`);
      claim.mayWrite();
      writeFileAtomic(file, String(++step));
      tell({ step });
    }
    claim.mayWrite();
    if (markDone(folder, claim.number)) logLine(folder, "counted");
  });
});
