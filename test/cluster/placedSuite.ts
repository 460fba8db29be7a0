import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { folderStatus } from "../../src/suite/running/folderState.js";
import { syncAll } from "../../src/tracking/sync.js";
import { json, readJson, type Workplace } from "../endToEnd/commandLine.js";
import { leftOf } from "../suite/running/suiteUnderFire.js";

/** Twenty seeds, both protocols, of a network whose checkpoints are small. */
export const RUNS = 40;

/** One run, where `--seed` is said: of enough epochs that a look at it meets it while it trains. */
export const ROW = [
  ...["multibreath/table1", "--row", "MobileNetV2", "--fold", "official", "--profile", "smoke"],
  ...["--set", "epochs=8"],
];

export const SUITE = [
  ...[...ROW, "--threads", "1", "--protocol", "honest", "--protocol", "published"],
  ...Array.from({ length: RUNS / 2 }, (_, seed) => ["--seed", String(seed)]).flat(),
];

/** What the suite leaves where it is carried out on this machine, two at once, by run. */
export async function localSuite(place: Workplace): Promise<Map<string, ReturnType<typeof leftOf>>> {
  const mlruns = place.at("local");
  const broom = setInterval(() => sweep(place, mlruns), 1000);
  const ended = await place.auscult(["run", ...SUITE, "--jobs", "2", "--json"], { env: { AUSCULT_MLRUNS: mlruns } });
  clearInterval(broom);
  if (ended.code !== 0) throw new Error(ended.stderr);
  const left = place.runFolders(mlruns).map(leftOf);
  rmSync(mlruns, { recursive: true });
  return new Map(left.map((one) => [one.runId, one]));
}

export function doneIn(place: Workplace): number {
  return place.runFolders().filter((folder) => existsSync(path.join(folder, "done.json"))).length;
}

export function runningIn(place: Workplace): number {
  return placesIn(place).length;
}

/** Where runs train now, in their cluster's words, such as "slurm 12_3". */
export function placesIn(place: Workplace): string[] {
  return place.runFolders().flatMap((folder) => {
    const { state, attempt } = folderStatus(folder);
    return state === "running" && attempt?.progress?.phase === "training" ? (attempt.place ?? "") : [];
  });
}

/** Checkpoints of runs that are done are of no use, and take a hundred megabytes each. */
export function sweep(place: Workplace, mlruns?: string): void {
  for (const folder of place.runFolders(mlruns))
    if (existsSync(path.join(folder, "done.json")))
      rmSync(path.join(folder, "checkpoints"), { recursive: true, force: true });
}

/** How many attempts at each run there were, and which of them it was done by. */
export function attempts(folder: string): { made: number; doneBy: number } {
  const made = readdirSync(path.join(folder, "attempts")).filter((name) => name.endsWith(".json")).length;
  return { made, doneBy: readJson<{ attempt: number }>(path.join(folder, "done.json")).attempt };
}

interface TrackedRun {
  info: { run_id: string; status: string };
  data: { tags: { key: string; value: string }[]; metrics: { key: string }[] };
}

/** What the tracker holds of the suite's runs, once all is sent: how each ended, its points, and those that it has twice. */
export async function tracked(
  place: Workplace,
  uri: string,
): Promise<{ runId: string; status: string; points: number; twice: string[] }[]> {
  process.env.MLFLOW_TRACKING_URI = uri;
  const { problem } = await syncAll(place.at("mlruns"), { timeoutMs: 60_000 });
  if (problem) throw new Error(problem);
  const ask = async <T>(what: string, body?: object): Promise<T> => {
    const post = { method: "POST", headers: { "content-type": "application/json" } };
    const answer = await fetch(`${uri}/api/2.0/mlflow/${what}`, body && { ...post, body: JSON.stringify(body) });
    return (await answer.json()) as T;
  };
  const { experiment } = await ask<{ experiment: { experiment_id: string } }>(
    "experiments/get-by-name?experiment_name=multibreath%2Ftable1",
  );
  const { runs } = await ask<{ runs: TrackedRun[] }>("runs/search", {
    experiment_ids: [experiment.experiment_id],
    max_results: 1000,
  });
  const own = runs.flatMap((run) => {
    const runId = run.data.tags.find(({ key }) => key === "runId")?.value;
    return runId === undefined ? [] : [{ ...run, runId }];
  });
  return Promise.all(
    own.map(async ({ runId, info: { run_id, status }, data: { metrics } }) => {
      const seen = new Map<string, number>();
      for (const { key } of metrics) {
        const history = await ask<{ metrics: { step: string }[] }>(
          `metrics/get-history?run_id=${run_id}&metric_key=${encodeURIComponent(key)}`,
        );
        for (const { step } of history.metrics) seen.set(`${key} ${step}`, (seen.get(`${key} ${step}`) ?? 0) + 1);
      }
      const twice = [...seen].filter(([key, times]) => times > 1 && !key.startsWith("system/")).map(([key]) => key);
      return { runId, status, points: seen.size, twice };
    }),
  );
}

/** Runs of a command's JSON by how they ended. */
export function states(ended: Parameters<typeof json>[0]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of json<{ runs: { state: string }[] }>(ended).runs) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
