import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MlflowClient } from "../src/client.js";
import { MlflowValidationError } from "../src/errors.js";
import {
  and,
  attribute,
  dataset,
  Filter,
  filterString,
  filterText,
  metric,
  orderTexts,
  param,
  type Searched,
  tag,
} from "../src/filter.js";
import type { RunSearch } from "../src/rest/runs.js";
import { keys, numbers, seed, texts, times } from "./arbitrary.js";
import { PythonClient } from "./pythonClient.js";
import { mlflowProgram, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

describe("a filter is written in MLflow's language", () => {
  it("with keys in backticks, texts in quotes, numbers as its parser knows them", () => {
    const filter = and(
      metric("select/score").gt(0.5),
      and(tag("paper").eq("respirenet"), param("a b").ne("it's")),
      attribute("status").eq("RUNNING"),
      attribute("start_time").lte(1_700_000_000_000),
      dataset("context").in(["train", "'\"\\\n"]),
      tag("x").isNull(),
      metric("m").lt(-1e21),
      metric("m").ne(-0),
    );
    expect(`${filter}`).toBe(
      "metrics.`select/score` > 0.5 AND tags.`paper` = 'respirenet' AND params.`a b` != \"it's\"" +
        " AND attributes.status = 'RUNNING' AND attributes.start_time <= 1700000000000" +
        " AND datasets.context IN ('train', '\\x27\\x22\\x5c\\x0a') AND tags.`x` IS NULL" +
        " AND metrics.`m` < -1e21 AND metrics.`m` != 0",
    );
    expect(filterText(attribute("name").eq("x"), "experiments")).toBe("name = 'x'");
    expect(filterText(tag("t").eq("it's"), "loggedModels")).toBe("tags.`t` IN ('it\\x27s')");
    expect(filterText(undefined, "runs")).toBe("");
    expect(filterText("tags.x = 'y'", "runs")).toBe("tags.x = 'y'");
    expect(orderTexts([metric("a b").desc(), attribute("start_time").asc(), "x"], "runs")).toEqual([
      "metrics.`a b` DESC",
      "attributes.start_time ASC",
      "x",
    ]);
  });

  it("with a text that ends with a backslash last, where no quote follows it", () => {
    expect(`${and(tag("a").eq("x\\"), tag("b").eq("y"))}`).toBe("tags.`b` = 'y' AND tags.`a` = 'x\\'");
  });

  it("as the README shows it", async () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const [, code] = /```js\n(import [^\n]*\n\nconst runs = await client\.searchRuns[\s\S]*?)```/.exec(readme)!;
    const said: string[] = [];
    const client = {
      searchRuns: async ({ filter, orderBy }: RunSearch) =>
        void said.push(filterText(filter, "runs"), ...orderTexts(orderBy, "runs")),
    };
    const names = { and, attribute, metric, tag, client };
    const body = `return (async () => {${code!.replace(/^import .*$/m, "")}})()`;
    await new Function(...Object.keys(names), body)(...Object.values(names));
    expect(said).toEqual([
      "metrics.`select/score` > 0.5 AND tags.`paper` = \"it's here\" AND attributes.status = 'FINISHED'",
      "metrics.`select/score` DESC",
    ]);
  });

  const runs = (filter: Filter) => () => filterText(filter, "runs");
  const refused: [string, () => unknown, RegExp][] = [
    [
      "a data set by something else",
      () => dataset("name = 'a' AND tags.x" as "name"),
      /^filter on dataset .*: runs are searched by a data set's name, digest, context$/,
    ],
    [
      "a data set by something else, without dataset()",
      runs(new Filter([{ field: { kind: "dataset", key: "x" }, comparator: "=", value: "1" }])),
      /^filter on dataset "x": runs are searched/,
    ],
    ["a key that cannot be quoted", () => tag("a`b"), /tag "a`b": a name may hold/],
    [
      "both kinds of quotes",
      runs(tag("t").eq(`'"`)),
      /filter on tag "t": "'\\"" cannot be written .* both kinds of quotes/,
    ],
    [
      "two texts with a backslash",
      runs(and(tag("a").eq("\\"), tag("b").eq("\\"))),
      /two texts that end with a backslash/,
    ],
    ["NaN", () => metric("m").gt(Number.NaN), /filter on metric "m": NaN has no word/],
    ["an infinity", () => metric("m").lt(Number.POSITIVE_INFINITY), /Infinity has no word/],
    [
      "a text for a metric",
      runs(metric("m").gt("1" as never)),
      /filter on metric "m": "1" is a string, it must be a number/,
    ],
    ["a number for a tag", runs(tag("t").eq(1 as never)), /filter on tag "t": 1 is a number, it must be a text/],
    [
      "a list of statuses",
      runs(attribute("status").in(["RUNNING"])),
      /takes lists for attribute "run_id" and datasets alone: search once/,
    ],
    ["a list of tags", runs(tag("t").in(["a"])), /takes lists for/],
    ["an empty list", () => attribute("run_id").in([]), /a list holds 1 to 1000 values, this one 0/],
    ["an unknown status", runs(attribute("status").eq("DONE")), /"DONE" is none of RUNNING/],
    [
      "an unknown attribute",
      runs(attribute("name").eq("x")),
      /runs are searched by the attributes run_id, run_name, status/,
    ],
    ["a fractional time", runs(attribute("start_time").gt(1.5)), /1.5 must be a whole number/],
    ["an order of texts", runs(attribute("run_name").gt(1)), /1 is a number, it must be a text/],
    ["a pattern for a number", runs(attribute("start_time").like("1%")), /it must be a number/],
    ["a wildcard meant as it is", () => tag("t").contains("50%"), /"50%" holds %, _ or a backslash/],
    [
      "metrics of experiments",
      () => filterText(metric("m").gt(1), "experiments"),
      /experiments are not searched by it/,
    ],
    ["nothing there", () => filterText(tag("t").isNull(), "modelVersions"), /takes IS NULL for nothing/],
    [
      "the status of a logged model",
      () => filterText(attribute("status").eq("READY"), "loggedModels"),
      /keeps it as a number/,
    ],
    [
      "an order that there is not",
      () => orderTexts([metric("m").asc()], "experiments"),
      /experiments can be ordered by name/,
    ],
    ["a text with both quotes", () => filterString(`'"`), /cannot be written in a search filter/],
    [
      "what is no filter",
      () => filterText({} as never, "runs"),
      /filter: \{...\} is an object, it must be a text, or made by/,
    ],
  ];
  it.each(refused)("and refuses %s", (_, write, message) => {
    expect(write).toThrow(MlflowValidationError);
    expect(write).toThrow(message);
  });
});

