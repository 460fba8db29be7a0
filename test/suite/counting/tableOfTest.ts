import type { CountQuery, ExperimentEntry, Unit } from "../../../src/suite/entry.js";

type Row = {
  name: string;
  printed: Record<string, number | null>;
  count?: CountQuery;
  state?: "counted" | "not counted";
};

/** A data set table with columns "n" (counts) and "share" (two places) and the given rows. */
export function tableOfTest(rows: readonly Row[], column: { unit?: Unit; count?: CountQuery } = {}): ExperimentEntry {
  return {
    id: "paper-of-test/table1",
    paper: "paper-of-test",
    kind: "dataset",
    title: "Table 1: cycles",
    citation: "A paper, Table 1",
    vary: "row",
    metric: "cycles",
    testSet: "none",
    tasks: [],
    protocols: [],
    presets: [],
    columns: [
      { key: "n", title: "Cycles", unit: "count", count: {} },
      { key: "share", title: "Share", unit: "share", decimals: 2, count: { shareOf: "class" }, ...column },
    ],
    rows: rows.map(({ state = "counted", ...row }) => ({ ...row, state })),
    flags: ["A remark."],
    ambiguities: [],
    fullRun: null,
    cost: { smoke: "nothing", quick: "nothing", full: "nothing" },
    command: "npx auscult run paper-of-test/table1",
  };
}
