import { describe, expect, test } from "vitest";
import { Streams } from "../../src/random/streams.js";
import type { ExperimentEntry } from "../../src/suite/entry.js";
import type { Flag } from "../../src/suite/flag.js";
import { flagsOf } from "../../src/suite/identities/flagsOf.js";
import { readPrint } from "../../src/suite/identities/print.js";
import { allExperiments } from "../../src/suite/registry.js";

type Known = [id: string, row: string, column: string, printed: number, found: number];

/**
 * The contradictions inside print that the project's sheet on the papers states, transcribed: the cell, what is printed, and what the
 * sheet says would be right.
 */
const STATED: Known[] = [
  ["cycleguardian/table2", "Late fusion", "4-score", 57.3, 57.8],
  ["cycleguardian/table2", "Cnn+MOE", "4-score", 47, 46.95],
  ["cycleguardian/table2", "Patch mix (AST from scratch)", "4-score", 49.6, 51.6],
  ["cycleguardian/table2", "Co-tuing", "2-score", 64.74, 64.69],
  ["cycleguardian/table2", "Cnn+MOE", "2-score", 54.1, 54.95],
  ["cycleguardian/table2", "Ours (cos)", "4-se", 33.33, 33.46],
  ["cycleguardian/table2", "Ours (soft cos)", "size", 38, 27.2],
  ["cycleguardian/table4", "Wheeze vs. Normal", "tp", 112, 104.4],
  ["cycleguardian/table4", "Both vs. Normal", "tp", 128, 125.6],
  ["cycleguardian/table6", "LungAttn", "size", 40, 60],
  ["cycleguardian/table9", "IDEC + GCL (cos)", "se", 33.32, 33.46],
  ["cycleguardian/table9", "IDEC + GCL (cos)", "se", 33.32, 33.33],
  ["multibreath/table1", "CNN14", "score", 0.594, 0.5925],
  ["multibreath/table1", "ResNet22", "score", 0.5279, 0.527],
  ["multibreath/table2", "ResNet22", "score", 0.536, 0.537],
  ["multibreath/table2", "CNN6", "score", 0.583, 0.585],
  ["multibreath/table3", "MobileNetV2", "params-delta", -0.03, -0.63],
  ["multibreath/table3", "CNN6", "se", 0.4537, 0.4536],
  ["multibreath/table4", "EfficientLEAF CNN14", "80-20-score", 0.7613, 0.7611],
  ["multibreath/table4", "mel CNN6", "60-40-se", 0.4536, 0.4537],
  ["multibreath/table5", "MixCL+AST", "score", 0.624, 0.6255],
  ["multibreath/table5", "SCL-CNN6", "score", 0.57, 0.575],
  ["multibreath/table5", "Multi-CNN6 [ours]", "se", 0.4537, 0.4536],
  ["supcon-sprs/abstract", "Submission", "11", 0.769, 0.762],
  ["supcon-sprs/table1", "Training accuracy (text)", "12", 0.95, 0.924],
  ["supcon-sprs/table1", "Training accuracy (text)", "21", 0.95, 0.874],
  ["supcon-sprs/table1", "Training accuracy (text)", "22", 0.95, 0.826],
  ["glancegaze/table1", "Proposed over w/o glance (text)", "gain", 3.9, 4.05],
  ["glancegaze/table2", "Proposed over CRNN (text)", "gain", 3.66, 3.8],
  ["respirenet/table6-single-device", "Overall", "sp", 50.3, 49.4],
  ["respirenet/table6-single-device", "Overall", "se", 55.7, 55.2],
  ["respirenet/table6-single-device", "Overall", "score", 53, 52.3],
  ["respirenet/readme-extra", "Hybrid CNN + Transformer", "score", 63.2, 62.6],
];

/** Cells of exchanged devices, which are no shares of the named device's cycles; what would be right is in the other row. */
const EXCHANGED: [row: string, column: string][] = [
  ["Litt3200", "normal"],
  ["Litt3200", "wheeze"],
  ["Litt3200", "both"],
  ["LittC2SE", "normal"],
];

