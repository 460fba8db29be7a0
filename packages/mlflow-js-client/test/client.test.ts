import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { creationKeyTag, MlflowClient, recordOf } from "../src/client.js";
import { and, attribute, dataset, type Filter, metric, param, tag } from "../src/filter.js";
import { PythonClient } from "./pythonClient.js";
import { type FaultyProxy, mlflowProgram, startProxy, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

describe.skipIf(!program)(`the client against a real server, MLflow's own client reads along${reason}`, () => {
  const place = temporaryFolder();
  let server: Awaited<ReturnType<typeof startServer>>;
  let proxy: FaultyProxy;
  let client: MlflowClient;
  /** Its requests go through the proxy, each once. */
  let faulty: MlflowClient;
  let experimentId: string;
  let python: PythonClient;

  beforeAll(async () => {
    server = await startServer(place.folder);
    proxy = await startProxy(server.uri);
    python = new PythonClient(server.uri);
    client = new MlflowClient({ uri: server.uri });
    faulty = new MlflowClient({ uri: proxy.uri }, { pauseMs: 5 });
    experimentId = (await client.getOrCreateExperiment("main")).experiment_id;
  });
  afterAll(async () => {
    python?.close();
    await proxy?.close();
    await server?.stop();
    place.remove();
  });

  /** Loses the first answer of each address that something is written to. */
  async function losingFirstAnswers<T>(act: () => Promise<T>): Promise<T> {
    const lost = new Set<string>();
    proxy.fault = (where, method) => {
      if (method === "GET" || where.endsWith("/search") || lost.has(`${method} ${where}`)) return "pass";
      lost.add(`${method} ${where}`);
      return "loseAnswer";
    };
    try {
      return await act();
    } finally {
      expect(lost.size).toBeGreaterThan(0);
      proxy.fault = () => "pass";
    }
  }

  const refused = (code: string) => expect.objectContaining({ name: "MlflowError", code });

  describe("experiments", () => {
    it("are made, read, renamed, tagged, deleted and restored", async () => {
      const before = Date.now();
      const made = await client.createExperiment("breath", {
        tags: { team: "ä b" },
        artifactLocation: "s3://bucket/x",
      });
      expect(made).toMatchObject({
        name: "breath",
        artifact_location: "s3://bucket/x",
        lifecycle_stage: "active",
        tags: expect.arrayContaining([{ key: "team", value: "ä b" }]),
      });
      expect(made.creation_time).toBeGreaterThanOrEqual(before - 1000);
      expect(made.last_update_time).toBe(made.creation_time);
      const id = made.experiment_id;
      await expect(client.createExperiment("breath")).rejects.toEqual(refused("RESOURCE_ALREADY_EXISTS"));
      expect(await client.findExperiment("breath")).toEqual(await client.getExperiment(id));
      expect(await client.findExperiment("none")).toBeUndefined();
      await expect(client.getExperiment("987654")).rejects.toEqual(refused("RESOURCE_DOES_NOT_EXIST"));
      await client.setExperimentTag(id, "long", "x".repeat(20_000));
      await client.deleteExperimentTag(id, "team");
      await client.renameExperiment(id, "Atem 😀");
      const read = `(lambda e: [e.name, e.lifecycle_stage, {k: len(v) for k, v in e.tags.items()}])(c.get_experiment(a[0]))`;
      expect(await python.read(read, id)).toEqual(["Atem 😀", "active", { long: 20_000, [creationKeyTag]: 36 }]);
      await client.deleteExperiment(id);
      expect((await client.findExperiment("Atem 😀"))?.lifecycle_stage).toBe("deleted");
      await expect(client.getOrCreateExperiment("Atem 😀")).rejects.toThrow(
        /was deleted and keeps its name: restore it/,
      );
      await client.restoreExperiment(id);
      expect((await client.getExperiment(id)).lifecycle_stage).toBe("active");
      await expect(client.deleteExperimentTag(id, "team")).rejects.toEqual(refused("RESOURCE_DOES_NOT_EXIST"));
    });

    it("are found by filter and order, by view, and no more than asked for", async () => {
      const names = ["s/1", "s/2", "s/3"];
      const ids: string[] = [];
      for (const name of names) ids.push((await client.createExperiment(name, { tags: { s: name } })).experiment_id);
      await client.deleteExperiment(ids[2]!);
      const found = async (search: Parameters<MlflowClient["searchExperiments"]>[0]) =>
        (await client.searchExperiments(search)).map((experiment) => experiment.name);
      const startsWith = attribute("name").startsWith("s/");
      expect(await found({ filter: startsWith, orderBy: [attribute("name").asc()] })).toEqual(["s/1", "s/2"]);
      const all = { filter: startsWith, orderBy: [attribute("creation_time").desc()], view: "ALL" } as const;
      expect(await found(all)).toEqual(["s/3", "s/2", "s/1"]);
      expect(await found({ ...all, maximum: 2 })).toEqual(["s/3", "s/2"]);
      expect(await found({ filter: startsWith, view: "DELETED_ONLY" })).toEqual(["s/3"]);
      expect(await found({ filter: and(tag("s").eq("s/2"), attribute("creation_time").gt(0)) })).toEqual(["s/2"]);
      expect(await found({ filter: and(startsWith, tag("s").isNotNull(), tag("t").isNull()) })).toHaveLength(2);
      expect(await found({ filter: attribute("experiment_id").in([ids[0]!]) })).toEqual(["s/1"]);
      expect(await found({ filter: attribute("experiment_id").eq(ids[1]!) })).toEqual(["s/2"]);
    });

    it("are made once although answers are lost", async () => {
      const made = await losingFirstAnswers(() => faulty.createExperiment("lost answer"));
      expect(made.name).toBe("lost answer");
      await losingFirstAnswers(() => faulty.deleteExperiment(made.experiment_id));
      await losingFirstAnswers(() => faulty.restoreExperiment(made.experiment_id));
      await losingFirstAnswers(() => faulty.setExperimentTag(made.experiment_id, "k", "v"));
      await losingFirstAnswers(() => faulty.deleteExperimentTag(made.experiment_id, "k"));
      const { lifecycle_stage, tags } = await client.getExperiment(made.experiment_id);
      expect([lifecycle_stage, tags.map(({ key }) => key)]).toEqual(["active", [creationKeyTag]]);
    });
  });

  describe("runs", () => {
    it("are made, changed, deleted and restored; numbers come back as numbers", async () => {
      const made = await client.createRun({
        experimentId,
        name: "ein Lauf",
        startTime: 1_700_000_000_000,
        tags: { a: "1" },
      });
      expect(made.info).toMatchObject({ run_name: "ein Lauf", status: "RUNNING", start_time: 1_700_000_000_000 });
      expect(made.info.end_time).toBeUndefined();
      const { run_id } = made.info;
      const info = await client.updateRun(run_id, { status: "FAILED", endTime: 1_700_000_000_500, name: "anders" });
      expect(info).toMatchObject({ run_name: "anders", status: "FAILED", end_time: 1_700_000_000_500 });
      await client.setTag(run_id, "b", "");
      await client.deleteTag(run_id, "a");
      await expect(client.deleteTag(run_id, "a")).rejects.toEqual(refused("RESOURCE_DOES_NOT_EXIST"));
      await client.deleteRun(run_id);
      expect((await client.getRun(run_id)).info.lifecycle_stage).toBe("deleted");
      await client.restoreRun(run_id);
      const read = `(lambda r: [r.info.run_name, r.info.status, r.info.start_time, r.info.end_time, r.data.tags])(c.get_run(a[0]))`;
      const tags = { b: "", "mlflow.runName": "anders", [creationKeyTag]: expect.any(String) };
      expect(await python.read(read, run_id)).toEqual(["anders", "FAILED", 1_700_000_000_000, 1_700_000_000_500, tags]);
      await expect(client.getRun("0".repeat(32))).rejects.toEqual(refused("RESOURCE_DOES_NOT_EXIST"));
    });

    it("are made once, whatever answers are lost, and given again to who has the key", async () => {
      const run = await losingFirstAnswers(() => faulty.createRun({ experimentId, name: "once", key: "once" }));
      expect((await faulty.createRun({ experimentId, name: "once", key: "once" })).info.run_id).toBe(run.info.run_id);
      await losingFirstAnswers(() => faulty.createRun({ experimentId, name: "once, without a key" }));
      await losingFirstAnswers(() => faulty.deleteTag(run.info.run_id, "mlflow.jsClient.key"));
      const filter = attribute("run_name").startsWith("once");
      expect(await client.searchRuns({ experimentIds: [experimentId], filter, view: "ALL" })).toHaveLength(2);
    });

    it("hold metrics, parameters, tags and inputs", async () => {
      const { info } = await client.createRun({ experimentId, name: "holds" });
      const id = info.run_id;
      await client.logMetric(id, "loss", 0.5, { step: 3, timestamp: 5 });
      await client.logMetric(id, "loss", Number.NEGATIVE_INFINITY, { step: 4, timestamp: 6 });
      await client.logMetric(id, "now", Number.NaN);
      await client.logParams(id, { lr: "0.1" });
      await client.logParam(id, "opt", "Adam");
      await client.logBatch(id, {
        params: [
          { key: "opt", value: "Adam" },
          { key: "opt", value: "Adam" },
        ],
        tags: [
          { key: "t", value: "1" },
          { key: "t", value: "2" },
        ],
      });
      await expect(client.logParam(id, "opt", "SGD")).rejects.toThrow(/Changing param values is not allowed/);
      const train = { name: "d/train", digest: "1", source: "https://example.org/d.zip", context: "train" };
      const test = {
        name: "d/test",
        digest: "1",
        source: "drawn",
        context: "test",
        tags: { fold: "2" },
        profile: { n: 3 },
      };
      await client.logInputs(id, [train, test]);
      await client.logInputs(id, [train]);
      const run = await client.getRun(id);
      expect(run.data.metrics).toContainEqual({ key: "loss", value: Number.NEGATIVE_INFINITY, step: 4, timestamp: 6 });
      expect(run.data.metrics.find((point) => point.key === "now")?.value).toBeNaN();
      expect(recordOf(run.data.params)).toEqual({ lr: "0.1", opt: "Adam" });
      expect(recordOf(run.data.tags)).toMatchObject({ t: "2" });
      expect(
        run.inputs.dataset_inputs.map(({ dataset, tags }) => [dataset.name, dataset.source_type, recordOf(tags)]),
      ).toEqual([
        ["d/train", "http", { "mlflow.data.context": "train" }],
        ["d/test", "local", { "mlflow.data.context": "test", fold: "2" }],
      ]);
      expect((await client.metricHistory(id, "loss")).map((point) => [point.step, point.value])).toEqual([
        [3, 0.5],
        [4, Number.NEGATIVE_INFINITY],
      ]);
      const read = `[[i.dataset.name, i.dataset.source_type, json.loads(i.dataset.source), i.dataset.profile] for i in c.get_run(a[0]).inputs.dataset_inputs]`;
      expect(await python.read(read, id)).toEqual([
        ["d/train", "http", { url: "https://example.org/d.zip" }, null],
        ["d/test", "local", { uri: "drawn" }, '{"n":3}'],
      ]);
    });

    it("refuse a data set of which the server keeps something else than was said", async () => {
      const one = (await client.createRun({ experimentId, name: "kept 1" })).info.run_id;
      const two = (await client.createRun({ experimentId, name: "kept 2" })).info.run_id;
      const kept = { name: "kept", digest: "9", source: "here", context: "train", profile: { n: 1 } };
      await client.logInputs(one, [kept]);
      await client.logInputs(two, [{ ...kept, context: "test", profile: undefined }]);
      const other = (change: object) => client.logInputs(two, [{ ...kept, context: "test", ...change }]);
      await expect(other({ source: "there" })).rejects.toThrow(
        /dataset "kept": the experiment has one .* another source/,
      );
      await expect(other({ profile: { n: 2 } })).rejects.toThrow(/another profile/);
      await expect(other({ context: "train" })).rejects.toThrow(/an input of the run already, with .*context "test"/);
      const twice = [kept, { ...kept, context: "test" }];
      await expect(client.logInputs(one, twice)).rejects.toThrow(/given twice with digest "9"/);
    });

    it("are found by filter and order, page by page, and no more than asked for", async () => {
      const id = (await client.createExperiment("found")).experiment_id;
      const made = [];
      for (const n of [1, 2, 3]) {
        const run = await client.createRun({ experimentId: id, name: `run ${n}`, startTime: n });
        await client.logBatch(run.info.run_id, {
          metrics: [{ key: "a b/c.d", value: n === 3 ? Number.NaN : -n / 2, step: 1, timestamp: 1 }],
          params: [{ key: "p", value: n === 1 ? "it's" : '"x"' }],
          tags: n === 2 ? [{ key: "only", value: "end\\" }] : [],
        });
        await client.logInputs(run.info.run_id, [
          { name: `d'"${n}`, digest: `${n}`, source: "s", context: `use ${n}` },
        ]);
        made.push(run.info.run_id);
      }
      await client.updateRun(made[0]!, { status: "FINISHED", endTime: 10 });
      const found = async (...filters: Filter[]) => {
        const search = { experimentIds: [id], filter: and(...filters), orderBy: [attribute("start_time").asc()] };
        return (await client.searchRuns(search)).map((run) => run.info.start_time);
      };
      const m = metric("a b/c.d");
      expect(await found()).toEqual([1, 2, 3]);
      expect(await found(m.lt(-1e-7))).toEqual([1, 2]);
      expect(await found(m.gte(-0.5))).toEqual([1]);
      expect(await found(m.lte(1e300), m.gt(-1), m.eq(-0.5))).toEqual([1]);
      expect(await found(m.ne(-0.5))).toEqual([2, 3]);
      expect(await found(param("p").eq("it's"))).toEqual([1]);
      expect(await found(param("p").ne("it's"))).toEqual([2, 3]);
      expect(await found(tag("only").eq("end\\"), param("p").eq('"x"'))).toEqual([2]);
      expect(await found(tag("only").isNull(), param("p").isNotNull())).toEqual([1, 3]);
      expect(await found(attribute("status").eq("FINISHED"))).toEqual([1]);
      expect(await found(attribute("run_id").in(made.slice(1)))).toEqual([2, 3]);
      expect(await found(attribute("run_id").notIn(made.slice(1)))).toEqual([1]);
      expect(await found(attribute("run_name").contains("N 2"))).toEqual([]);
      expect(await found(attribute("run_name").ilike("%N 2"))).toEqual([2]);
      expect(await found(attribute("start_time").gte(2), attribute("start_time").lt(3))).toEqual([2]);
      expect(await found(attribute("end_time").eq(10))).toEqual([1]);
      expect(await found(dataset("name").in(["d'\"1", "d'\"3", "é\n"]))).toEqual([1, 3]);
      expect(await found(dataset("name").eq("d'\"2"))).toEqual([2]);
      expect(await found(dataset("digest").eq("3"), dataset("context").eq("use 3"))).toEqual([3]);
      const byMetric = { experimentIds: [id], orderBy: [m.desc(), tag("only").asc(), param("p").asc()] };
      expect((await client.searchRuns(byMetric)).map((run) => run.info.start_time)).toEqual([1, 2, 3]);
      expect(await client.searchRuns({ ...byMetric, maximum: 2 })).toHaveLength(2);
      const seen = [];
      for await (const run of client.iterateRuns(byMetric)) {
        seen.push(run.info.start_time);
        if (seen.length === 2) break;
      }
      expect(seen).toEqual([1, 2]);
      expect(await client.searchRuns({ experimentIds: [], filter: "tags.x = 'y'" })).toEqual([]);
      // The server's own words for lists of what it takes no lists for.
      const raw = { experimentIds: [id], filter: "attributes.status IN ('RUNNING')" };
      await expect(client.searchRuns(raw)).rejects.toThrow(/Only \['run_id'\] attributes support/);
    });

    it("give their history page by page, and stop when a token repeats", async () => {
      const { info } = await client.createRun({ experimentId, name: "long" });
      const metrics = Array.from({ length: 2100 }, (_, step) => ({ key: "m", value: step, step, timestamp: step }));
      await client.logBatch(info.run_id, { metrics });
      expect(await client.metricHistory(info.run_id, "m")).toEqual(metrics);
      const some = [];
      for await (const point of client.iterateMetricHistory(info.run_id, "m", 3)) some.push(point.step);
      expect(some).toEqual([0, 1, 2]);
      const page = { metrics: [{ key: "m", value: "1", timestamp: "1", step: "1" }], next_page_token: "same" };
      proxy.fault = () => ({ status: 200, body: JSON.stringify(page) });
      const point = { key: "m", value: 1, timestamp: 1, step: 1 };
      expect(await faulty.metricHistory(info.run_id, "m")).toEqual([point, point]);
      proxy.fault = () => "pass";
    });
  });

  describe("logged models", () => {
    it("are made, completed, read, measured, tagged, finalised, found and deleted", async () => {
      const { info: run } = await client.createRun({ experimentId, name: "trains" });
      const params = Object.fromEntries(Array.from({ length: 230 }, (_, i) => [`p${i}`, `${i}`]));
      const tags = { odd: 'it\'s "x"\\', u: "é" };
      const given = { experimentId, name: "net", sourceRunId: run.run_id, type: "cnn", params, tags, key: "net-1" };
      const made = await client.createLoggedModel(given);
      const id = made.info.model_id;
      expect(made.info).toMatchObject({ name: "net", status: "LOGGED_MODEL_PENDING", model_type: "cnn" });
      expect(made.info.creation_timestamp_ms).toBeTypeOf("number");
      expect(recordOf(made.data.params)).toEqual(params);
      expect((await client.createLoggedModel(given)).info.model_id).toBe(id);
      // What a process that was killed left is completed by the next.
      const more = { ...given, params: { ...params, later: "1" } };
      expect(recordOf((await client.createLoggedModel(more)).data.params)).toEqual(more.params);
      await client.logLoggedModelParams(id, { later: "1", last: "2" });
      await expect(client.logLoggedModelParams(id, { last: "3" })).rejects.toThrow(
        /has it with the value "2", not "3"/,
      );
      await client.setLoggedModelTags(id, { u: "v", gone: "x", "a/b": "y" });
      await client.deleteLoggedModelTag(id, "gone");
      await expect(client.deleteLoggedModelTag(id, "a/b")).rejects.toThrow(/cannot take away a tag .* "\/"/);
      const measured = {
        key: "acc",
        value: 0.5,
        step: 1,
        timestamp: 3,
        model_id: id,
        dataset_name: "d",
        dataset_digest: "1",
      };
      await client.logBatch(run.run_id, { metrics: [measured] });
      expect((await client.getLoggedModel(id)).data.metrics).toEqual([{ ...measured, run_id: run.run_id }]);
      await client.finalizeLoggedModel(id, true, run.run_id);
      await client.finalizeLoggedModel(id, true, run.run_id);
      expect((await client.getRun(run.run_id)).outputs.model_outputs).toEqual([{ model_id: id, step: 0 }]);
      const { info: uses } = await client.createRun({ experimentId, name: "uses" });
      await client.logInputs(uses.run_id, [], [id]);
      expect((await client.getRun(uses.run_id)).inputs.model_inputs).toEqual([{ model_id: id }]);
      const read = `(lambda m: [m.name, m.status.value, m.model_type, m.source_run_id, m.tags, len(m.params), [x.value for x in m.metrics]])(c.get_logged_model(a[0]))`;
      expect(await python.read(read, id)).toEqual([
        ...["net", "READY", "cnn", run.run_id],
        { ...tags, u: "v", "a/b": "y", [creationKeyTag]: "net-1" },
        232,
        [0.5],
      ]);
      await client.createLoggedModel({ experimentId, name: "other" });
      const found = async (filter: Filter) =>
        (await client.searchLoggedModels({ experimentIds: [experimentId], filter })).map((model) => model.info.name);
      expect(await found(and(attribute("name").eq("net"), attribute("creation_timestamp").gt(0)))).toEqual(["net"]);
      expect(await found(tag("odd").eq(tags.odd))).toEqual(["net"]);
      expect(await found(and(tag("odd").ne("z"), tag("u").eq("v"), param("p3").in(["3", "4"])))).toEqual(["net"]);
      expect(await found(and(metric("acc").gte(0.5), attribute("source_run_id").eq(run.run_id)))).toEqual(["net"]);
      expect(await found(metric("acc").lt(0.5))).toEqual([]);
      expect(await found(attribute("model_id").notIn([id]))).toEqual(["other"]);
      const byMetric = { experimentIds: [experimentId], orderBy: [{ field: "metrics.acc", ascending: false }] };
      expect((await client.searchLoggedModels(byMetric)).map((model) => model.info.name)).toEqual(["net", "other"]);
      expect(await client.searchLoggedModels({ ...byMetric, maximum: 1 })).toHaveLength(1);
      const onData = { experimentIds: [experimentId], datasets: [{ name: "d", digest: "1" }] };
      expect((await client.searchLoggedModels(onData)).map((model) => model.info.name)).toEqual(["net"]);
      await client.deleteLoggedModel(id);
      await expect(client.getLoggedModel(id)).rejects.toEqual(refused("RESOURCE_DOES_NOT_EXIST"));
    });

    it("are made and finalised once although answers are lost", async () => {
      const { info: run } = await client.createRun({ experimentId, name: "trains, answers lost" });
      const params = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`p${i}`, `${i}`]));
      const made = await losingFirstAnswers(() => faulty.createLoggedModel({ experimentId, name: "once", params }));
      expect(recordOf(made.data.params)).toEqual(params);
      await losingFirstAnswers(() => faulty.finalizeLoggedModel(made.info.model_id, false, run.run_id));
      const filter = attribute("name").eq("once");
      const found = await client.searchLoggedModels({ experimentIds: [experimentId], filter });
      expect(found.map((model) => model.info.status)).toEqual(["LOGGED_MODEL_UPLOAD_FAILED"]);
      expect((await client.getRun(run.run_id)).outputs.model_outputs).toHaveLength(1);
      await losingFirstAnswers(() => faulty.deleteLoggedModelTag(made.info.model_id, creationKeyTag));
      await losingFirstAnswers(() => faulty.deleteLoggedModel(made.info.model_id));
    });
  });

  describe("registered models and versions", () => {
    const name = `Netz 'a' "b"`;

    it("are made, changed, tagged, found by alias and filter, renamed and deleted", async () => {
      const { info: run } = await client.createRun({ experimentId, name: "registers" });
      const { info: model } = await client.createLoggedModel({ experimentId, name: "net", sourceRunId: run.run_id });
      const registered = await client.createRegisteredModel(name, { description: "d", tags: { a: "b" } });
      expect(registered).toMatchObject({ name, description: "d", aliases: [] });
      expect(registered.tags).toContainEqual({ key: "a", value: "b" });
      expect(registered.creation_timestamp).toBeTypeOf("number");
      await expect(client.createRegisteredModel(name)).rejects.toEqual(refused("RESOURCE_ALREADY_EXISTS"));
      expect(await client.findRegisteredModel("none")).toBeUndefined();
      expect(await client.latestModelVersion(name)).toBeUndefined();

      const first = await client.createModelVersion(name, { modelId: model.model_id }, { tags: { x: "y" }, key: "v" });
      expect(first).toMatchObject({ version: 1, model_id: model.model_id, run_id: run.run_id, status: "READY" });
      expect((await client.createModelVersion(name, { modelId: model.model_id }, { key: "v" })).version).toBe(1);
      const second = await client.createModelVersion(name, { runId: run.run_id, path: "a/model" });
      expect(second).toMatchObject({ version: 2, source: `${run.artifact_uri}/a/model`, run_id: run.run_id });
      const third = await client.createModelVersion(name, { source: "s3://bucket/x" }, { description: "third" });
      expect(third).toMatchObject({ version: 3, source: "s3://bucket/x", description: "third" });
      expect(await client.getModelVersionDownloadUri(name, 1)).toBe(model.artifact_uri);

      await client.setRegisteredModelAlias(name, "champion", 2);
      await client.setRegisteredModelAlias(name, "Älteste", 1);
      await client.setRegisteredModelAlias(name, "champion", 3);
      expect(await client.getModelVersionByAlias(name, "champion")).toMatchObject({
        version: 3,
        aliases: ["champion"],
      });
      expect((await client.getModelVersionByAlias(name, "latest")).version).toBe(3);
      expect((await client.latestModelVersion(name))?.version).toBe(3);
      await client.deleteRegisteredModelAlias(name, "Älteste");
      await expect(client.getModelVersionByAlias(name, "Älteste")).rejects.toThrow(/alias Älteste not found/);
      await client.setModelVersionTag(name, 1, "long", "x".repeat(60_000));
      await client.setModelVersionTag(name, 1, "gone", "x");
      await client.deleteModelVersionTag(name, 1, "gone");
      await client.setRegisteredModelTag(name, "long", "x".repeat(5000));
      await client.deleteRegisteredModelTag(name, "a");
      await client.updateModelVersion(name, 1, { description: "first" });
      await client.updateRegisteredModel(name, { description: "" });
      const read = `(lambda m, v: [m.description, m.aliases, {k: len(x) for k, x in m.tags.items()}, int(v.version), v.source, v.run_id, v.description, {k: len(x) for k, x in v.tags.items()}])(c.get_registered_model(a[0]), c.get_model_version(a[0], "1"))`;
      expect(await python.read(read, name)).toEqual([
        ...[
          "",
          { champion: "3" },
          { long: 5000, [creationKeyTag]: 36 },
          1,
          `models:/${model.model_id}`,
          run.run_id,
          "first",
        ],
        { long: 60_000, x: 1, [creationKeyTag]: 1 },
      ]);

      const models = async (filter: Filter) => (await client.searchRegisteredModels({ filter })).map((one) => one.name);
      await client.createRegisteredModel("zweites");
      expect(await models(and(attribute("name").eq(name), tag("long").startsWith("xx")))).toEqual([name]);
      expect(await models(attribute("name").ne(name))).toEqual(["zweites"]);
      expect(await models(attribute("name").in([name, "zweites"]))).toEqual([name, "zweites"]);
      const newest = { orderBy: [attribute("last_updated_timestamp").desc()], maximum: 1 };
      expect((await client.searchRegisteredModels(newest)).map((one) => one.name)).toEqual(["zweites"]);
      const versions = async (...filters: Filter[]) => {
        const search = {
          filter: and(attribute("name").eq(name), ...filters),
          orderBy: [attribute("version_number").asc()],
        };
        return (await client.searchModelVersions(search)).map((one) => one.version);
      };
      expect(await versions()).toEqual([1, 2, 3]);
      expect(await versions(attribute("version_number").gte(2), attribute("run_id").eq(run.run_id))).toEqual([2]);
      expect(await versions(attribute("run_id").in([run.run_id]))).toEqual([1, 2]);
      expect(await versions(attribute("source_path").like("s3:%"))).toEqual([3]);
      expect(await versions(tag("x").eq("y"))).toEqual([1]);
      const latest = { orderBy: [attribute("creation_timestamp").desc()], maximum: 1 };
      expect((await client.searchModelVersions(latest)).map((one) => one.version)).toEqual([3]);

      await client.deleteModelVersion(name, 3);
      await expect(client.getModelVersion(name, 3)).rejects.toEqual(refused("RESOURCE_DOES_NOT_EXIST"));
      expect((await client.getRegisteredModel(name)).aliases).toEqual([]);
      expect((await client.renameRegisteredModel(name, "neu")).name).toBe("neu");
      expect((await client.getModelVersion("neu", 1)).description).toBe("first");
      await client.deleteRegisteredModel("neu");
      expect(await client.findRegisteredModel("neu")).toBeUndefined();
    });

    it("are made once although answers are lost", async () => {
      const model = "lost answers";
      await losingFirstAnswers(() => faulty.createRegisteredModel(model));
      const from = { source: "s3://bucket/y" };
      await losingFirstAnswers(() => faulty.createModelVersion(model, from));
      await losingFirstAnswers(() => faulty.createModelVersion(model, from));
      expect(await client.searchModelVersions({ filter: attribute("name").eq(model) })).toHaveLength(2);
      await losingFirstAnswers(() => faulty.setRegisteredModelAlias(model, "a", 1));
      await losingFirstAnswers(() => faulty.deleteRegisteredModelAlias(model, "a"));
      await losingFirstAnswers(() => faulty.deleteModelVersion(model, 2));
      await losingFirstAnswers(() => faulty.renameRegisteredModel(model, "found again"));
      await losingFirstAnswers(() => faulty.deleteRegisteredModel("found again"));
      expect(await client.findRegisteredModel("found again")).toBeUndefined();
    });

    it("have aliases in the place of stages", async () => {
      await expect(client.transitionModelVersionStage("m", 1, "Production")).rejects.toThrow(
        /stages are deprecated since MLflow 2\.9: point an alias at the version instead, such as setRegisteredModelAlias/,
      );
    });
  });
});
