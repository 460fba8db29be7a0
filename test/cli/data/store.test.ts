import { mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dataStoreCommand } from "../../../src/cli/data/store.js";
import { clipBuilder } from "../../../src/features/store/clipBuilder.js";
import { openOrBuildFeatures } from "../../../src/node/featureStore/openOrBuild.js";
import { temporaryFolder } from "../../datasets/sprsound/layoutFixture.js";
import { madeUpItems, mirror } from "../../node/featureStore/madeUpRequest.js";

let folder: string;
const root = () => path.join(folder, "features");

beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("AUSCULT_CACHE", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Runs the command and returns what it wrote. */
async function run(...words: string[]): Promise<{ stdout: string; stderr: string; exitCode: unknown }> {
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      written[name] += chunk;
      return true;
    });
  }
  process.exitCode = undefined;
  try {
    const command = dataStoreCommand();
    for (const one of [command, ...command.commands]) {
      one.exitOverride().configureOutput({ writeErr: (text) => (written.stderr += text) });
    }
    await command.parseAsync(words, { from: "user" });
    return { ...written, exitCode: process.exitCode };
  } finally {
    process.exitCode = undefined;
    vi.restoreAllMocks();
  }
}

/** Two recordings, each whole and in three pieces, stored by a builder of this name, by a process that is gone. */
async function store(name: string, daysAgo: number): Promise<string> {
  const items = madeUpItems(path.join(folder, "sounds"), 2);
  await openOrBuildFeatures({ items, builder: clipBuilder({ ...mirror, name }) });
  const found = readdirSync(root()).find((one) => one.startsWith(`${name}-`))!;
  const place = path.join(root(), found);
  for (const file of readdirSync(place))
    renameSync(path.join(place, file), path.join(place, file.replace(`.${process.pid}.`, ".999999999.")));
  const time = new Date(Date.now() - daysAgo * 86_400_000);
  utimesSync(path.join(place, "builder.json"), time, time);
  return found;
}

/** Flips a bit in the last stored map. */
function damage(found: string): void {
  const maps = readdirSync(path.join(root(), found)).find((file) => file.endsWith(".maps"))!;
  const file = path.join(root(), found, maps);
  const bytes = readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);
}

describe("auscult data store", () => {
  it("says that nothing is stored", async () => {
    expect(await run()).toEqual({ stdout: `${root()}: nothing is stored\n`, stderr: "", exitCode: undefined });
    expect((await run("verify")).stdout).toBe("nothing is stored\n");
    expect((await run("prune")).stdout).toBe("removed 0.0 MB; 0.0 MB are left\n");
    expect(JSON.parse((await run("list", "--json")).stdout)).toEqual({
      folder: root(),
      builders: [],
      entries: 0,
      bytes: 0,
    });
  });

  it("list names each builder with its maps, in words and as one JSON document; it is what no word means", async () => {
    const [alpha, beta] = [await store("alpha", 3), await store("beta", 1)];
    mkdirSync(path.join(root(), "gamma-0"));
    const { stdout, stderr, exitCode } = await run("list", "--json");
    expect([stderr, exitCode, stdout.endsWith("}\n")]).toEqual(["", undefined, true]);
    const survey = JSON.parse(stdout);
    expect(survey).toMatchObject({
      folder: root(),
      entries: 16,
      builders: [
        { folder: alpha, builder: "alpha", entries: 8, shards: 1, damagedLines: 0, dropped: 0, inUse: false },
        { folder: beta, builder: "beta", entries: 8 },
        { folder: "gamma-0", entries: 0 },
      ],
    });
    expect(survey.bytes).toBe(survey.builders.reduce((sum: number, { bytes }: { bytes: number }) => sum + bytes, 0));
    expect(JSON.parse((await run("--json")).stdout)).toEqual(survey);
    const lines = (await run()).stdout.split("\n");
    expect(lines[0]).toContain(`${root()}: 16 maps, `);
    expect(lines[1]).toMatch(new RegExp(`^ {2}${alpha} +8 maps +0\\.0 MB {2}used \\d{4}-\\d\\d-\\d\\d$`));
    expect(lines[3]).toContain("nothing that can be served: `data store prune` removes it");
  });

  it("verify ends with 1 and names the damaged map; then it is not served any more", async () => {
    const alpha = await store("alpha", 1);
    expect(await run("verify")).toMatchObject({
      stdout: `${alpha}: 8 maps, all as they were written\n`,
      exitCode: undefined,
    });
    damage(alpha);
    const { stdout, exitCode } = await run("verify", "--json");
    expect([JSON.parse(stdout), exitCode]).toMatchObject([
      [{ folder: alpha, builder: "alpha", entries: 8, damaged: [{ at: expect.any(Number) }], damagedLines: 0 }],
      1,
    ]);
    expect(JSON.parse((await run("list", "--json")).stdout)).toMatchObject({ entries: 7, builders: [{ dropped: 1 }] });
    expect((await run("list")).stdout).toContain("1 found damaged");
    expect((await run("verify")).exitCode).toBeUndefined();
  });

  it("verify says of how many maps how many are damaged", async () => {
    const alpha = await store("alpha", 1);
    damage(alpha);
    expect(await run("verify")).toMatchObject({
      stdout: `${alpha}: of 8 maps 1 are damaged, and 0 index lines; they are made again when they are next asked for\n`,
      exitCode: 1,
    });
  });

  it("prune removes by age, by name and by size, and with --dry-run only says so", async () => {
    const [alpha] = [await store("alpha", 40), await store("beta", 20), await store("gamma", 1)];
    const dry = await run("prune", "--older-than", "30", "--dry-run");
    expect(dry.stdout).toMatch(
      new RegExp(
        `^would remove ${alpha} \\(0\\.0 MB\\): not used for 40 days\\nwould remove 0\\.0 MB; 0\\.0 MB are left\\n$`,
      ),
    );
    expect(readdirSync(root()).length).toBe(3);
    const pruned = JSON.parse((await run("prune", "--older-than", "30", "--json")).stdout);
    expect(pruned).toMatchObject({ removed: [{ folder: alpha, builder: "alpha", why: "not used for 40 days" }] });
    expect(pruned.bytes).toBe(pruned.removed[0].bytes);
    expect((await run("prune", "--builder", "gamma")).stdout).toContain(": named\n");
    expect(readdirSync(root()).map((name) => name.split("-")[0])).toEqual(["beta"]);
    expect((await run("prune", "--max-size", "0")).stdout).toContain("used longest ago");
    expect(readdirSync(root())).toEqual([]);
  });

  it("refuses what is no number of days or gigabytes, and unknown words", async () => {
    for (const words of [
      ["prune", "--older-than", "soon"],
      ["prune", "--max-size", "-1"],
      ["prune", "--max-size", ""],
    ]) {
      await expect(run(...words)).rejects.toThrow("A number, 0 or more, is needed.");
    }
    await expect(run("list", "everything")).rejects.toThrow("too many arguments");
  });
});
