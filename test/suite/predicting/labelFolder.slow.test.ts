import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { binaryAuc } from "../../../src/evaluation/auc.js";
import { projectRoot } from "../../../src/node/paths.js";
import { readWavFile } from "../../../src/node/wavFile.js";
import { loadModel } from "../../../src/papers/loadModel.js";
import { labelFolder } from "../../../src/suite/predicting/labelFolder.js";
import { writeInterItems } from "./testItems.js";

const data = process.env.AUSCULT_DATA;

interface Result {
  result: {
    tests: {
      inter: { examples: number; auc: number; loss: number; confusion: { labels: string[]; counts: number[][] } };
    };
  };
}

/** A run made here; its folder. */
function smokeRun(task: string, mlruns: string): string {
  const script = path.join(projectRoot(), "scripts", "auscult.mjs");
  const args = ["run", "supcon-sprs/table3", "--row", "CNN", "--task", task, "--profile", "smoke", "--json"];
  const env = { ...process.env, AUSCULT_MLRUNS: mlruns };
  const ended = spawnSync(process.execPath, [script, ...args], { encoding: "utf8", env });
  expect(ended.status, ended.stderr).toBe(0);
  return (JSON.parse(ended.stdout) as { runs: [{ folder: string }] }).runs[0].folder;
}

describe.skipIf(!data)("recordings: labels of a run's own test items, written as files", () => {
  it.each(["11", "21"] as const)(
    "task %s: the confusion matrix, the loss and the AUC that the run measured",
    async (task) => {
      const folder = mkdtempSync(path.join(tmpdir(), "auscult-predict-run-"));
      const run = smokeRun(task, path.join(folder, "mlruns"));
      const { result } = JSON.parse(readFileSync(path.join(run, "result.json"), "utf8")) as Result;
      const { examples, auc, loss, confusion } = result.tests.inter;
      const wavs = path.join(folder, "wavs");
      const truths = writeInterItems(data!, task, examples, wavs);
      const out = path.join(folder, "out.json");

      await labelFolder({ model: path.join(run, "model"), wavs, out, task });
      const labels = JSON.parse(readFileSync(out, "utf8")) as Record<string, string>;
      const counts = confusion.counts.map((row) => row.map(() => 0));
      for (const [name, truth] of truths) counts[truth]![confusion.labels.indexOf(labels[name]!)]!++;
      expect(counts).toEqual(confusion.counts);

      const model = await loadModel(path.join(run, "model"));
      const maps = [...truths.keys()].map((name) => {
        const { samples, sampleRateHz } = readWavFile(path.join(wavs, name));
        return model.path.maps(samples, sampleRateHz)[0]!.data;
      });
      const answers = model.classifyMaps(maps);
      model.dispose();
      const truth = [...truths.values()];
      const own = answers.reduce((sum, answer, i) => sum - Math.log(answer[truth[i]!]!), 0) / answers.length;
      expect(own).toBeCloseTo(loss, 5);
      if (task === "11") {
        const area = binaryAuc(
          answers.map((answer) => Math.log(answer[1]! / answer[0]!)),
          truth.map((label) => label === 1),
        );
        expect(area).toBeCloseTo(auc, 10);
      }
    },
    1_200_000,
  );
});
