import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { countEntry } from "../../../src/suite/counting/countEntry.js";
import { exportCounts } from "../../../src/suite/counting/exportCounts.js";
import { outcomeLine, renderCounted } from "../../../src/suite/counting/renderCounted.js";
import { wholeIcbhi, writeIcbhi } from "../../datasets/icbhi/layoutFixture.js";
import { markMadeUp } from "./madeUpSets.js";
import { tableOfTest } from "./tableOfTest.js";

/** A project of its own, so that nothing is read from or written to the committed results. */
let project: string;
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), "auscult-counts-"));
  vi.stubEnv("AUSCULT_ROOT", project);
});
afterEach(() => vi.unstubAllEnvs());

const table = tableOfTest([
  { name: "all", printed: { n: 88 } },
  { name: "crackle", printed: { n: 23, share: 0.25 }, count: { class: "Crackle" } },
  { name: "wheeze", printed: { n: null }, count: { class: "Wheeze" } },
  { name: "elsewhere", printed: { n: 5 }, state: "not counted" },
]);

function file(name = "table1.counts.json"): string {
  return path.join(project, "experiments", "paper-of-test", "results", name);
}

describe("a data set table", () => {
  it("is counted on made-up sounds, and not held against print", () => {
    const { cells, flags, datasets } = countEntry(table, markMadeUp(wholeIcbhi()));
    expect(cells.map(({ row, column, counted, outcome }) => [row, column, counted, outcome])).toEqual([
      ["all", "n", 88, "made up"],
      ["crackle", "n", 22, "made up"],
      ["crackle", "share", 0.25, "made up"],
      ["wheeze", "n", 22, "made up"],
      ["elsewhere", "n", null, "not counted"],
    ]);
    expect(flags).toEqual([]);
    expect(datasets).toMatchObject([{ name: "icbhi", madeUp: true, recordings: 22, from: "annotations" }]);
  });

  it("says what is not there: no data, a part of it, a list, a file that is wrong", () => {
    const why = (dataDir: string, entry = table) => countEntry(entry, dataDir).cells[0]!.why;
    expect(why(project)).toBe("not counted here: no icbhi data (AUSCULT_DATA)");
    expect(why(wholeIcbhi())).toBe(
      "not counted here: icbhi is here in part: annotations of 22 of 920 recordings, 88 of 6898 cycles",
    );
    const official = tableOfTest([{ name: "train", printed: { n: 1 }, count: { split: "official", side: "train" } }]);
    const noList = markMadeUp(writeIcbhi([{ name: "301_1b1_Al_sc_Meditron", annotation: "0\t1\t0\t0\n" }]));
    expect(why(noList, official)).toMatch(/^not counted here: .*ICBHI_challenge_train_test.txt/);
    expect(countEntry(table, noList).cells[0]!.counted).toBe(1);
    const wrong = markMadeUp(writeIcbhi([{ name: "301_1b1_Al_sc_Meditron", annotation: "0\t1\t0\n" }]));
    expect(why(wrong)).toMatch(/^not counted here: ICBHI in .* cannot be used/);
    expect(why(wrong)).not.toContain("\n");
  });

  it("throws for a query that asks for what there is not", () => {
    const wrong = tableOfTest([{ name: "all", printed: { n: 1 }, count: { class: "Crackles" } }]);
    expect(() => countEntry(wrong, markMadeUp(wholeIcbhi()))).toThrow('asks for class "Crackles"');
  });

  it("exports nothing of made-up sounds, and nothing where nothing is counted", () => {
    expect(exportCounts([table], markMadeUp(wholeIcbhi()))).toEqual([]);
    expect(exportCounts([table], project)).toEqual([]);
  });
});

