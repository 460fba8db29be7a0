import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { metricForWire } from "../src/batches.js";
import { MlflowClient, recordOf } from "../src/client.js";
import { MlflowError, MlflowValidationError } from "../src/errors.js";
import { creationKeyTag } from "../src/rest/endpoints.js";
import type { KeyValue, Metric } from "../src/types.js";
import { checkMetric, checkParameter, checkTag, limits } from "../src/validate.js";
import { keys, numbers, seed, texts, times } from "./arbitrary.js";
import { PythonClient } from "./pythonClient.js";
import { mlflowProgram, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

const timeout = 600_000;

/** Equal numbers: NaN is itself, and -0 is written as 0. */
const sameNumber = (a: number, b: number) => Object.is(a, b) || a === b;

/** A number as Python prints it; an infinity is the largest number there. */
function fromPython(text: string): number {
  const value = text === "nan" ? Number.NaN : Number(text);
  return Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Number.POSITIVE_INFINITY : value;
}

/** Distinct keys with values. */
const pairs = (value: fc.Arbitrary<string>, maxLength: number) =>
  fc.uniqueArray(fc.record({ key: keys(), value }), { selector: ({ key }) => key, maxLength });

/** The tags that a caller gave: without the hidden one that makes a repeated creation safe. */
function given(tags: Record<string, string>): Record<string, string> {
  const { [creationKeyTag]: _, ...own } = tags;
  return own;
}

/** Mostly short, some of the greatest length. */
const values = (maximum: number) =>
  fc.oneof(
    { weight: 20, arbitrary: texts(60) },
    { weight: 1, arbitrary: fc.constantFrom("😀", "漢", "'", "\\", "x").map((character) => character.repeat(maximum)) },
  );

/** What the client does not take ends a property without more; anything else must come back. */
async function unlessRefused(act: () => Promise<void>): Promise<"refused" | "taken"> {
  try {
    await act();
    return "taken";
  } catch (error) {
    if (error instanceof MlflowValidationError) return "refused";
    throw error;
  }
}

describe.skipIf(!program)(`what is sent comes back, to this client and to MLflow's own (seed ${seed})${reason}`, () => {
  const place = temporaryFolder();
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: MlflowClient;
  let python: PythonClient;
  let experimentId: string;

  beforeAll(async () => {
    server = await startServer(place.folder);
    client = new MlflowClient({ uri: server.uri });
    python = new PythonClient(server.uri);
    experimentId = (await client.getOrCreateExperiment("round trips")).experiment_id;
  });
  afterAll(async () => {
    python?.close();
    await server?.stop();
    place.remove();
  });

  const newRun = async () => (await client.createRun({ experimentId, name: "r" })).info.run_id;

  it(
    `metrics: ${times(30)} times up to 100 points`,
    async () => {
      const value = fc.oneof(
        numbers(),
        fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      );
      const step = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }), fc.constant(Number.MAX_SAFE_INTEGER));
      const timestamp = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER));
      const few = fc.uniqueArray(keys(), { minLength: 1, maxLength: 3 });
      const points = few.chain((names) =>
        fc.uniqueArray(fc.record({ key: fc.constantFrom(...names), value, step, timestamp }), {
          selector: ({ key, step, timestamp }) => JSON.stringify([key, step, timestamp]),
          minLength: 1,
          maxLength: 100,
          size: "max",
        }),
      );
      let count = 0;
      const property = fc.asyncProperty(points, async (metrics: Metric[]) => {
        const runId = await newRun();
        await client.logBatch(runId, { metrics });
        for (const key of new Set(metrics.map((point) => point.key))) {
          const sent = metrics.filter((point) => point.key === key);
          const expression = "[[m.step, m.timestamp, repr(m.value)] for m in c.get_metric_history(a[0], a[1])]";
          const theirs = (await python.read(expression, runId, key)) as [number, number, string][];
          const ours = (await client.metricHistory(runId, key)).map((m) => [m.step, m.timestamp, m.value] as const);
          const read = theirs.map(([step, timestamp, value]) => [step, timestamp, fromPython(value)] as const);
          for (const all of [ours, read]) {
            expect(all).toHaveLength(sent.length);
            for (const point of sent) {
              const found = all.find(([step, timestamp]) => step === point.step && timestamp === point.timestamp);
              expect(found && sameNumber(found[2], point.value), JSON.stringify([point, found])).toBe(true);
            }
          }
        }
        const { data } = await client.getRun(runId);
        for (const latest of data.metrics) {
          const steps = metrics.filter((point) => point.key === latest.key).map((point) => point.step);
          expect(latest.step).toBe(Math.max(...steps));
        }
        count += metrics.length;
      });
      await fc.assert(property, { seed, numRuns: times(30) });
      expect(count).toBeGreaterThan(300);
    },
    timeout,
  );

  it(
    `parameters and tags: ${times(40)} times up to 20 of each`,
    async () => {
      const both = fc.tuple(pairs(values(limits.parameterCharacters), 20), pairs(values(limits.tagCharacters), 20));
      const property = fc.asyncProperty(both, async ([params, tags]) => {
        const runId = await newRun();
        await client.logBatch(runId, { params, tags });
        const { data } = await client.getRun(runId);
        const read = "(lambda d: [d.params, d.tags])(c.get_run(a[0]).data)";
        const theirs = (await python.read(read, runId)) as [Record<string, string>, Record<string, string>];
        for (const [gotParams, gotTags] of [[recordOf(data.params), recordOf(data.tags)], theirs]) {
          expect(gotParams).toEqual(recordOf(params));
          expect(gotTags).toMatchObject(recordOf(tags));
        }
      });
      await fc.assert(property, { seed, numRuns: times(40) });
    },
    timeout,
  );

  it(
    `names of runs and experiments, and experiments' tags: ${times(60)} times`,
    async () => {
      let taken = 0;
      const name = fc.oneof(texts(250, 1), texts(5));
      const property = fc.asyncProperty(name, pairs(values(limits.experimentTagCharacters), 3), async (text, tags) => {
        const done = await unlessRefused(async () => {
          const { info } = await client.createRun({ experimentId, name: text });
          expect(info.run_name).toBe(text);
          expect(
            (await client.updateRun(info.run_id, { name: `${[...text].slice(0, 249).join("")}!` })).run_name,
          ).toMatch(/!$/);
          await client.updateRun(info.run_id, { name: text });
          expect(await python.read("c.get_run(a[0]).info.run_name", info.run_id)).toBe(text);
          const before = await client.findExperiment(text);
          if (before) await client.renameExperiment(before.experiment_id, randomUUID());
          const made = await client.createExperiment(text, { tags: recordOf(tags) });
          const again = await client.getExperiment(made.experiment_id);
          expect(again.name).toBe(text);
          expect(given(recordOf(again.tags))).toEqual(recordOf(tags));
          const read = "(lambda e: [e.experiment_id, e.tags])(c.get_experiment_by_name(a[0]))";
          const [id, seen] = (await python.read(read, text)) as [string, Record<string, string>];
          expect([id, given(seen)]).toEqual([made.experiment_id, recordOf(tags)]);
        });
        if (done === "taken") taken++;
      });
      await fc.assert(property, { seed, numRuns: times(60) });
      expect(taken).toBeGreaterThan(times(40) - 2);
    },
    timeout,
  );

  it(
    `data sets: ${times(40)} times`,
    async () => {
      const text = texts(30, 1);
      const json = fc.dictionary(texts(10, 1), fc.oneof(numbers(), texts(10), fc.boolean(), fc.constant(null)), {
        maxKeys: 4,
      });
      const description = fc.record(
        {
          ...{ name: text, digest: texts(36, 1), source: text, sourceType: text, context: text },
          ...{ tags: fc.dictionary(text, texts(30), { maxKeys: 3 }), schema: json, profile: json },
        },
        { requiredKeys: ["name", "digest", "source"] },
      );
      let taken = 0;
      const property = fc.asyncProperty(description, async (dataset) => {
        const done = await unlessRefused(async () => {
          const runId = await newRun();
          // Refuses by itself what the server did not keep.
          await client.logInputs(runId, [dataset]);
          const [input] = (await client.getRun(runId)).inputs.dataset_inputs;
          const read = `[[d.name, d.digest, d.source_type, d.source, d.schema, d.profile] for d in [i.dataset for i in c.get_run(a[0]).inputs.dataset_inputs]] + [{t.key: t.value for i in c.get_run(a[0]).inputs.dataset_inputs for t in i.tags}]`;
          const [theirs, tags] = (await python.read(read, runId)) as [(string | null)[], Record<string, string>];
          const { name, digest, source_type, source, schema, profile } = input!.dataset;
          expect(theirs).toEqual([name, digest, source_type, source, schema ?? null, profile ?? null]);
          expect(tags).toEqual(recordOf(input!.tags));
          expect([name, digest]).toEqual([dataset.name, dataset.digest]);
          expect(Object.values(JSON.parse(source))).toEqual([dataset.source]);
          expect(tags).toEqual({ ...dataset.tags, ...(dataset.context && { "mlflow.data.context": dataset.context }) });
        });
        if (done === "taken") taken++;
      });
      await fc.assert(property, { seed, numRuns: times(40) });
      expect(taken).toBeGreaterThan(times(30) - 2);
    },
    timeout,
  );

  it(
    `logged models: ${times(30)} times`,
    async () => {
      const all = fc.tuple(
        texts(30, 1),
        pairs(values(limits.parameterCharacters), 5),
        pairs(values(limits.tagCharacters), 5),
      );
      let taken = 0;
      const property = fc.asyncProperty(all, async ([name, params, tags]) => {
        const done = await unlessRefused(async () => {
          const given = { experimentId, name, type: name, params: recordOf(params), tags: recordOf(tags) };
          const { info } = await client.createLoggedModel(given);
          const read = "(lambda m: [m.name, m.model_type, m.params, m.tags])(c.get_logged_model(a[0]))";
          const model = await client.getLoggedModel(info.model_id);
          const ours = [model.info.name, model.info.model_type, recordOf(model.data.params), recordOf(model.info.tags)];
          expect(await python.read(read, info.model_id)).toEqual(ours);
          expect(ours).toMatchObject([name, name, recordOf(params), recordOf(tags)]);
        });
        if (done === "taken") taken++;
      });
      await fc.assert(property, { seed, numRuns: times(30) });
      expect(taken).toBeGreaterThan(times(10) - 2);
    },
    timeout,
  );

  it(
    `registered models, versions, aliases: ${times(40)} times`,
    async () => {
      const words = fc.string({ unit: fc.constantFrom(..."aZ9_-éж中"), minLength: 1, maxLength: 20 });
      const alias = fc.oneof(words, fc.constantFrom("latest", "LATEST", "v1", "V12", "v1a"));
      const all = fc.tuple(
        texts(40, 1),
        texts(60),
        alias,
        pairs(values(limits.registeredModelTagCharacters), 3),
        pairs(values(16_000), 3),
      );
      let taken = 0;
      const property = fc.asyncProperty(all, async ([name, description, alias, tags, versionTags]) => {
        const done = await unlessRefused(async () => {
          if (await client.findRegisteredModel(name)) await client.deleteRegisteredModel(name);
          await client.createRegisteredModel(name, { description, tags: recordOf(tags) });
          const from = { source: "s3://bucket/x" };
          await client.createModelVersion(name, from, { description, tags: recordOf(versionTags) });
          const model = await client.getRegisteredModel(name);
          const version = await client.getModelVersion(name, 1);
          for (const [got, want] of [
            [model.tags, tags],
            [version.tags, versionTags],
          ] as [KeyValue[], KeyValue[]][])
            expect(given(recordOf(got))).toEqual(recordOf(want));
          expect([model.name, model.description ?? "", version.description ?? ""]).toEqual([
            name,
            description,
            description,
          ]);
          await client.setRegisteredModelAlias(name, alias, 1);
          expect((await client.getModelVersionByAlias(name, alias)).aliases).toEqual([alias]);
          const read = `(lambda m, v: [m.name, m.description, m.tags, {k: int(x) for k, x in m.aliases.items()}, v.description, v.tags])(c.get_registered_model(a[0]), c.get_model_version_by_alias(a[0], a[1]))`;
          expect(await python.read(read, name, alias)).toEqual([
            ...[name, description, recordOf(model.tags), { [alias]: 1 }, description, recordOf(version.tags)],
          ]);
        });
        if (done === "taken") taken++;
      });
      await fc.assert(property, { seed, numRuns: times(40) });
      expect(taken).toBeGreaterThan(times(15) - 2);
    },
    timeout,
  );

  it(
    `what the server takes and changes, the client refuses: ${times(200)} times anything at all`,
    async () => {
      const anything = fc.oneof(
        ...[numbers(), texts(20), fc.boolean(), fc.constant(null), fc.array(fc.integer(), { maxLength: 2 })],
        ...[
          fc.constantFrom("1", "1.5", "abc", "NaN", "Infinity", "inf", "", "-0", "1e400"),
          fc.dictionary(keys(), fc.integer(), { maxKeys: 2 }),
        ],
        ...[
          fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(Number),
          fc.maxSafeNat(),
          fc.constantFrom(6001, 8001).map((n) => "x".repeat(n)),
        ],
      );
      const anyKey = fc.oneof(
        keys(),
        texts(20),
        fc.constantFrom("a/", "..a", "/a", "a//b", ".", "a\n", "x".repeat(251)),
      );
      const kept = { changedByServer: 0, keptByServer: 0, refusedByServer: 0 };
      const what = fc.tuple(fc.constantFrom("value", "step", "timestamp", "param", "tag"), anyKey, anything);
      const property = fc.asyncProperty(what, async ([field, key, value]) => {
        const metric = {
          key,
          value: 1,
          step: 1,
          timestamp: 1,
          ...(["value", "step", "timestamp"].includes(field) && { [field]: value }),
        } as Metric;
        const pair = { key, value } as KeyValue;
        const isMetric = field !== "param" && field !== "tag";
        const runId = await newRun();
        const check = () =>
          isMetric ? checkMetric(metric) : field === "param" ? checkParameter(pair) : checkTag(pair);
        const wire = typeof metric.value === "number" ? metricForWire(metric) : metric;
        const body = isMetric ? { metrics: [wire] } : field === "param" ? { params: [pair] } : { tags: [pair] };
        let same = false;
        try {
          const request = { json: { run_id: runId, ...body }, retry: false };
          await client.transport.json("POST", "/api/2.0/mlflow/runs/log-batch", request);
          const { data } = await client.getRun(runId);
          const lists: (Metric | KeyValue)[] = isMetric ? data.metrics : field === "param" ? data.params : data.tags;
          const got = lists.find((one) => one.key === key);
          same = isMetric
            ? got !== undefined &&
              (["value", "step", "timestamp"] as const).every((part) => sameNumber((got as Metric)[part], metric[part]))
            : got?.value === value;
          if (same) kept.keptByServer++;
          else kept.changedByServer++;
        } catch (error) {
          if (!(error instanceof MlflowError)) throw error;
          kept.refusedByServer++;
        }
        // What is accepted is what the server takes as it is; everything else is refused before.
        if (same) return;
        expect(check).toThrow(MlflowValidationError);
      });
      await fc.assert(property, { seed, numRuns: times(200) });
      for (const count of Object.values(kept)) expect(count).toBeGreaterThan(times(10) - 2);
    },
    timeout,
  );
});