/** The cells that are found to contradict print beside those. */
const FURTHER: Record<string, string[]> = {
  "cycleguardian/table2": ["Ours (cos), 2-se", "SCL, 4-score", "SCL, 4-sp"],
  "cycleguardian/table3": [
    "Both, recall",
    "Crackle, f1",
    "Crackle, recall",
    "Normal, f1",
    "Wheeze, f1",
    "Wheeze, recall",
  ],
  "cycleguardian/table6": ["Ours, score", "Ours, se", "Ours, sp", "Patient tune, score", "RespirNet, score"],
  "cycleguardian/table8": [
    "Audio + Spec Aug, se",
    "Audio + Spec Aug, sp",
    "Audio Aug, se",
    "Audio Aug, sp",
    "Spectrogram Aug, se",
    "Spectrogram Aug, sp",
  ],
  "cycleguardian/table9": [
    "Group contrastive learning (GCL), sp",
    "Improved DEC (IDEC), se",
    "Improved DEC (IDEC), sp",
  ],
  "multibreath/table1": ["CNN6, score"],
  "multibreath/table2": ["MobileNetV2, delta"],
  "multibreath/table4": ["EfficientLEAF CNN6, 60-40-score"],
  "multibreath/table5": ["AST (ImageNet and AudioSet), score", "AST (ImageNet), score"],
  "reference/scl-icbhi": [
    "Cnn10, scratch, SCL, score",
    "Cnn14, AudioSet, CE, score",
    "Cnn14, AudioSet, SCL, score",
    "Cnn6, AudioSet, Hybrid, score",
    "Cnn6, scratch, Hybrid, score",
    "Cnn6, scratch, SCL, score",
  ],
  "respirenet/readme-extra": ["Hybrid CNN + Transformer, sp"],
  "respirenet/table1": ["CNN+CBA+BRC+FT, fold4-4-sp", "CNN, fold4-2-sp", "CNN, fold4-4-se"],
  "respirenet/table6-single-device": ["AKGC417L, normal"],
  "supcon-sprs/table3": ["ResNet 18 + SupCon + MixUp + Tune, 11"],
};

/** Columns of each table that are held against something in every row where they all are printed. */
const HELD: Record<string, string[]> = {
  "cycleguardian/table2": ["4-sp", "4-se", "4-score"],
  "cycleguardian/table3": ["precision", "recall", "f1"],
  "cycleguardian/table4": ["tp"],
  "cycleguardian/table6": ["sp", "se", "score"],
  "cycleguardian/table8": ["sp", "se", "score"],
  "cycleguardian/table9": ["sp", "se", "score"],
  "multibreath/table1": ["params", "sp", "se", "score"],
  "multibreath/table2": ["params", "score", "delta"],
  "multibreath/table3": ["params", "params-delta", "score", "delta"],
  "multibreath/table4": ["60-40-sp", "60-40-se", "60-40-score"],
  "multibreath/table5": ["sp", "se", "score"],
  "supcon-sprs/table2": ["21-intra", "21-inter", "21-mean", "22-mean"],
  "supcon-sprs/fig3": ["Normal"],
  "supcon-sprs/abstract": ["11", "22", "total"],
  "glancegaze/table1": ["acc", "sen", "spe", "pre", "rec", "f1"],
  "glancegaze/table2": ["acc", "sen", "spe", "pre", "rec", "f1"],
  "respirenet/table1": ["fold4-4-sp", "fold4-4-se", "fold4-4-score"],
  "respirenet/table6-single-device": ["sp", "se", "score"],
  "respirenet/readme-extra": ["sp", "se", "score"],
  "respirenet/log": ["accuracy", "sp", "se", "score"],
  "reference/scl-icbhi": ["sp", "se", "score"],
};

