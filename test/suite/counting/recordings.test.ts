import { beforeAll, describe, expect, it } from "vitest";
import { Streams } from "../../../src/random/streams.js";
import { countEntries, countEntry } from "../../../src/suite/counting/countEntry.js";
import type { CountedCell, CountedEntry } from "../../../src/suite/counting/countedEntry.js";
import { CountingData } from "../../../src/suite/counting/countingData.js";
import type { ExperimentEntry } from "../../../src/suite/entry.js";
import { experimentIds, findExperiment } from "../../../src/suite/registry.js";
import { ICBHI_COUNTS, SPRSOUND_COUNTS, SPRSOUND_PATIENTS, SPRSOUND_WINDOWS } from "./independentCounts.js";

const dataDir = process.env.AUSCULT_DATA;
const CLASSES = ["normal", "crackle", "wheeze", "both"];
const SIDES = { train: "train", valid: "test" } as const;
type IcbhiPart = keyof typeof ICBHI_COUNTS;

/** Counts by row and column, as far as the entry has them. */
type Expected = Record<string, Record<string, number | null>>;

function zip(keys: readonly string[], values: readonly (number | null)[]): Record<string, number | null> {
  return Object.fromEntries(keys.map((key, index) => [key, values[index]!]));
}
const counts = (part: IcbhiPart) => zip([...CLASSES, "total", "recordings", "patients"], ICBHI_COUNTS[part]);
/** Of the part's cycles, null where it has none. */
const classShares = (part: IcbhiPart, ending = "") => {
  const row = ICBHI_COUNTS[part];
  const share = (k: number) => (row[4] === 0 ? null : row[k]! / row[4]);
  return {
    ...zip(
      CLASSES.map((name) => name + ending),
      [0, 1, 2, 3].map(share),
    ),
    total: row[4],
  };
};
/** Of the whole set's cycles of each class. */
const deviceShares = (part: IcbhiPart) =>
  zip(
    CLASSES,
    [0, 1, 2, 3].map((k) => ICBHI_COUNTS[part][k]! / ICBHI_COUNTS.all[k]!),
  );
const cycles = (part: IcbhiPart, k = 4) => ({ cycles: ICBHI_COUNTS[part][k]! });
const ofAll = (n: number) => ({ cycles: n, percent: (100 * n) / 6898 });
const DEVICES = ["AKGC417L", "Meditron", "Litt3200", "LittC2SE"] as const;
const byDevice = (row: (device: IcbhiPart) => Record<string, number | null>): Expected =>
  Object.fromEntries(DEVICES.map((device) => [device, row(device)]));
const under = (seconds: number) =>
  Object.entries(ICBHI_COUNTS)
    .filter(([key]) => Number(/under (\d+) s$/.exec(key)?.[1] ?? 1e9) <= seconds)
    .reduce((sum, [, row]) => sum + row[4], 0);

const SPRSOUND_SETS_2022 = ["train2022", "inter2022", "intra2022"] as const;
/** Records of CAS, DAS, and both. */
const adventitiousIn = (set: (typeof SPRSOUND_SETS_2022)[number]) => {
  const [cas, das, both] = SPRSOUND_COUNTS[set].slice(5, 8) as [number, number, number];
  return cas + das + both;
};
const addUp = (rows: readonly (readonly number[])[]) =>
  rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0));
/** By the definition of Score: all Normal records are right, so SP is 1. */
function perfectWindows(
  counted: Readonly<Record<"1s" | "2s", readonly number[]>>,
  adventitious: number,
): Record<string, number> {
  const score = (right: number) => {
    const se = right / adventitious;
    return ((se + 1) / 2 + (2 * se) / (se + 1)) / 2;
  };
  const of = (step: "1s" | "2s") => {
    const [windows, right21, right22] = counted[step] as [number, number, number];
    return { [`windows${step}`]: windows, [`21-${step}`]: score(right21), [`22-${step}`]: score(right22) };
  };
  return { events: 1, ...of("1s"), ...of("2s") };
}