/** A condition, and what MLflow's parser must make of it. */
interface Meant {
  filter: Filter;
  type: string;
  key: string;
  comparator: string;
  value: unknown;
}

/** Conditions that a search of `searched` takes. */
function conditions(searched: Searched): fc.Arbitrary<Meant> {
  const value = texts(30);
  const comparisons = ["eq", "ne", "gt", "gte", "lt", "lte"] as const;
  const signs = { eq: "=", ne: "!=", gt: ">", gte: ">=", lt: "<", lte: "<=", like: "LIKE", ilike: "ILIKE" } as const;
  const ofText = (type: string, key: fc.Arbitrary<string>, field: typeof tag) =>
    fc.tuple(key, fc.constantFrom("eq", "ne", "like", "ilike"), value).map(
      ([name, how, text]): Meant => ({
        ...{ filter: field(name)[how as "eq"](text), type, key: name },
        ...{ comparator: signs[how as "eq"], value: text },
      }),
    );
  const ofNumber = (type: string, key: fc.Arbitrary<string>, field: typeof metric, number: fc.Arbitrary<number>) =>
    fc.tuple(key, fc.constantFrom(...comparisons), number).map(
      ([name, how, n]): Meant => ({
        ...{ filter: field(name)[how](n), type, key: name },
        ...{ comparator: signs[how], value: n === 0 ? 0 : n },
      }),
    );
  const ofList = (type: string, key: fc.Arbitrary<string>, field: typeof tag) =>
    fc.tuple(key, fc.boolean(), fc.array(value, { minLength: 1, maxLength: 5 })).map(
      ([name, within, list]): Meant => ({
        ...{ filter: within ? field(name).in(list) : field(name).notIn(list), type, key: name },
        ...{ comparator: within ? "IN" : "NOT IN", value: list },
      }),
    );
  const ofNull = (type: string, field: typeof tag) =>
    fc.tuple(keys(), fc.boolean()).map(
      ([name, is]): Meant => ({
        ...{ filter: is ? field(name).isNull() : field(name).isNotNull(), type, key: name },
        ...{ comparator: is ? "IS NULL" : "IS NOT NULL", value: null },
      }),
    );
  const names = (...list: string[]) => fc.constantFrom(...list);
  const whole = fc.maxSafeNat();
  const asField = (name: string) => attribute(name) as unknown as ReturnType<typeof metric>;
  const tags = ofText("tag", keys(), tag);
  switch (searched) {
    case "runs":
      return fc.oneof(
        ...[tags, ofNull("tag", tag), ofText("parameter", keys(), param), ofNull("parameter", param)],
        ...[ofNumber("metric", keys(), metric, numbers()), ofList("attribute", names("run_id"), attribute)],
        ofText("attribute", names("run_name", "user_id", "artifact_uri"), attribute),
        ofNumber("attribute", names("start_time", "end_time"), asField, whole),
        ofText("dataset", names("name", "digest", "context"), dataset as typeof tag),
        ofList("dataset", names("name", "digest", "context"), dataset as typeof tag),
      );
    case "experiments":
      return fc.oneof(
        ...[tags, ofNull("tag", tag), ofText("attribute", names("name"), attribute)],
        ofNumber("attribute", names("creation_time", "last_update_time"), asField, whole),
        ofList("attribute", names("experiment_id"), attribute),
      );
    case "registeredModels":
      return fc.oneof(
        ...[tags, ofText("attribute", names("name"), attribute), ofList("attribute", names("name"), attribute)],
      );
    case "modelVersions":
      return fc.oneof(
        ...[tags, ofText("attribute", names("name", "run_id", "source_path"), attribute)],
        ofNumber("attribute", names("version_number"), asField, whole),
        ofList("attribute", names("name", "run_id"), attribute),
      );
    case "loggedModels":
      return fc.oneof(
        ...[tags, ofList("tag", keys(), tag), ofText("parameter", keys(), param), ofList("parameter", keys(), param)],
        ...[ofNumber("metric", keys(), metric, numbers())],
        ofText("attribute", names("name", "model_type"), attribute),
        ofNumber("attribute", names("creation_timestamp"), asField, whole),
      );
  }
}

