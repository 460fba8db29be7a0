import { describe, expect, it } from "vitest";
import { killedRun } from "./killedRun.js";
import { mlflowProgram, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

describe.skipIf(!program)(`processes that are killed${reason}`, () => {
  it("1,500 points over 3 kills of the writer and 3 of the sender arrive exactly once (seed 8)", async () => {
    const place = temporaryFolder();
    const points = 1500;
    const run = await killedRun({ folder: place.folder, seed: 8, points, kills: 3, restarts: 0 });
    expect(run).toMatchObject({
      writerKills: 3,
      acknowledged: points,
      spooled: points,
      rows: points,
      distinct: points,
    });
    expect(run.followerKills).toBeGreaterThanOrEqual(3);
    expect(run).toMatchObject({ runs: 1, status: "FINISHED", last: { pending: 0, rejected: 0, damaged: 0 } });
    expect(run.stored.distinct).toBe(points);
    place.remove();
  }, 180_000);
});