describe("flags by arithmetic", async () => {
  const entries = await allExperiments();
  const print = readPrint(entries);
  const all = new Map(entries.map(({ id }) => [id, flagsOf(id, print)]));
  const cell = ({ row, column }: Flag) => `${row}, ${column}`;

  test.each(STATED)("%s, %s, %s: %f is printed where %f would be right", (id, row, column, printed, right) => {
    const found = all.get(id)!.filter((flag) => flag.row === row && flag.column === column);
    expect(found.map((flag) => flag.printed)).toContain(printed);
    // The sheet states what is right to three figures.
    expect(found.some((flag) => Math.abs(flag.found / right - 1) < 2e-3)).toBe(true);
  });

  test("recalls of exchanged devices are no shares of the named device's cycles, but of the other's", () => {
    const found = all.get("respirenet/table6-single-device")!;
    for (const [row, column] of EXCHANGED) {
      const flag = found.find((one) => one.row === row && one.column === column)!;
      expect(flag.says, `${row} ${column}`).toContain(row === "Litt3200" ? "LittC2SE's" : "Litt3200's");
    }
  });

  test("everything else that is found is listed here", () => {
    const stated = new Set(STATED.map(([id, row, column]) => `${id}: ${row}, ${column}`));
    for (const [row, column] of EXCHANGED) stated.add(`respirenet/table6-single-device: ${row}, ${column}`);
    const further = [...all].flatMap(([id, flags]) => {
      const cells = [...new Set(flags.map(cell))].filter((one) => !stated.has(`${id}: ${one}`));
      return cells.length > 0 ? [[id, cells.sort()] as const] : [];
    });
    expect(Object.fromEntries(further)).toEqual(FURTHER);
  });

  test("what print itself explains by its rounding is no error", () => {
    const kinds = (id: string) => all.get(id)!.map(({ kind, row, column }) => `${row}, ${column}: ${kind}`);
    expect(kinds("multibreath/table5")).toContain("SCL-CNN6, score: truncation");
    expect(kinds("multibreath/table1")).toContain("CNN14, score: rounding");
    expect(kinds("cycleguardian/table2")).toEqual(
      expect.arrayContaining(["Late fusion, 4-score: error", "Cnn+MOE, 4-score: rounding"]),
    );
    expect(kinds("respirenet/table1")).toEqual(expect.arrayContaining(["CNN, fold4-4-se: truncation"]));
  });

  test.each(Object.keys(HELD))("a printed number of %s that is altered is flagged", (id) => {
    const entry = print.entries.get(id)!;
    const columns = HELD[id]!;
    const rng = new Streams(4).stream("misprint", Object.keys(HELD).indexOf(id));
    const rows = entry.rows.filter(
      ({ printed, state }) => state !== "counted" && columns.every((key) => typeof printed[key] === "number"),
    );
    expect(rows.length).toBeGreaterThan(0);
    const row = rows[Math.floor(rng.uniform() * rows.length)]!;
    const key = columns[Math.floor(rng.uniform() * columns.length)]!;
    const altered = withCell(entry, row.name, key, misprint(row.printed[key]!));
    const found = flagsOf(id, readPrint(entries.map((one) => (one.id === id ? altered : one))));
    const before = new Set(all.get(id)!.map((flag) => `${cell(flag)} ${flag.printed} ${flag.found}`));
    const fresh = found.filter((flag) => !before.has(`${cell(flag)} ${flag.printed} ${flag.found}`));
    expect(fresh.length, `${row.name}, ${key}`).toBeGreaterThan(0);
    expect(fresh.map((flag) => flag.row)).toContain(row.name);
  });
});

/** Off by an eighth, and by three of the last place. */
function misprint(value: number): number {
  const places = String(value).split(".")[1]?.length ?? 0;
  return Number((value * 1.125 + 3 * 10 ** -places).toFixed(places));
}

function withCell(entry: ExperimentEntry, row: string, key: string, value: number): ExperimentEntry {
  const rows = entry.rows.map((one) =>
    one.name === row ? { ...one, printed: { ...one.printed, [key]: value } } : one,
  );
  return { ...entry, rows };
}
