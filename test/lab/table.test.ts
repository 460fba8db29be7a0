import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { showTable, table, toCsv } from "../../src/lab/table.js";

const jupyter = createRequire(import.meta.url)("tslab/dist/jupyter.js");
const sent: { "text/html": string; "text/plain": string }[] = [];
afterEach(() => {
  jupyter.lastWriteDisplayData = null;
  sent.length = 0;
});
const listen = () => {
  jupyter.lastWriteDisplayData = ({ data }: { data: (typeof sent)[0] }) => sent.push(data);
};
const folder = mkdtempSync(path.join(tmpdir(), "auscult-table-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a data frame has the columns of all rows; what a row lacks is missing, NaN stays NaN", () => {
  const frame = table([{ a: 1, b: "x" }, { a: Number.NaN, c: true }, { b: null }]);
  expect(frame.columns).toEqual(["a", "b", "c"]);
  expect(frame.shape).toEqual([3, 3]);
  expect(frame.values).toEqual([
    [1, "x", undefined],
    [Number.NaN, undefined, true],
    [undefined, null, undefined],
  ]);
  expect(table([{ a: 1, b: 2 }], ["b"]).columns).toEqual(["b"]);
});

test("danfojs computes with it", () => {
  const frame = table([
    { device: "Meditron", n: 1 },
    { device: "AKGC417L", n: 3 },
    { device: "Meditron", n: 5 },
  ]);
  const means = frame.groupby(["device"]).col(["n"]).mean();
  expect(means.values).toEqual([
    ["Meditron", 3],
    ["AKGC417L", 3],
  ]);
});

test.each([
  ["a row that is none", () => table([3 as never]), "Row 0 of the table is 3; a row is an object"],
  ["a name that danfojs uses", () => table([{ index: 1 }]), 'cannot have a column "index"'],
  [
    "a column that is not there",
    () => table([{ score: 1 }], ["scores"]),
    'no column "scores" (did you mean "score"?). It has: score',
  ],
  ["what is no table", () => showTable({} as never), "A table is a danfojs DataFrame, or an array of rows"],
])("%s is refused", (_, call, message) => {
  expect(call).toThrow(message);
});

test("rows and data frames are shown alike: aligned numbers, units, NaN and what is missing apart", () => {
  listen();
  const rows = [
    { name: "a", durationSeconds: 9.5, score: 0.61234 },
    { name: null, durationSeconds: 12.25, score: Number.NaN },
  ];
  showTable(rows, { title: "Two", note: "made-up sounds", units: { score: "ICBHI" } });
  showTable(table(rows), { title: "Two", note: "made-up sounds", units: { score: "ICBHI" } });
  expect(sent[1]).toEqual(sent[0]);
  expect(sent[0]!["text/plain"].split("\n")).toEqual([
    "Two",
    "name  duration (s)  score (ICBHI)",
    "a             9.50          0.612",
    "–            12.25            NaN",
    "made-up sounds",
  ]);
  const html = sent[0]!["text/html"];
  expect(html.match(/text-align:right[^>]*>[^<]*</g)).toEqual([
    expect.stringContaining(">duration (s)<"),
    expect.stringContaining(">score (ICBHI)<"),
    ...["9.50", "0.612", "12.25"].map((text) => expect.stringContaining(`>${text}<`)),
    expect.stringContaining("><"),
  ]);
});

test("long tables are shortened and say by how much; long texts are cut, the whole one kept aside", () => {
  listen();
  const rows = Array.from({ length: 100 }, (_, n) => ({ n, text: "word ".repeat(n) }));
  showTable(rows, { rows: 6 });
  const [{ "text/plain": text, "text/html": html }] = sent as [(typeof sent)[0]];
  expect(text.split("\n").map((line) => line.trim().split(" ")[0])).toEqual([
    "n",
    "0",
    "1",
    "2",
    "3",
    "…",
    "98",
    "99",
    "100",
  ]);
  expect(text).toContain("… 94 more rows …\n");
  expect(text.endsWith("\n100 rows, 6 shown")).toBe(true);
  expect(html.match(/<tr>/g)).toHaveLength(8);
  expect(html).toContain(`title="${"word ".repeat(99)}"`);
  showTable(rows, { rows: Infinity });
  expect(sent[1]!["text/html"].match(/<tr>/g)).toHaveLength(101);
});

test("row names of a summary are shown, counted ones are not", () => {
  listen();
  showTable(table([{ a: 1 }, { a: 3 }]).describe());
  showTable(table([{ a: 1 }, { a: 3 }]));
  showTable([]);
  expect(sent[0]!["text/plain"]).toMatch(/^ +a\ncount +2/);
  expect(sent[1]!["text/plain"]).toBe("a\n1\n3");
  expect(sent[2]!["text/plain"]).toContain("0 rows");
});

test("nothing in a table becomes markup", () => {
  listen();
  showTable([{ "<b>": "<script>", "a&b": { x: "<i>" } }], { title: "<u>", note: "<s>" });
  expect(sent[0]!["text/html"]).not.toMatch(/<(script|b|i|u|s)>/);
  expect(sent[0]!["text/html"]).toContain("a&#38;b");
});

test("Python's csv reads back what was written, to the last bit", () => {
  const rows = [
    { text: 'a "quoted", text', n: 0.1 + 0.2, when: new Date(0), list: [1, 2] },
    { text: "two\nlines\r\nand a café, 呼吸", n: Number.NaN, flag: true },
    { text: "", n: -Infinity },
  ];
  const file = path.join(folder, "made", "rows.csv");
  toCsv(table(rows), file);
  const script =
    "import csv,json,sys; print(json.dumps(list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8')))))";
  const read = (name: string) => JSON.parse(execFileSync("python3", ["-c", script, name], { encoding: "utf8" }));
  expect(read(file)).toEqual([
    ["text", "n", "when", "list", "flag"],
    ['a "quoted", text', "0.30000000000000004", "1970-01-01T00:00:00.000Z", "[1,2]", ""],
    ["two\nlines\r\nand a café, 呼吸", "NaN", "", "", "true"],
    ["", "-Infinity", "", "", ""],
  ]);
  const narrow = path.join(folder, "narrow.csv");
  toCsv([{ a: 1 }, { a: null }, { a: "" }], narrow);
  expect(read(narrow)).toEqual([["a"], ["1"], [""], [""]]);
  expect(readFileSync(narrow, "utf8")).toBe('a\n1\n""\n""\n');
});
