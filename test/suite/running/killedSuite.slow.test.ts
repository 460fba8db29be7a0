import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer } from "../../../packages/mlflow-js-client/test/support.js";
import { Streams } from "../../../src/random/streams.js";
import { syncAll } from "../../../src/tracking/sync.js";
import { readJson, Workplace } from "../../endToEnd/commandLine.js";
import { attemptsOf, drawKills, leftOf, underFire } from "./suiteUnderFire.js";

const data = process.env.AUSCULT_DATA;
/** Four tasks, three seeds, both protocols. */
const RUNS = 24;
const args = [
  ...["run", "supcon-sprs/table3", "--row", "CNN"],
  ...["--task", "11", "--task", "12", "--task", "21", "--task", "22"],
  ...["--seed", "0", "--seed", "1", "--seed", "2"],
  ...["--protocol", "honest", "--protocol", "published"],
  ...["--profile", "smoke", "--threads", "1", "--jobs", "2", "--json"],
];
const LIMIT_MS = 3_600_000;

let server: Awaited<ReturnType<typeof startServer>>;
let place: Workplace;
let whole: ReturnType<typeof leftOf>[];
let suitesTracked = 1;

describe.skipIf(!data)("recordings: a suite of 24 runs", () => {
  beforeAll(async () => {
    server = await startServer(mkdtempSync(path.join(tmpdir(), "auscult-suite-server-")));
    place = new Workplace({ AUSCULT_DATA: data!, MLFLOW_TRACKING_URI: server.uri });
    const mlruns = place.at("never");
    const [never] = await underFire({ place, mlruns, args, suites: 1, kills: [] });
    expect(never!.code, never!.stderr).toBe(0);
    whole = place.runFolders(mlruns).map(leftOf);
    expect(whole).toHaveLength(RUNS);
    rmSync(mlruns, { recursive: true });
  }, LIMIT_MS);
  afterAll(async () => {
    place?.remove();
    await server?.stop();
  });

  test.each([
    { suites: 1, name: "one" },
    { suites: 2, name: "two" },
  ])(
    "killed ten times at random moments, $name at work: each run once, the bits of a suite never killed",
    async ({ suites, name }) => {
      const mlruns = place.at(name);
      const kills = drawKills(10, RUNS, new Streams(suites).stream("kills"));
      const ended = await underFire({ place, mlruns, args, suites, kills });
      for (const { code, signal, stderr } of ended) expect(signal ?? code, stderr).toBeOneOf(["SIGKILL", 0]);
      const killed = ended.filter(({ signal }) => signal === "SIGKILL").length;
      expect(killed).toBe(kills.filter(({ target }) => target !== "run").length);

      const folders = place.runFolders(mlruns);
      expect(folders.map(leftOf)).toEqual(whole);
      const attempts = folders.map(attemptsOf);
      for (const [i, folder] of folders.entries()) {
        expect(attempts[i]!.filter((how) => how === "done")).toHaveLength(1);
        expect(readJson<{ attempt: number }>(path.join(folder, "done.json")).attempt).toBe(attempts[i]!.length);
        expect(existsSync(path.join(folder, "tracking"))).toBe(true);
      }
      // Kills hit: processes of runs died, and were followed by others.
      expect(attempts.flat().filter((how) => how === undefined).length).toBeGreaterThan(0);
      // The tracker holds each once more than before.
      suitesTracked++;
      const once = whole.map(({ runId }) => `${runId} FINISHED`).sort();
      expect(await tracked(mlruns)).toEqual(once.flatMap((run) => Array<string>(suitesTracked).fill(run)));
      rmSync(mlruns, { recursive: true });
    },
    LIMIT_MS,
  );
});

interface SearchedRuns {
  runs: { info: { status: string }; data: { tags: { key: string; value: string }[] } }[];
}

/** How often the tracker has each run, and how those ended, once all that runs of a folder have recorded is sent. */
async function tracked(mlruns: string): Promise<string[]> {
  process.env.MLFLOW_TRACKING_URI = server.uri;
  const sent = await syncAll(mlruns, { timeoutMs: 60_000 });
  expect(sent.problem).toBeUndefined();
  const ask = async (what: string, body?: object): Promise<unknown> =>
    (await fetch(`${server.uri}/api/2.0/mlflow/${what}`, body && { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } })).json(); // biome-ignore format: one request
  const found = await ask("experiments/get-by-name?experiment_name=supcon-sprs%2Ftable3");
  const { experiment_id } = (found as { experiment: { experiment_id: string } }).experiment;
  const { runs } = (await ask("runs/search", { experiment_ids: [experiment_id], max_results: 1000 })) as SearchedRuns;
  return runs
    .flatMap(({ info: { status }, data: { tags } }) =>
      tags.filter(({ key }) => key === "runId").map(({ value }) => `${value} ${status}`),
    )
    .sort();
}
