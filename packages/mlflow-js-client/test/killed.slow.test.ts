import { describe, expect, it } from "vitest";
import { killedRun } from "./killedRun.js";
import { mlflowProgram, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

describe.skipIf(!program)(`processes that are killed and a server that restarts${reason}`, () => {
  let again = 0;

  it.each([1, 2, 3])(
    "10,000 points over 12 kills of the writer and 12 of the sender arrive exactly once (seed %i)",
    async (seed) => {
      const place = temporaryFolder();
      const points = 10_000;
      const run = await killedRun({ folder: place.folder, seed, points, kills: 12, restarts: 2 });
      console.info(JSON.stringify({ seed, ...run }));
      expect(run).toMatchObject({
        writerKills: 12,
        acknowledged: points,
        spooled: points,
        rows: points,
        distinct: points,
      });
      expect(run.followerKills).toBeGreaterThanOrEqual(12);
      expect(run.restarts).toBe(2);
      expect(run).toMatchObject({ runs: 1, status: "FINISHED", last: { pending: 0, rejected: 0, damaged: 0 } });
      expect(run.stored.distinct).toBe(points);
      again += run.stored.again;
      expect(run.sentBefore).toBeGreaterThan(points / 2);
      place.remove();
    },
    600_000,
  );

  it("some kills fell between what the server stored and what the sender knew of", () => {
    expect(again).toBeGreaterThan(0);
  });
});