describe("committed counts", () => {
  const committed = {
    format: 1,
    experiment: "paper-of-test/table1",
    datasets: [{ name: "icbhi", recordings: 920, annotationsDigest: "ab".repeat(32) }],
    cells: [
      { row: "all", column: "n", query: {}, counted: 88 },
      { row: "crackle", column: "n", query: { class: "Crackle" }, counted: 22 },
      { row: "crackle", column: "share", query: { class: "Crackle", shareOf: "class" }, counted: 0.25 },
    ],
  };
  const commit = (content: unknown) => {
    mkdirSync(path.dirname(file()), { recursive: true });
    writeFileSync(file(), typeof content === "string" ? content : JSON.stringify(content));
  };

  it("stand in where there is no data, and are held against print", () => {
    commit(committed);
    const counted = countEntry(table, project);
    expect(counted.cells.map(({ counted: n, outcome, from }) => [n, outcome, from])).toEqual([
      [88, "equal", "committed results"],
      [22, "differs", "committed results"],
      [0.25, "equal", "committed results"],
      [null, "not counted", undefined],
      [null, "not counted", undefined],
    ]);
    expect(counted.flags).toMatchObject([{ row: "crackle", printed: 23, found: 22, kind: "error" }]);
    expect(counted.datasets).toEqual([{ ...committed.datasets[0], from: "committed results", madeUp: false }]);
    expect(renderCounted(table, counted)).toContain("Counted from committed results of icbhi: 920 recordings");
  });

  it("keep what was found in the data only, for the number that was printed then", () => {
    const flag = { kind: "bin edge", says: "found in the data" };
    commit({ ...committed, cells: [{ ...committed.cells[1], printed: 23, flag }] });
    expect(countEntry(table, project).flags).toEqual([
      { row: "crackle", column: "n", printed: 23, found: 22, ...flag },
    ]);
    commit({ ...committed, cells: [{ ...committed.cells[1], printed: 24, flag }] });
    expect(countEntry(table, project).flags).toMatchObject([
      { printed: 23, kind: "error", says: "23 is printed, 22 counted" },
    ]);
  });

  it("do not stand in for something else than was counted", () => {
    commit({ ...committed, cells: [{ row: "crackle", column: "n", query: { class: "Wheeze" }, counted: 22 }] });
    expect(countEntry(table, project).cells.every(({ outcome }) => outcome === "not counted")).toBe(true);
  });

  it.each([
    [{ ...committed, format: 2 }, "has format 2, this version reads 1"],
    ["{", "cannot be read"],
    [{ format: 1 }, "holds no cells"],
  ])("of another form are told, not guessed at", (content, says) => {
    commit(content);
    const { why } = countEntry(table, project).cells[0]!;
    expect(why).toContain("no icbhi data (AUSCULT_DATA); experiments/paper-of-test/results/table1.counts.json");
    expect(why).toContain(says);
  });
});

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: export of counts", () => {
  it("is what a machine without the data reads again", () => {
    const real = tableOfTest([
      { name: "all", printed: { n: 6898 } },
      { name: "crackle", printed: { n: 1864, share: 0.27 }, count: { class: "Crackle" } },
    ]);
    expect(exportCounts([real], process.env.AUSCULT_DATA!)).toEqual([
      "experiments/paper-of-test/results/table1.counts.json",
    ]);
    const here = countEntry(real, process.env.AUSCULT_DATA!);
    const there = countEntry(real, project);
    expect(there.cells.map(({ from, why, ...cell }) => cell)).toEqual(here.cells.map(({ from, ...cell }) => cell));
    expect(there.cells.every(({ from }) => from === "committed results")).toBe(true);
    expect(here.cells.map(({ outcome }) => outcome)).toEqual(["equal", "equal", "equal"]);
    expect(there.datasets.map(({ annotationsDigest }) => annotationsDigest)).toEqual(
      here.datasets.map(({ annotationsDigest }) => annotationsDigest),
    );
    // A line for each cell, and nothing of a recording.
    expect(
      readFileSync(file(), "utf8")
        .split("\n")
        .filter((line) => line.includes('"counted"')),
    ).toHaveLength(3);
  });
});

describe("a counted table as text", () => {
  it("has printed number, count and flag of each cell, and the sum of it", () => {
    mkdirSync(path.dirname(file()), { recursive: true });
    writeFileSync(
      file(),
      JSON.stringify({
        format: 1,
        datasets: [],
        cells: [
          { row: "a", column: "n", query: {}, counted: 347 },
          { row: "a", column: "share", query: { shareOf: "class" }, counted: 0.1153 },
          { row: "bb", column: "n", query: {}, counted: 336 },
        ],
      }),
    );
    const small = tableOfTest([
      { name: "a", printed: { n: 336, share: 0.1 } },
      { name: "bb", printed: { n: 347 } },
      { name: "c", printed: { n: 1, share: null }, state: "not counted" },
    ]);
    const counted = countEntry(small, project);
    expect(renderCounted(small, counted).split("\n")).toEqual([
      "paper-of-test/table1: Table 1: cycles",
      "A paper, Table 1",
      "",
      "             Cycles   Share",
      "a   printed     336    0.10",
      "    counted     347  0.1153",
      "    flag      error   error",
      "bb  printed     347",
      "    counted     336",
      "    flag      error",
      "c   printed       1       -",
      "    counted       -       -",
      "",
      "5 cells: 3 different from print (3 error), 2 not counted.",
      "3 cells: counted from committed results; here: no icbhi data (AUSCULT_DATA)",
      "2 cells: not counted: only its publisher can state it",
      "  a, Cycles: error; 336 is printed, 347 counted: this is the count of bb, and the other way round",
      "  a, Share: error; 0.10 is printed, 0.1153 counted",
      "  bb, Cycles: error; 347 is printed, 336 counted: this is the count of a, and the other way round",
      "  A remark.",
    ]);
  });

  it("keeps to 100 columns", () => {
    const wide = tableOfTest([{ name: "a row of some length", printed: {} }]);
    const columns = Array.from({ length: 12 }, (_, k) => ({ ...wide.columns[0]!, key: `k${k}`, title: `Column ${k}` }));
    const rows = wide.rows.map((row) => ({ ...row, printed: Object.fromEntries(columns.map(({ key }) => [key, 1])) }));
    const entry = { ...wide, columns, rows, flags: ["word ".repeat(60).trim()] };
    const lines = renderCounted(entry, countEntry(entry, project)).split("\n");
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
    for (const { title } of columns) expect(lines.some((line) => line.includes(title))).toBe(true);
  });

  it("may have a single column, be it wider than the line", () => {
    const { columns, ...rest } = tableOfTest([{ name: "a", printed: { n: 1 } }]);
    for (const title of ["N", "N".repeat(120)]) {
      const entry = { ...rest, columns: [{ ...columns[0]!, title }] };
      expect(renderCounted(entry, countEntry(entry, project))).toContain(title);
    }
  });

  it("sums up in one line", () => {
    expect(outcomeLine([{ row: "a", column: "n", printed: 1, counted: 1, outcome: "equal" }])).toBe(
      "1 cell: 1 equal to print.",
    );
  });
});
