import { describe, expect, test } from "vitest";
import { findExperiment } from "../../src/suite/registry.js";

/**
 * How many numbers a column of the papers' tables holds, and their sum, from a transcription apart from the registry:
 *
 *     for each table, column: [len(numbers), round(sum(numbers), 6)]     # Python, over the transcribed JSON
 */
const COLUMNS: Record<string, Record<string, [count: number, sum: number]>> = {
  "cycleguardian/table2": {
    "4-sp": [21, 1579.81],
    "4-se": [21, 769.17],
    "4-score": [21, 1172.06],
    "2-sp": [5, 378.52],
    "2-se": [5, 265.65],
    "2-score": [5, 321.28],
  },
  "cycleguardian/table3": { precision: [4, 267.66], recall: [4, 205.58], f1: [4, 220.98] },
  "cycleguardian/table4": { tp: [3, 441], fp: [3, 176], fn: [3, 824] },
  "cycleguardian/table6": { sp: [6, 472.26], se: [6, 316.67], score: [6, 394.41] },
  "cycleguardian/table8": { sp: [4, 314.03], se: [4, 146.32], score: [4, 230.17] },
  "cycleguardian/table9": { sp: [5, 416.59], se: [5, 185.41], score: [5, 300.99] },
  "multibreath/table1": { sp: [4, 2.8422], se: [4, 1.5437], score: [4, 2.1955] },
  "multibreath/table2": { sp: [4, 2.921], se: [4, 1.559], score: [4, 2.2375], delta: [3, 0.041] },
  "multibreath/table3": { sp: [4, 2.8781], se: [4, 1.601], score: [4, 2.239], delta: [4, 0.003] },
  "multibreath/table5": { sp: [10, 7.6873], se: [10, 4.0287], score: [10, 5.853] },
  "respirenet/readme-extra": { sp: [3, 225.2], se: [3, 141.0], score: [3, 183.7] },
  "multibreath/table4": {
    "60-40-sp": [4, 3.1004],
    "60-40-se": [4, 1.5646],
    "60-40-score": [4, 2.332],
    "60-40-delta": [2, -0.052],
    "80-20-sp": [4, 3.47028],
    "80-20-se": [4, 2.7034],
    "80-20-score": [4, 3.0871],
    "80-20-delta": [2, -0.0306],
  },
  "supcon-sprs/table1": { "11": [6, 5.446], "12": [6, 5.237], "21": [6, 4.865], "22": [6, 4.276] },
  "supcon-sprs/table2": {
    "21-intra": [2, 1.388],
    "22-intra": [2, 1.091],
    "21-inter": [2, 1.36],
    "22-inter": [2, 1.14],
  },
  "supcon-sprs/table3": { "11": [6, 4.465], "12": [6, 3.528], "21": [6, 3.593], "22": [6, 2.767] },
  "glancegaze/table1": {
    acc: [4, 330.2],
    sen: [4, 337.6],
    spe: [4, 322.6],
    pre: [4, 327.2],
    rec: [4, 351.9],
    f1: [4, 339.0],
  },
  "glancegaze/table2": {
    acc: [4, 308.2],
    sen: [4, 301.9],
    spe: [4, 314.6],
    pre: [4, 303.4],
    rec: [4, 319.0],
    f1: [4, 310.8],
  },
  "respirenet/table1": {
    "official-4-sp": [6, 426.0],
    "official-4-se": [6, 211.9],
    "official-4-score": [8, 408.4],
    "fold4-4-sp": [6, 463.6],
    "fold4-4-se": [6, 332.4],
    "fold4-4-score": [6, 398.0],
    "fold4-2-sp": [3, 240.6],
    "fold4-2-se": [3, 204.6],
    "fold4-2-score": [3, 222.6],
  },
  "respirenet/table2-length": { score: [9, 560.5] },
  "respirenet/table3-device-ft": { gain: [4, 21.2] },
  "respirenet/table6-single-device": { normal: [4, 176.6], crackle: [4, 235.6], wheeze: [4, 70.8], both: [4, 94.9] },
  "respirenet/text-ablations": { score: [4, 262.3], gain: [4, 8.9] },
  "reference/scl-icbhi": {
    sp: [12, 908.13],
    "sp-sd": [12, 51.66],
    se: [12, 422.03],
    "se-sd": [12, 50.57],
    score: [12, 665.83],
    "score-sd": [12, 10.02],
  },
  "respirenet/log": { normal: [4, 843], crackle: [4, 383], wheeze: [4, 179], both: [4, 39] },
};

/** Rows that hold a number of the text or of print elsewhere, and are no part of the tables above. */
const BESIDE = /\(text\)$/;

describe("printed cells", () => {
  test.each(Object.keys(COLUMNS))("%s holds the printed numbers", async (id) => {
    const { rows } = await findExperiment(id);
    for (const [key, expected] of Object.entries(COLUMNS[id]!)) {
      const numbers = rows
        .filter(({ name }) => !BESIDE.test(name))
        .flatMap(({ printed }) => (typeof printed[key] === "number" ? [printed[key]] : []));
      const sum = Number(numbers.reduce((all, one) => all + one, 0).toFixed(6));
      expect([numbers.length, sum], key).toEqual(expected);
    }
  });

  test.each([
    [
      "cycleguardian/table2",
      "Ours (soft cos)",
      { "4-sp": 82.06, "4-se": 44.47, "4-score": 63.26, "2-score": 67.35, size: 38 },
    ],
    ["cycleguardian/table6", "Ours", { sp: 91.2, se: 37.66, score: 64.44, size: 27 }],
    ["multibreath/table3", "MobileNetV2", { params: 2.25, "params-delta": -0.03, score: 0.503, delta: -0.02 }],
    ["multibreath/table4", "mel CNN6", { "60-40-se": 0.4536, "80-20-sp": 0.83518, "80-20-score": 0.7649 }],
    [
      "supcon-sprs/abstract",
      "Submission",
      { "11": 0.769, "12": 0.632, "21": 0.662, "22": 0.512, total: 0.729, bonus: 0.1 },
    ],
    ["supcon-sprs/table2", "Event level", { "21-mean": 0.835, "22-mean": 0.68 }],
    ["supcon-sprs/fig3", "1-2 Wheeze", { Normal: 0.12, Wheeze: 0.73, "Fine Crackle": 0.13, "Wheeze & Crackle": 0.01 }],
    ["glancegaze/table2", "Proposed over BiGRU+ATT (text)", { gain: 10.57 }],
    ["respirenet/table1", "CNN+CBA+BRC+FT", { "official-4-score": 56.2, "fold4-4-score": 68.5, "fold4-2-score": 77 }],
    ["respirenet/table6-single-device", "Overall", { score: 53, se: 55.7, sp: 50.3 }],
    ["respirenet/log", "Epoch 182", { accuracy: 0.6704, sp: 0.7974, se: 0.5232, score: 0.6603, "late-mean": 0.632 }],
    ["respirenet/text-ablations", "Standard + CBA", { score: 66.8, "se-gain": 1.5 }],
  ] as const)("%s, row %s", async (id, name, printed) => {
    const row = (await findExperiment(id)).rows.find((one) => one.name === name)!;
    expect(row.printed).toMatchObject(printed);
  });
});