const BINS = {
  "0-100ms": "above 0 to 0.1 s",
  "100-200ms": "above 0.1 to 0.2 s",
  "200-300ms": "above 0.2 to 0.3 s",
  "300-600ms": "above 0.3 to 0.6 s",
  "600ms-1.5s": "above 0.6 to 1.5 s",
  "Above 1.5s": "above 1.5 to 99 s",
} as const;

const EXPECTED: Record<string, Expected> = {
  "cycleguardian/table1": {
    "All cycles": counts("all"),
    Train: classShares("by patient train", "Share"),
    Valid: classShares("by patient test", "Share"),
  },
  "cycleguardian/table5": Object.fromEntries(
    ([0, 1, 2, 3, 4] as const).flatMap((fold) =>
      (["train", "valid"] as const).map((side) => [`Fold ${fold} ${side}`, classShares(`fold ${fold} ${SIDES[side]}`)]),
    ),
  ),
  "cycleguardian/table7": Object.fromEntries(
    DEVICES.flatMap((device) =>
      (["train", "valid"] as const).map((side) => [
        `${device} ${side}`,
        classShares(`${device} by patient ${SIDES[side]}`),
      ]),
    ),
  ),
  "cycleguardian/table10": Object.fromEntries(Object.entries(BINS).map(([bin, part]) => [bin, counts(part)])),
  "cycleguardian/text-counts": {
    "Training cycles, official split": cycles("official train"),
    "Test cycles, official split": cycles("official test"),
    "Normal test cycles quoted": cycles("official test", 0),
    "Both test cycles quoted": cycles("official test", 3),
    "Normal test cycles implied": cycles("by patient test", 0),
    "Crackle test cycles implied": cycles("by patient test", 1),
    "Wheeze test cycles implied": cycles("by patient test", 2),
    "Both test cycles implied": cycles("by patient test", 3),
    "Test cycles implied": cycles("by patient test"),
    "Crackle cycles above 1.5 s": { percent: (100 * 1746) / 1864 },
    "Wheeze cycles above 1.5 s": { percent: (100 * 766) / 886 },
    "Cycles under 3 s": ofAll(under(3)),
    "Cycles of 4 to 6 s": ofAll(under(6) - under(4)),
    "Cycles above 3 and up to 6 s": ofAll(ICBHI_COUNTS["above 3 to 6 s"][4]),
    "Cycles on both sides, by patient": cycles("on both sides"),
    "Normal test cycles also trained": cycles("on both sides", 0),
    "Crackle test cycles also trained": cycles("on both sides", 1),
    "Wheeze test cycles also trained": cycles("on both sides", 2),
    "Both test cycles also trained": cycles("on both sides", 3),
  },
  "glancegaze/text-counts": {
    Crackle: cycles("all", 1),
    Wheeze: cycles("all", 2),
    Mix: cycles("all", 3),
    Normal: cycles("all", 0),
    // 70 % of 6,898 is 4,828.6.
    Train: { cycles: 4829 },
    Test: { cycles: 2069 },
    "Train, share": { percent: (100 * 4829) / 6898 },
    "Test, share": { percent: (100 * 2069) / 6898 },
  },
  "multibreath/fig1": {
    ICBHI: { patients: 126 },
    SPRSound: { patients: SPRSOUND_PATIENTS.all },
    KAUH: { patients: null },
  },
  "multibreath/text-counts": {
    Train: counts("official train"),
    Test: counts("official test"),
    "On both sides": { patients: ICBHI_COUNTS["on both sides"][6] },
  },
  "respirenet/fig4": {
    "Under 3 s": ofAll(under(3)),
    "4 to 6 s together": ofAll(under(6) - under(4)),
    "Above 3 and up to 6 s": ofAll(ICBHI_COUNTS["above 3 to 6 s"][4]),
    ...Object.fromEntries(
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((from) => [`${from} to ${from + 1} s`, ofAll(under(from + 1) - under(from))]),
    ),
    "9 s and more": ofAll(6898 - under(9)),
  },
  "respirenet/table3-device-shares": byDevice((device) => ({ share: (100 * ICBHI_COUNTS[device][4]) / 6898 })),
  "respirenet/table4-device-counts": byDevice(counts),
  "respirenet/table5-device-shares": byDevice(deviceShares),
  "respirenet/text-counts": {
    Normal: cycles("all", 0),
    Crackle: cycles("all", 1),
    Wheeze: cycles("all", 2),
    Both: cycles("all", 3),
    ...byDevice((device) => ({ ...counts(device), ...cycles(device) })),
    "Fold 4, train": cycles("fold 4 train"),
    "Fold 4, test": cycles("fold 4 test"),
    "Test samples of Figure 5": cycles("fold 4 test"),
  },
  "supcon-sprs/text-counts": {
    ...Object.fromEntries(
      Object.entries(SPRSOUND_COUNTS).map(([set, row]) => {
        const [recordings, patients, events, normal, poor, cas, das, both] = row;
        const [eventNormal] = row.slice(8);
        const records = {
          recordNormal: normal,
          recordPoorQuality: poor,
          recordCAS: cas,
          recordDAS: das,
          recordCASDAS: both,
          recordAdventitious: cas + das + both,
        };
        const types = ["Normal", "Rhonchi", "Wheeze", "Stridor", "CoarseCrackle", "FineCrackle", "WheezeCrackle"];
        const byType = zip(
          types.map((type) => `event${type}`),
          row.slice(8, 15),
        );
        const lengths = zip(
          ["shortest", "median", "mean", "longest"],
          row.slice(15, 19).map((ms) => ms / 1000),
        );
        const rest = { eventAdventitious: events - eventNormal!, above3s: row[19] / events };
        return [set, { recordings, patients, events, ...records, ...byType, ...lengths, ...rest }];
      }),
    ),
    "2022 together": { recordings: 2683, patients: SPRSOUND_PATIENTS.all, events: 9089 },
    "train2022 and inter2022": { patients: SPRSOUND_PATIENTS.both[0] },
    "train2022 and intra2022": { patients: SPRSOUND_PATIENTS.both[1] },
    "inter2022 and intra2022": { patients: SPRSOUND_PATIENTS.both[2] },
    test2023: { recordings: null },
  },
  "supcon-sprs/text-windows": {
    ...Object.fromEntries(
      SPRSOUND_SETS_2022.map((set) => [set, perfectWindows(SPRSOUND_WINDOWS[set], adventitiousIn(set))]),
    ),
    "2022 together": perfectWindows(
      {
        "1s": addUp(SPRSOUND_SETS_2022.map((set) => SPRSOUND_WINDOWS[set]["1s"])),
        "2s": addUp(SPRSOUND_SETS_2022.map((set) => SPRSOUND_WINDOWS[set]["2s"])),
      },
      SPRSOUND_SETS_2022.reduce((sum, set) => sum + adventitiousIn(set), 0),
    ),
  },
};