const ofClass = (name: string) =>
  `[[x["type"], x["key"], x["comparator"].upper(), x["value"]] for x in mlflow.utils.search_utils.${name}.parse_search_filter(a[0])]`;

/** What each of MLflow's parsers makes of a filter. */
const parsers: Record<Searched, string> = {
  runs: ofClass("SearchUtils"),
  experiments: ofClass("SearchExperimentsUtils"),
  registeredModels: ofClass("SearchModelUtils"),
  modelVersions: ofClass("SearchModelVersionUtils"),
  loggedModels: `[[{"tags": "tag", "params": "parameter", "metrics": "metric", "attributes": "attribute"}[x.entity.type.value], x.entity.key.removesuffix("_ms"), x.op, x.value] for x in __import__("mlflow.utils.search_logged_model_utils", fromlist=["x"]).parse_filter_string(a[0])]`,
};

describe.skipIf(!program)(`what filters mean${reason}`, () => {
  const place = temporaryFolder();
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: MlflowClient;
  let python: PythonClient;

  beforeAll(async () => {
    server = await startServer(place.folder);
    client = new MlflowClient({ uri: server.uri });
    python = new PythonClient(server.uri);
  });
  afterAll(async () => {
    python?.close();
    await server?.stop();
    place.remove();
  });

  it.each(["runs", "experiments", "registeredModels", "modelVersions", "loggedModels"] as const)(
    `MLflow's parser reads what was meant: ${times(400)} filters of %s (seed ${seed})`,
    async (searched) => {
      const some = fc.array(conditions(searched), { minLength: 1, maxLength: 5 });
      let read = 0;
      const property = fc.asyncProperty(some, async (meant) => {
        let text: string;
        try {
          text = filterText(and(...meant.map((one) => one.filter)), searched);
        } catch (error) {
          expect(error).toBeInstanceOf(MlflowValidationError);
          expect(String(error)).toMatch(/both kinds of quotes|two texts that end with a backslash/);
          return;
        }
        read++;
        const parsed = (await python.read(parsers[searched], text)) as [string, string, string, unknown][];
        const plain = parsed.map(([type, key, comparator, value]) => {
          const numeric = type === "metric" || typeof value === "number";
          return JSON.stringify([type, key, comparator, numeric ? Number(value) : value]);
        });
        const asMeant = meant.map(({ type, key, comparator, value }) => JSON.stringify([type, key, comparator, value]));
        // Where a text cannot be quoted it stands in a list of one.
        const asList = meant.map(({ type, key, comparator, value }) => {
          const list = comparator === "=" ? "IN" : comparator === "!=" ? "NOT IN" : undefined;
          return list && typeof value === "string" ? JSON.stringify([type, key, list, [value]]) : "";
        });
        expect(plain).toHaveLength(meant.length);
        for (const [i, one] of asMeant.entries()) expect(plain).toContainEqual(plain.includes(one) ? one : asList[i]);
      });
      await fc.assert(property, { seed, numRuns: times(400), endOnFailure: false });
      expect(read).toBeGreaterThan(100);
    },
    300_000,
  );

  it(`a run with any tag and parameter is found by them, and no other is: up to ${times(120)} runs (seed ${seed})`, async () => {
    const { experiment_id } = await client.createExperiment("any tag");
    const values = [...new Set(fc.sample(texts(40), { seed, numRuns: times(120) }))];
    const runs = new Map<string, string>();
    for (const value of values) {
      const run = await client.createRun({ experimentId: experiment_id, name: "r", tags: { "a b/ü": value } });
      await client.logBatch(run.info.run_id, { params: [{ key: "p", value }] });
      runs.set(value, run.info.run_id);
    }
    let found = 0;
    for (const [value, runId] of runs)
      for (const filter of [tag("a b/ü").eq(value), and(param("p").eq(value), tag("none").isNull())]) {
        if (value.includes("'") && value.includes('"')) {
          expect(() => `${filter}`).toThrow(/both kinds of quotes/);
          continue;
        }
        const ids = (await client.searchRuns({ experimentIds: [experiment_id], filter })).map((run) => run.info.run_id);
        expect(ids, JSON.stringify(value)).toEqual([runId]);
        found++;
      }
    expect(found).toBeGreaterThan(values.length);
  }, 300_000);

  it(`a logged model with any tag is found by it, and no other is: up to ${times(40)} models (seed ${seed})`, async () => {
    const { experiment_id } = await client.createExperiment("any tag of a model");
    const values = [...new Set(fc.sample(texts(40), { seed, numRuns: times(40) }))];
    const models = new Map<string, string>();
    for (const value of values) {
      const given = { experimentId: experiment_id, name: "m", tags: { "a b/ü": value } };
      models.set(value, (await client.createLoggedModel(given)).info.model_id);
    }
    for (const [value, modelId] of models) {
      const search = { experimentIds: [experiment_id], filter: tag("a b/ü").eq(value) };
      expect((await client.searchLoggedModels(search)).map((model) => model.info.model_id)).toEqual([modelId]);
    }
  }, 300_000);
});
