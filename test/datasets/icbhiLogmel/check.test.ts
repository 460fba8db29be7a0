import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { checkDataset } from "../../../src/datasets/check.js";
import { checkIcbhiLogmel } from "../../../src/datasets/icbhiLogmel/check.js";
import { problemText } from "../../../src/datasets/problem.js";
import { npyHeader } from "../../../src/node/npy.js";
import { Streams } from "../../../src/random/streams.js";
import { FOUR_CYCLES, writeIcbhi } from "../icbhi/layoutFixture.js";

const A = "301_1b1_Al_sc_Meditron";
const B = "302_1b1_Tc_mc_Litt3200";
const ROWS = [A, B].flatMap((name, n) =>
  ["0,0", "1,0", "0,1", "1,1"].map(
    (flags, cycle) => `${4 * n + cycle},${name},${cycle},${flags},${n ? "test" : "train"}`,
  ),
);

/** Annotations of two recordings, and maps of all their cycles. */
function written({ rows = ROWS, maps = 8, change = (_: Uint8Array[]) => {}, extra = 0 } = {}): string {
  const dataDir = writeIcbhi(
    [A, B].map((name) => ({ name, annotation: FOUR_CYCLES })),
    {
      "ICBHI_challenge_train_test.txt": `${A}\ttrain\n${B}\ttest\n`,
      "patient_list_foldwise.txt": "301 0\n302 1\n303 2\n304 3\n305 4\n",
    },
  );
  const rng = new Streams(1).stream("maps");
  const values = Array.from({ length: maps }, () => Uint8Array.from({ length: 90 * 173 }, () => rng.integer(256)));
  change(values);
  const root = path.join(dataDir, "icbhi");
  writeFileSync(
    path.join(root, "logmel_index.csv"),
    ["row,recording,cycle,crackle,wheeze,split", ...rows, ""].join("\n"),
  );
  writeFileSync(
    path.join(root, "logmel.npy"),
    Buffer.concat([npyHeader("uint8", [maps, 90, 173]), ...values, Buffer.alloc(extra)]),
  );
  return dataDir;
}

async function told(dataDir: string): Promise<string[]> {
  const { problems } = await checkIcbhiLogmel(dataDir);
  return problems.map((problem) => `${problem.severity}: ${problemText(problem)}`);
}

describe("checkIcbhiLogmel", () => {
  it("finds nothing in sound maps, and counts them", async () => {
    const { audio, byDevice, bySplit, ...check } = await checkIcbhiLogmel(written());
    const two = { Normal: 2, Crackle: 2, Wheeze: 2, Both: 2 };
    expect(check).toEqual({
      name: "icbhi-logmel",
      recordings: 2,
      patients: 2,
      events: 8,
      byClass: two,
      problems: [],
    });
    expect(bySplit).toMatchObject({
      officialTrain: { events: 4 },
      officialTest: { events: 4 },
      fold1: { recordings: 1 },
    });
    expect(byDevice).toMatchObject({ Litt3200: { patients: 1, events: 4 }, AKGC417L: { events: 0 } });
    expect(audio).toMatchObject({ read: true, files: 8, bytes: 8 * 90 * 173 });
    expect((await checkIcbhiLogmel(written(), { audio: false })).audio).toEqual({ read: false });
  });

  const withRow = (index: number, row: string) => ROWS.map((old, i) => (i === index ? row : old));
  it.each([
    [
      "flags against the annotation",
      { rows: withRow(1, `1,${A},1,0,0,train`) },
      `error: logmel_index.csv:3: crackle,wheeze is 0,0; ${A}.txt:2 says 1,0`,
    ],
    [
      "a side against the list",
      { rows: withRow(7, `7,${B},3,1,1,train`) },
      `error: logmel_index.csv:9: split is train; the official list has ${B} on the test side`,
    ],
    [
      "a row twice",
      { rows: withRow(2, `1,${A},1,1,0,train`) },
      "error: logmel_index.csv:4: row 1 stands again, or out of order; expected row 2",
    ],
    [
      "cycles without a map",
      { rows: ROWS.slice(0, 6), maps: 6 },
      `warning: logmel_index.csv: has no map of 2 annotated cycles, the first ${B}#2`,
    ],
    [
      "another number of maps",
      { maps: 7 },
      "error: logmel.npy: has shape (7, 90, 173); expected (8, 90, 173), the first being the rows of logmel_index.csv",
    ],
    ["bytes too many", { extra: 3 }, "error: logmel.npy: has 124563 bytes of numbers; shape (8, 90, 173) needs 124560"],
    [
      "a map without its maximum",
      { change: (maps: Uint8Array[]) => void maps[4]!.fill(17) },
      "warning: logmel_index.csv:6: the map's largest value is 17; it should be 255",
    ],
    [
      "a map twice",
      { change: (maps: Uint8Array[]) => void maps[6]!.set(maps[1]!) },
      "warning: logmel_index.csv:8: the map is the same as that of line 3",
    ],
  ])("reports %s", async (_, changes, problem) => {
    expect(await told(written(changes))).toContainEqual(expect.stringContaining(problem));
  });

  it("does without annotations, and without an index only tells that", async () => {
    const alone = written();
    rmSync(path.join(alone, "icbhi", "ICBHI_final_database"), { recursive: true });
    expect(await told(alone)).toEqual([
      "note: logmel_index.csv: was not compared with annotations, of which there are none beside it",
    ]);
    rmSync(path.join(alone, "icbhi", "logmel_index.csv"));
    mkdirSync(path.join(alone, "icbhi", "logmel_index.csv"));
    expect(await told(alone)).toContain("error: logmel_index.csv: is a folder where a file was expected");
  });

  it("says where it looked when there are none, and stops when asked", async () => {
    await expect(checkIcbhiLogmel("/nowhere")).rejects.toThrow("no logmel.npy in /nowhere/icbhi or /nowhere");
    const signal = AbortSignal.abort();
    await expect(checkIcbhiLogmel(written(), { signal })).rejects.toThrow(
      expect.objectContaining({ name: "AbortError" }),
    );
  });

  it("shows counts and problems as text", async () => {
    const { text, errors } = await checkDataset("icbhi-logmel", written());
    expect(errors).toBe(0);
    expect(text.split("\n").slice(2, 4)).toEqual([
      "            all  official train  official test  fold 0  fold 1  fold 2  fold 3  fold 4",
      "recordings    2               1              1       1       1       0       0       0",
    ]);
    expect(text).toMatch(/8 maps, 0 MB, read in .*\n\nNo problems found\.$/);
  });
});

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: data check icbhi-logmel", () => {
  // Counts of the facts sheet, `icbhi/ground-truth`.
  it("passes, with every cycle of the set", async () => {
    const check = await checkIcbhiLogmel(process.env.AUSCULT_DATA!);
    expect(check).toMatchObject({
      recordings: 920,
      patients: 126,
      events: 6898,
      byClass: { Normal: 3642, Crackle: 1864, Wheeze: 886, Both: 506 },
      bySplit: { officialTrain: { events: 4142 }, officialTest: { events: 2756 }, fold4: { events: 1444 } },
      audio: { read: true, files: 6898 },
      problems: [],
    });
  });
});
