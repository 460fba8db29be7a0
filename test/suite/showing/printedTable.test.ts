import { describe, expect, test } from "vitest";
import type { ExperimentEntry } from "../../../src/suite/entry.js";
import type { Flag } from "../../../src/suite/flag.js";
import { findExperiment } from "../../../src/suite/registry.js";
import { printedTable } from "../../../src/suite/showing/printedTable.js";
import { wrapLine } from "../../../src/suite/wrapLine.js";

const flag = (row: string, column: string): Flag => ({ row, column, printed: 0, found: 0, kind: "error", says: "" });

describe("printedTable", () => {
  test("numbers with the places of print, a dash for a gap, a mark for a flag, headings over several lines", async () => {
    const table3 = await findExperiment("supcon-sprs/table3");
    const entry: ExperimentEntry = {
      ...table3,
      columns: [
        { key: "a", title: "a long heading", unit: "percent", decimals: 1 },
        { key: "b", title: "b", unit: "share" },
      ],
      rows: [
        { name: "one", printed: { a: 2, b: 0.25 }, state: "built" },
        { name: "second", printed: { a: null }, state: "not built" },
        { name: "bare", printed: {}, state: "not built" },
      ],
    };
    expect(printedTable(entry, [flag("one", "b")])).toEqual([
      "         a long",
      "        heading",
      "            (%)      b",
      "one         2.0   0.25!  built",
      "second        –          not built",
      "bare                     not built",
    ]);
  });

  test("columns that do not fit stand in a table of their own, with the rows that have something there", async () => {
    const lines = printedTable(await findExperiment("respirenet/table1"), []);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(lines.filter((line) => line.startsWith("CNN  "))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith("Serbes"))).toHaveLength(1);
  });
});

describe("wrapLine", () => {
  test("breaks between words with one hanging indent, and leaves tables and long words alone", () => {
    expect(wrapLine("  one two three four", 11)).toEqual(["  one two", "    three", "    four"]);
    expect(wrapLine("a   b   c   d", 5)).toEqual(["a   b   c   d"]);
    expect(wrapLine("abcdefghij kl", 5)).toEqual(["abcdefghij", "  kl"]);
  });
});
