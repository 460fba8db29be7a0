import { type ExecFileSyncOptions, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { creationKeyTag, MlflowClient, recordOf } from "../src/client.js";
import { and, attribute, dataset, metric, param, tag } from "../src/filter.js";
import { PythonClient } from "./pythonClient.js";
import { mlflowProgram, startServer, temporaryFolder } from "./support.js";

const version = "2.22.0";
const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

/**
 * An environment with the older MLflow: `MLFLOW_JS_CLIENT_OLD_VENV`, else one in the cache folder, made where it is missing
 * (it takes a network, 1 GB and a minute or two).
 */
function oldEnvironment(): string {
  if (process.env.MLFLOW_JS_CLIENT_OLD_VENV) return process.env.MLFLOW_JS_CLIENT_OLD_VENV;
  const caches = process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache");
  const folder = path.join(process.env.AUSCULT_CACHE || path.join(caches, "auscult"), `mlflow-${version}`);
  const complete = path.join(folder, "complete");
  if (existsSync(complete)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bin = path.dirname(program!);
  const uv = path.join(bin, "uv");
  const python = path.join(folder, "bin", "python");
  const options: ExecFileSyncOptions = { stdio: ["ignore", "ignore", "inherit"] };
  execFileSync(path.join(bin, "python"), ["-m", "venv", folder], options);
  // It asks for any sqlalchemy below 3, and means those of its time.
  const packages = [`mlflow==${version}`, "sqlalchemy<2.1"];
  if (existsSync(uv)) execFileSync(uv, ["pip", "install", "--quiet", "--python", python, ...packages], options);
  else execFileSync(python, ["-m", "pip", "install", "--quiet", ...packages], options);
  writeFileSync(complete, "");
  return folder;
}

describe.skipIf(!program)(`against MLflow ${version}${reason}`, () => {
  const place = temporaryFolder();
  const environment = process.env.AUSCULT_VENV;
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: MlflowClient;
  let python: PythonClient;
  let experimentId: string;
  let runId: string;

  beforeAll(async () => {
    process.env.AUSCULT_VENV = oldEnvironment();
    server = await startServer(place.folder);
    client = new MlflowClient({ uri: server.uri });
    python = new PythonClient(server.uri);
  }, 1_200_000);
  afterAll(async () => {
    python?.close();
    await server?.stop();
    place.remove();
    if (environment === undefined) delete process.env.AUSCULT_VENV;
    else process.env.AUSCULT_VENV = environment;
  });

  it("is that version", async () => {
    expect(await client.version()).toBe(version);
  });

  it("experiments are made, found, tagged, renamed, deleted and restored", async () => {
    const made = await client.createExperiment("old", { tags: { a: "b" } });
    experimentId = made.experiment_id;
    expect(made).toMatchObject({ name: "old", tags: expect.arrayContaining([{ key: "a", value: "b" }]) });
    expect(made.creation_time).toBeTypeOf("number");
    expect((await client.getOrCreateExperiment("old")).experiment_id).toBe(experimentId);
    expect(await client.findExperiment("none")).toBeUndefined();
    await client.setExperimentTag(experimentId, "k", "v");
    const filter = and(attribute("name").eq("old"), tag("k").eq("v"));
    expect(await client.searchExperiments({ filter, orderBy: [attribute("name").asc()] })).toHaveLength(1);
    await client.renameExperiment(experimentId, "older");
    await client.deleteExperiment(experimentId);
    await client.restoreExperiment(experimentId);
    expect(await client.getExperiment(experimentId)).toMatchObject({ name: "older", lifecycle_stage: "active" });
  });

  it("runs are made once and hold metrics, parameters, tags and data sets", async () => {
    const given = { experimentId, name: "one", key: "one", tags: { paper: "x" } };
    runId = (await client.createRun(given)).info.run_id;
    expect((await client.createRun(given)).info.run_id).toBe(runId);
    const metrics = Array.from({ length: 1500 }, (_, step) => ({
      key: "a b/c",
      value: step / 3,
      step,
      timestamp: step,
    }));
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, 5e-324, -0].map((value, step) => ({
      key: "odd",
      value,
      step,
      timestamp: 1,
    }));
    await client.logBatch(runId, {
      metrics: [...metrics, ...odd],
      params: [{ key: "p", value: "it's" }],
      tags: [{ key: "t", value: "é\\" }],
    });
    await client.logInputs(runId, [{ name: "d", digest: "1", source: "s", context: "train", profile: { n: 1 } }]);
    expect(await client.metricHistory(runId, "a b/c")).toEqual(metrics);
    expect((await client.metricHistory(runId, "odd")).map((point) => point.value)).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      5e-324,
      0,
    ]);
    await client.setTag(runId, "gone", "x");
    await client.deleteTag(runId, "gone");
    await client.updateRun(runId, { status: "FINISHED", endTime: 1_900_000_000_000, name: "eins" });
    const read = `(lambda r: [r.info.status, r.info.run_name, r.data.params, r.data.tags, len(c.get_metric_history(a[0], "a b/c")), r.inputs.dataset_inputs[0].dataset.name])(c.get_run(a[0]))`;
    expect(await python.read(read, runId)).toEqual([
      ...["FINISHED", "eins", { p: "it's" }],
      { paper: "x", t: "é\\", "mlflow.runName": "eins", [creationKeyTag]: "one" },
      ...[1500, "d"],
    ]);
    await client.deleteRun(runId);
    await client.restoreRun(runId);
  });

  it("runs are found by filters and orders", async () => {
    await client.createRun({ experimentId, name: "two" });
    const found = async (filter: ReturnType<typeof and>) =>
      (await client.searchRuns({ experimentIds: [experimentId], filter, orderBy: [metric("a b/c").desc()] })).length;
    expect(await found(and())).toBe(2);
    expect(await found(and(metric("a b/c").gt(499), param("p").eq("it's"), tag("t").eq("é\\")))).toBe(1);
    expect(await found(and(attribute("status").eq("FINISHED"), attribute("start_time").gt(0)))).toBe(1);
    expect(await found(attribute("run_id").in([runId]))).toBe(1);
    // Together with other conditions on data sets or an order by a metric it would fail, as in Python.
    for (const filter of [dataset("name").in(["d"]), dataset("context").eq("train")])
      expect(await client.searchRuns({ experimentIds: [experimentId], filter })).toHaveLength(1);
    expect(await found(attribute("run_name").startsWith("t"))).toBe(1);
  });

  it("artefacts are written, listed and read", async () => {
    const { info } = await client.getRun(runId);
    await client.artifacts.upload(info.artifact_uri, "a/ä b.txt", Buffer.from("größer"));
    expect((await client.artifacts.list(info.artifact_uri, "a")).map((file) => file.path)).toEqual(["a/ä b.txt"]);
    expect(Buffer.from(await client.artifacts.download(info.artifact_uri, "a/ä b.txt")).toString()).toBe("größer");
  });

  it("registered models have versions, aliases and tags", async () => {
    await client.createRegisteredModel("net", { description: "d", tags: { a: "b" } });
    const made = await client.createModelVersion("net", { runId, path: "model" }, { key: "v", tags: { x: "y" } });
    expect((await client.createModelVersion("net", { runId, path: "model" }, { key: "v" })).version).toBe(made.version);
    await client.createModelVersion("net", { source: "s3://bucket/x" });
    await client.setRegisteredModelAlias("net", "champion", 2);
    expect((await client.getModelVersionByAlias("net", "champion")).version).toBe(2);
    expect((await client.latestModelVersion("net"))?.version).toBe(2);
    await client.deleteRegisteredModelAlias("net", "champion");
    await client.setModelVersionTag("net", 1, "k", "v");
    expect(recordOf((await client.getModelVersion("net", 1)).tags)).toEqual({ x: "y", k: "v", [creationKeyTag]: "v" });
    await client.deleteModelVersionTag("net", 1, "k");
    await client.updateModelVersion("net", 1, { description: "first" });
    await client.setRegisteredModelTag("net", "k", "v");
    await client.deleteRegisteredModelTag("net", "k");
    const filter = and(attribute("name").eq("net"), tag("a").eq("b"));
    expect(await client.searchRegisteredModels({ filter })).toHaveLength(1);
    expect(await client.searchModelVersions({ filter: attribute("run_id").eq(runId) })).toHaveLength(1);
    await client.deleteModelVersion("net", 2);
    await client.renameRegisteredModel("net", "netz");
    await client.deleteRegisteredModel("netz");
    expect(await client.findRegisteredModel("netz")).toBeUndefined();
  });

  it("logged models are refused, with the version from which on there are some", async () => {
    const refused = /this server is MLflow 2\.22\.0: logged models are there from MLflow 3\.0 on/;
    await expect(client.createLoggedModel({ experimentId, name: "m" })).rejects.toThrow(refused);
    await expect(client.createLoggedModel({ experimentId, name: "m", key: "k" })).rejects.toThrow(refused);
    await expect(client.searchLoggedModels({ experimentIds: [experimentId] })).rejects.toThrow(refused);
    await expect(client.getLoggedModel("m-1")).rejects.toThrow(refused);
    await expect(client.finalizeLoggedModel("m-1", true)).rejects.toThrow(refused);
    await expect(client.setLoggedModelTags("m-1", { a: "b" })).rejects.toThrow(refused);
    await expect(client.deleteLoggedModelTag("m-1", "a")).rejects.toThrow(refused);
    await expect(client.deleteLoggedModel("m-1")).rejects.toThrow(refused);
    await expect(client.logOutputs(runId, [{ modelId: "m-1" }])).rejects.toThrow(refused);
    await expect(client.logInputs(runId, [], ["m-1"])).rejects.toThrow(
      /did not keep it: logged models .* from MLflow 3\.0 on/,
    );
  });

  it("the deletion of an experiment's tag is refused, with the version from which on there is one", async () => {
    const refused = /this server is MLflow 2\.22\.0: deletions of experiments' tags are there from MLflow 3\.2 on/;
    await expect(client.deleteExperimentTag(experimentId, "k")).rejects.toThrow(refused);
  });
});
