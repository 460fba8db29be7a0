import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { leanCnn } from "../../src/nn/backbones/leanCnn.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { projectRoot } from "../../src/node/paths.js";
import { preprocessingOf } from "../../src/papers/preprocessing.js";
import { saveModel } from "../../src/papers/savedModel.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { Streams } from "../../src/random/streams.js";
import { madeUp } from "../features/madeUp.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-predict-cli-"));
const at = (name: string) => path.join(folder, name);
const run = path.join(folder, "mlruns", "runs", "made-up_cnn_11_12345678");

function predict(...args: string[]) {
  const script = path.join(projectRoot(), "scripts", "auscult.mjs");
  const env = { ...process.env, AUSCULT_MLRUNS: path.join(folder, "mlruns") };
  return spawnSync(process.execPath, [script, "predict", ...args], { encoding: "utf8", env });
}

describe("auscult predict", () => {
  it("labels a folder by a run's model, with times and the bonus in JSON", () => {
    const model = leanCnn({ rows: 64, frames: 187, channels: 1 }, 2, { filters: [2, 4], hidden: [8, 4] });
    initialiseWeights(model, new Streams(2));
    const request = { inputShape: [64, 187, 1], task: "sprsound/11", labels: ["Normal", "Adventitious"] };
    saveModel(model, path.join(run, "model"), preprocessingOf(testPathOf("supcon-sprs", "11"), request));
    model.dispose();
    mkdirSync(at("wavs"));
    for (const name of ["b.wav", "a.wav"]) writeFileSync(at(`wavs/${name}`), encodeWav(madeUp(12_000), 8000));
    writeFileSync(at("wavs/c.wav"), "");
    const args = ["--run", "made-up", "--task", "11", at("wavs"), at("out.json"), "--slowest", "1000", "--json"];

    const refused = predict(...args);
    expect([refused.status, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toContain("1 of 3 WAV files");

    const ended = predict(...args, "--skip-bad");
    expect(ended.status, ended.stderr).toBe(0);
    expect(ended.stderr).toContain("skipped c.wav: the file is empty");
    const told = JSON.parse(ended.stdout) as { seconds: number; bonus: number };
    expect(told).toMatchObject({ files: 2, skipped: 1, resumed: 0, task: "sprsound/11" });
    expect(told).toHaveProperty("secondsPerFile.p95");
    expect(told).toHaveProperty("startSeconds");
    expect(told.bonus).toBeCloseTo(Math.log(1000 / told.seconds), 9);
    expect(readFileSync(at("out.json"), "utf8")).toMatch(
      /^\{\n {4}"a\.wav": "(Normal|Adventitious)",\n {4}"b\.wav": ".*"\n\}$/,
    );
  });

  it("ends with 2 and says which option or task is wrong", () => {
    for (const [args, said] of [
      [[at("wavs"), at("no.json")], /one of --run RUN and --model DIR/],
      [["--run", "made-up", "--task", "22", at("wavs"), at("no.json")], /the model is for task 11 of sprsound/],
    ] as const) {
      const ended = predict(...args);
      expect([ended.status, said.test(ended.stderr), ended.stdout]).toEqual([2, true, ""]);
    }
  });
});