/** What the facts sheet states of misprints in data tables: its fields flag, note and correct, and sections 0.1, 1.1, 5.1. */
const SHEET_FLAGS = [
  // 1.1: printed as the official split, counted by patient
  [
    "cycleguardian/text-counts",
    "Training cycles, official split",
    "cycles",
    "error",
    "training side of official-patient-leak",
  ],
  ["cycleguardian/text-counts", "Test cycles, official split", "cycles", "error", "test side of official-patient-leak"],
  // 1.1: 2063 normal and 363 both are training counts
  ["cycleguardian/text-counts", "Normal test cycles quoted", "cycles", "error", "training side of official"],
  ["cycleguardian/text-counts", "Both test cycles quoted", "cycles", "error", "training side of official"],
  // 1.1: Tables 3 and 4 imply 1589, 679, 429, 210, together 2907
  ["cycleguardian/text-counts", "Crackle test cycles implied", "cycles", "error", "no side of any split"],
  ["cycleguardian/text-counts", "Wheeze test cycles implied", "cycles", "error", "no side of any split"],
  ["cycleguardian/text-counts", "Both test cycles implied", "cycles", "error", "no side of any split"],
  ["cycleguardian/text-counts", "Test cycles implied", "cycles", "error", "no side of any split"],
  // 1.1: 95 % and 80 % above 1.5 s are 93.7 % and 86.5 %
  ["cycleguardian/text-counts", "Crackle cycles above 1.5 s", "percent", "error", "93.67 counted"],
  ["cycleguardian/text-counts", "Wheeze cycles above 1.5 s", "percent", "error", "86.46 counted"],
  // 5.1: 33 % between 4 and 6 s, repeated by CycleGuardian
  ["cycleguardian/text-counts", "Cycles of 4 to 6 s", "percent", "error", "Cycles above 3 and up to 6 s"],
  ["respirenet/fig4", "4 to 6 s together", "percent", "error", "Above 3 and up to 6 s"],
  // 0.1: 3433 for 3443
  ["cycleguardian/table5", "Fold 0 train", "total", "error", "one digit differs"],
  // 1.1: the wheeze column adds up to 887
  ["cycleguardian/table10", "100-200ms", "wheeze", "error", "1 is printed, 0 counted"],
  // 2.1: patients 156 and 218 are on both sides
  ["multibreath/text-counts", "On both sides", "patients", "error", "2 counted"],
  // 0.1, 5.1: Litt3200 and LittC2SE exchanged in Tables 3, 4 (cycles) and 5 (all but crackle)
  ...["normal", "crackle", "wheeze", "both", "total"].flatMap((column) => exchanged("table4-device-counts", column)),
  ...["normal", "wheeze", "both"].flatMap((column) => exchanged("table5-device-shares", column)),
  ...exchanged("table3-device-shares", "share"),
  // 5.7: 215 / 1864 is printed as 0.11
  ["respirenet/table5-device-shares", "Meditron", "crackle", "truncation", "0.1153 counted"],
  // 0.1: 4364 and 1468 for 4346 and 1456
  ["respirenet/text-counts", "AKGC417L", "cycles", "error", "two digits are exchanged"],
  ["respirenet/text-counts", "Meditron", "cycles", "error", "1456 counted"],
  // 5.1: 1370 test samples
  ["respirenet/text-counts", "Test samples of Figure 5", "cycles", "error", "no side of any split"],
];

