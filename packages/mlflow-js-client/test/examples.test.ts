import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MlflowClient, recordOf } from "../src/client.js";
import { mlflowProgram, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";
const folder = fileURLToPath(new URL("../examples", import.meta.url));

describe.skipIf(!program)(`the examples against a real server${reason}`, () => {
  const place = temporaryFolder();
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: MlflowClient;
  const run = async (name: string): Promise<string> => {
    const env = { ...process.env, MLFLOW_TRACKING_URI: server.uri, MLFLOW_JS_SPOOL: path.join(place.folder, "spools") };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [path.join(folder, name)], { env });
    expect(stderr).toBe("");
    return stdout.trim();
  };
  const runCalled = async (name: string) => {
    const { experiment_id } = await client.getOrCreateExperiment("examples");
    const [found] = await client.searchRuns({ experimentIds: [experiment_id], filter: `run_name = '${name}'` });
    expect(found!.info.status).toBe("FINISHED");
    return found!;
  };

  beforeAll(async () => {
    server = await startServer(place.folder);
    client = new MlflowClient({ uri: server.uri });
  });
  afterAll(async () => {
    await server?.stop();
    place.remove();
  });

  it("are all here", () => {
    const names = ["artifacts.mjs", "firstRun.mjs", "offline.mjs", "resume.mjs", "search.mjs"];
    expect(readdirSync(folder).sort()).toEqual(names);
  });

  it("firstRun", async () => {
    const url = await run("firstRun.mjs");
    const { info, data } = await runCalled("first run");
    expect(url).toBe(
      `${server.uri}/#/experiments/${info.experiment_id}/runs/${info.run_id}?workflowType=machine_learning`,
    );
    // Each step leaves 0.8 of x: 50 steps from 3.
    expect(data.metrics!.find(({ key }) => key === "train/x")).toMatchObject({
      value: expect.closeTo(3 * 0.8 ** 50, 12),
      step: 50,
    });
    expect(await client.artifacts.list(info.artifact_uri)).toMatchObject([{ path: "answer.txt" }]);
  });

  it("search", async () => {
    // The factors of x are 0.98, 0.8, 0.2 and -1.2: the third falls fastest.
    expect(await run("search.mjs")).toBe("learning rate 0.4");
    const { data } = await runCalled("search");
    expect(recordOf(data.tags!)["best.name"]).toBe("learning rate 0.4");
  });

  it("resume", async () => {
    expect(await run("resume.mjs")).toBe("1 2 3 4 5 6 7 8 9 10");
    await runCalled("in two lives");
  });

  it("artifacts", async () => {
    await run("artifacts.mjs");
    const { info, inputs, outputs } = await runCalled("artifacts");
    expect((await client.artifacts.list(info.artifact_uri)).map((file) => file.path).sort()).toEqual([
      "bars.html",
      "bars.json",
      "figures",
      "tables",
    ]);
    expect(inputs!.dataset_inputs).toMatchObject([{ dataset: { name: "bars", digest: "3-7-5" } }]);
    expect(outputs!.model_outputs).toHaveLength(1);
  });

  it("offline", async () => {
    expect(await run("offline.mjs")).toBe("102 records sent, 0 wait");
    const { info } = await runCalled("logged offline");
    expect(await client.metricHistory(info.run_id, "sine")).toHaveLength(100);
  });
});
