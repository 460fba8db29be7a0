import { linkSync, mkdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSprSound } from "../../src/datasets/sprsound/load.js";
import { sprSoundTask } from "../../src/datasets/sprsound/tasks.js";
import { windowsOf } from "../../src/datasets/sprsound/windows.js";
import type { WindowsFile } from "../../src/evaluation/windowsFile.js";
import { wavSeconds } from "../../src/node/wavSeconds.js";
import type { RunRecord } from "../../src/suite/runRecord.js";
import { json, readJson, Workplace } from "./commandLine.js";

const RUN = ["run", "supcon-sprs/table2", "--row", "Event level", "--task", "22", "--profile", "smoke", "--json"];

let place: Workplace;
beforeAll(async () => {
  place = new Workplace();
  await place.auscult(["data", "demo", place.at("data"), "--json"]);
}, 120_000);
afterAll(() => {
  place.remove();
});

// Two ways to a recording's label that share the model alone: maps of windows out of the feature store, and `predict`, which cuts a WAV file.
test("a classifier of windows labels the test recordings as predict does, and is scored by those labels", async () => {
  const ended = await place.auscult(RUN);
  expect(ended.stderr + ended.stdout, `exit code ${ended.code}`).toSatisfy(() => ended.code === 0);
  const { folder } = json<{ runs: { folder: string }[] }>(ended).runs[0]!;
  const { sets, labels } = readJson<WindowsFile>(path.join(folder, "windows.json"));
  const { records, testOpenings } = readJson<RunRecord>(path.join(folder, "result.json")).result;
  expect(records!.map(({ stepSeconds }) => stepSeconds)).toEqual([1, 2]);
  expect(testOpenings.filter(({ purpose }) => purpose.includes("integrated"))).toHaveLength(2);

  const data = loadSprSound(place.at("data"));
  const truth = new Map(data.recordings.map((recording) => [recording.name, recording]));
  const task = sprSoundTask("22");
  for (const set of ["inter", "intra"] as const) {
    const wavs = place.at(`wavs-${set}`);
    mkdirSync(wavs);
    for (const { recording } of sets[set]!) linkSync(truth.get(recording)!.file, path.join(wavs, `${recording}.wav`));
    const out = place.at(`${set}.json`);
    expect((await place.auscult(["predict", "--model", path.join(folder, "model"), wavs, out])).code).toBe(0);
    const predicted = readJson<Record<string, string>>(out);
    const decided = sets[set]!.map(({ recording, decided }) => [`${recording}.wav`, labels[decided]] as const);
    expect(predicted).toEqual(Object.fromEntries(decided));
    for (const { recording, windows } of sets[set]!)
      expect(windows).toHaveLength(windowsOf(wavSeconds(truth.get(recording)!.file)).length);

    const confusion = task.labels.map(() => task.labels.map(() => 0));
    for (const { recording, decided } of sets[set]!)
      confusion[task.labels.indexOf(truth.get(recording)!.recordLabel)]![decided]!++;
    expect(records![0]!.tests[set]!.confusion.counts).toEqual(confusion);
  }
}, 600_000);