/** What the counts show beyond that. */
const FURTHER_FLAGS = [
  ["cycleguardian/table5", "Fold 0 valid", "crackle", "truncation", "0.3467 counted"],
  ["cycleguardian/table5", "Fold 1 train", "crackle", "truncation", "0.2869 counted"],
  ["cycleguardian/table5", "Fold 1 train", "wheeze", "truncation", "0.1263 counted"],
  ["cycleguardian/table5", "Fold 4 train", "normal", "truncation", "0.5257 counted"],
  ["cycleguardian/table5", "Fold 4 valid", "both", "truncation", "0.0499 counted"],
  ["cycleguardian/table7", "Meditron valid", "both", "rounding", "0.0749 counted"],
  ["cycleguardian/table7", "LittC2SE train", "normal", "rounding", "0.5842 counted"],
  ["cycleguardian/table7", "AKGC417L valid", "normal", "rounding", "0.4945 counted"],
  ...(
    [
      ["200-300ms", "normal", 8],
      ["200-300ms", "wheeze", 2],
      ["300-600ms", "normal", 41],
      ["300-600ms", "wheeze", 6],
      ["600ms-1.5s", "normal", 629],
      ["Above 1.5s", "normal", 2963],
    ] as const
  ).map(([bin, column, counted]) => [
    "cycleguardian/table10",
    bin,
    column,
    "bin edge",
    `${counted} counted: right for lengths computed as end minus start in double precision`,
  ]),
];

function exchanged(table: string, column: string): string[][] {
  return [
    [`respirenet/${table}`, "Litt3200", column, "error", "of LittC2SE, and the other way round"],
    [`respirenet/${table}`, "LittC2SE", column, "error", "of Litt3200, and the other way round"],
  ];
}

