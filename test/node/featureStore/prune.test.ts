import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { clipBuilder } from "../../../src/features/store/clipBuilder.js";
import { type FeatureItem, openOrBuildFeatures } from "../../../src/node/featureStore/openOrBuild.js";
import { pruneStore } from "../../../src/node/featureStore/prune.js";
import { surveyStore } from "../../../src/node/featureStore/survey.js";
import { verifyStore } from "../../../src/node/featureStore/verify.js";
import { madeUpItems, mirror } from "./madeUpRequest.js";

let folder: string;
let items: FeatureItem[];
const cacheBefore = process.env.AUSCULT_CACHE;
const root = () => path.join(folder, "features");
const DAY_MS = 86_400_000;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "feature-prune-"));
  process.env.AUSCULT_CACHE = folder;
  items = madeUpItems(path.join(folder, "sounds"), 3);
});

afterEach(() => {
  if (cacheBefore === undefined) delete process.env.AUSCULT_CACHE;
  else process.env.AUSCULT_CACHE = cacheBefore;
  rmSync(folder, { recursive: true, force: true });
});

/** Stores all items by a builder of this name, as if its writer were gone since. */
async function store(name: string, daysAgo = 0, only = items): Promise<string> {
  await openOrBuildFeatures({ items: only, builder: clipBuilder({ ...mirror, name }) });
  const found = readdirSync(root()).find((one) => one.startsWith(`${name}-`))!;
  const place = path.join(root(), found);
  for (const file of readdirSync(place))
    renameSync(path.join(place, file), path.join(place, file.replace(`.${process.pid}.`, ".999999999.")));
  const time = new Date(Date.now() - daysAgo * DAY_MS);
  utimesSync(path.join(place, "builder.json"), time, time);
  return found;
}

const left = () => readdirSync(root()).map((name) => name.split("-")[0]);

it("an empty store is empty", async () => {
  expect(surveyStore()).toMatchObject({ builders: [], entries: 0, bytes: 0 });
  expect(pruneStore({ maxBytes: 0 })).toEqual({ removed: [], bytes: 0, left: 0 });
  expect(await verifyStore()).toEqual([]);
});

it("lists what each builder stores", async () => {
  const name = await store("alpha");
  // 4 pieces of each: whole (300, 307, 314 frames), and three of 96 frames; 2 rows of float32; gaps up to 64 bytes.
  const bytes = 8 * (300 + 307 + 314 + 9 * 96);
  const [found] = surveyStore().builders;
  expect(found).toMatchObject({ folder: name, builder: "alpha", entries: 12, shards: 1, dropped: 0, inUse: false });
  expect(found!.bytes).toBeGreaterThan(bytes);
  expect(found!.bytes).toBeLessThan(bytes + 12 * 64 + 12 * 120 + 1000);
});

it("removes builders by age, by name, and the longest unused until the size is met", async () => {
  await store("alpha", 40);
  await store("beta", 20);
  await store("gamma", 10);
  await store("delta", 1);
  expect(pruneStore({ olderThanDays: 30, dryRun: true }).removed.map(({ builder }) => builder)).toEqual(["alpha"]);
  expect(left()).toEqual(["alpha", "beta", "delta", "gamma"]);
  expect(pruneStore({ olderThanDays: 30 }).removed).toMatchObject([{ builder: "alpha", why: "not used for 40 days" }]);
  expect(left()).toEqual(["beta", "delta", "gamma"]);
  pruneStore({ builders: ["gamma"] });
  expect(left()).toEqual(["beta", "delta"]);
  const { bytes } = surveyStore();
  const pruned = pruneStore({ maxBytes: bytes - 1 });
  expect(left()).toEqual(["delta"]);
  expect(pruned.bytes + pruned.left).toBe(bytes);
  expect(pruneStore({ maxBytes: 1e9 }).removed).toEqual([]);
});

it("leaves alone what a living process may be writing to", async () => {
  await openOrBuildFeatures({ items, builder: clipBuilder({ ...mirror, name: "alpha" }) });
  expect(surveyStore().builders[0]!.inUse).toBe(true);
  expect(pruneStore({ maxBytes: 0, olderThanDays: 0, builders: ["alpha"] }).removed).toEqual([]);
});

it("removes what serves nobody: folders without a record, shards that are stored twice, damaged lines", async () => {
  mkdirSync(path.join(root(), "0123"), { recursive: true });
  writeFileSync(path.join(root(), "0123", "maps.f32"), "old");
  const name = await store("alpha", 0, items.slice(0, 3));
  const place = path.join(root(), name);
  const [index] = readdirSync(place).filter((file) => file.endsWith(".index")) as [string];
  const twin = index.replace(/\w{12}\.index/, "0123456789ab");
  writeFileSync(path.join(place, `${twin}.maps`), "");
  writeFileSync(path.join(place, `${twin}.index`), "");
  appendFileSync(path.join(place, index), "damaged\n");
  expect((await verifyStore()).find(({ builder }) => builder)!.damagedLines).toBe(1);
  expect(
    pruneStore({})
      .removed.map(({ why }) => why)
      .sort(),
  ).toEqual(["1 damaged lines of an index", "a shard without a served map", "holds nothing that can be served"]);
  expect(await verifyStore()).toEqual([{ folder: name, builder: "alpha", entries: 3, damaged: [], damagedLines: 0 }]);
  expect(pruneStore({}).removed).toEqual([]);
});