describe.skipIf(!dataDir)("recordings: data set tables of the five papers", () => {
  let entries: ExperimentEntry[];
  let counted: CountedEntry[];
  beforeAll(async () => {
    const all = await Promise.all(experimentIds().map((id) => findExperiment(id)));
    entries = all.filter(({ kind }) => kind === "dataset");
    counted = countEntries(entries, dataDir!);
  });
  const of = (id: string) => counted.find((one) => one.id === id)!;

  it("each of them is counted, but for what is not in the release of 2022 and what its publisher states", () => {
    expect(counted.map(({ id }) => id).sort()).toEqual(Object.keys(EXPECTED).sort());
    const not = counted.flatMap(({ id, cells }) =>
      cells.filter(({ outcome }) => outcome === "not counted").map(({ row, why }) => [id, row, why]),
    );
    expect(not).toEqual([
      ["multibreath/fig1", "KAUH", "not counted: only its publisher can state it"],
      ["supcon-sprs/text-counts", "test2023", "not counted here: sprsound's test2023 is not there"],
    ]);
  });

  it.each(Object.keys(EXPECTED))("%s: every cell is the independent count", (id) => {
    const { cells } = of(id);
    const mistaken = cells.filter(({ row, column, counted: ours }) => {
      const expected = EXPECTED[id]![row]?.[column];
      if (expected === undefined) return true;
      // Means of the independent count have six decimals in milliseconds.
      return expected === null || ours === null ? ours !== expected : Math.abs(ours - expected) > 1e-9;
    });
    expect(mistaken).toEqual([]);
    expect(cells.every(({ from, outcome }) => from === "annotations" || outcome === "not counted")).toBe(true);
  });

  it("every misprint that is known is found, and the further ones are these", () => {
    const found = counted.flatMap(({ id, flags }) =>
      flags.map(({ row, column, kind, says }) => ({ key: [id, row, column, kind].join(" / "), says })),
    );
    const known = [...SHEET_FLAGS, ...FURTHER_FLAGS];
    for (const [id, row, column, kind, says] of known) {
      const flag = found.find(({ key }) => key === [id, row, column, kind].join(" / "));
      expect(flag?.says, `${id}, ${row}, ${column}`).toContain(says);
    }
    expect(found.map(({ key }) => key).sort()).toEqual(known.map((flag) => flag.slice(0, 4).join(" / ")).sort());
  });

  it("without the data the committed counts give the same cells and flags", () => {
    for (const { id, cells } of countEntries(entries, "/nowhere")) {
      const counts = (some: CountedCell[]) =>
        some.flatMap(({ from, why, ...cell }) => (cell.outcome === "not counted" ? [] : [cell]));
      expect(counts(cells), `${id}: run \`npx auscult results export\``).toEqual(counts(of(id).cells));
    }
  });

  it("a printed cell that is changed is flagged, in each table", () => {
    const data = new CountingData(dataDir!);
    for (const seed of [1, 2, 3]) {
      for (const entry of entries) {
        const equal = of(entry.id).cells.filter(({ outcome }) => outcome === "equal");
        if (equal.length === 0) continue; // nothing is printed in it
        const rng = new Streams(seed).stream(entry.id);
        const { row, column, printed } = equal[rng.integer(equal.length)]!;
        const { unit, decimals = 0 } = entry.columns.find(({ key }) => key === column)!;
        const step = unit === "count" ? 1 : 10 ** -decimals;
        const changed = Number((printed! + step * (2 + rng.integer(7))).toFixed(unit === "count" ? 0 : decimals));
        const rows = entry.rows.map((one) =>
          one.name === row ? { ...one, printed: { ...one.printed, [column]: changed } } : one,
        );
        const { flags } = countEntry({ ...entry, rows }, dataDir!, data);
        const flag = flags.find((one) => one.row === row && one.column === column);
        expect(flag?.printed, `${entry.id}, ${row}, ${column}: ${printed} as ${changed}`).toBe(changed);
        expect(flag!.kind === "error" || flag!.kind === "bin edge").toBe(true);
      }
    }
  });
});
