import { truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { icbhiSplit } from "../../../src/datasets/icbhi/split.js";
import { logmelFeatures } from "../../../src/datasets/icbhiLogmel/featureSet.js";
import { logmelIndexText, parseLogmelIndex } from "../../../src/datasets/icbhiLogmel/indexFile.js";
import { loadIcbhiLogmel } from "../../../src/datasets/icbhiLogmel/load.js";
import { logmelFileOf } from "../../../src/datasets/icbhiLogmel/match.js";
import { npyHeader } from "../../../src/node/npy.js";
import { UserError } from "../../../src/userError.js";
import { wholeIcbhi } from "../icbhi/layoutFixture.js";
import { withMaps } from "./mapsFixture.js";

const HEADER = "row,recording,cycle,crackle,wheeze,split";
const A = "301_1b1_Al_sc_Meditron";
const B = "302_1b1_Tc_mc_Litt3200";

describe("loadIcbhiLogmel", () => {
  it("finds the map of a cycle by the id that splits use", () => {
    const maps = loadIcbhiLogmel(withMaps(wholeIcbhi()));
    expect([maps.rows.length, maps.complete, maps.bands, maps.frames, maps.madeUp]).toEqual([
      88,
      false,
      90,
      173,
      false,
    ]);
    expect(maps.rows[5]).toEqual({
      id: "301_2b1_Pr_mc_Meditron#1",
      recording: "301_2b1_Pr_mc_Meditron",
      cycle: 1,
      crackle: true,
      wheeze: false,
      label: "Crackle",
      officialSide: "test",
      line: 7,
    });
    expect(maps.rowOf("301_2b1_Pr_mc_Meditron#1")).toBe(5);
    expect(maps.rowOf("999_1b1_Al_sc_Meditron#0")).toBeUndefined();
    // dB = u8 / 255 * 80 - 80
    expect(maps.map(51)).toEqual(new Float32Array(90 * 173).fill(-64));
    const out = new Float32Array(90 * 173);
    expect(maps.map(85, out)).toBe(out);
    expect(out[0]).toBeCloseTo((85 / 255) * 80 - 80, 5);
    expect(maps.bytes(7)).toEqual(new Uint8Array(90 * 173).fill(7));
    expect(() => maps.map(88)).toThrow(RangeError);
    expect(() => maps.map(0, new Float32Array(3))).toThrow("a map has 15570 values, not 3");
    maps.close();
    expect(() => maps.map(0)).toThrow("was closed");
  });

  it("gives the splits the roles that audio gives them", () => {
    const dataDir = withMaps(wholeIcbhi());
    const data = loadIcbhi(dataDir);
    const maps = loadIcbhiLogmel(dataDir);
    for (const name of ["official", "fold2", "random-cycle-80-20", "device-only:Meditron@all"]) {
      const fromMaps = icbhiSplit(data, name, "published", { fileOf: logmelFileOf(maps, data) });
      expect(fromMaps.digest).toBe(icbhiSplit(data, name, "published").digest);
      const features = logmelFeatures(maps, fromMaps.train);
      expect([features.count, features.rows, features.frames(0)]).toEqual([fromMaps.train.length, 90, 173]);
      const last = features.count - 1;
      const place = maps.rowOf(fromMaps.train[last]!.id)!;
      expect(features.map(last)[100]).toBeCloseTo((place / 255) * 80 - 80, 5);
      expect(() => features.map(features.count)).toThrow(RangeError);
    }
    expect(() => logmelFeatures(maps, [{ id: "nobody#0" }])).toThrow("there is no map of cycle nobody#0");
  });

  it("has a digest that changes with maps and index", () => {
    const dataDir = withMaps(wholeIcbhi());
    const { digest } = loadIcbhiLogmel(dataDir);
    expect(digest).toMatch(/^[0-9a-f]{32}$/);
    expect(loadIcbhiLogmel(withMaps(wholeIcbhi())).digest).toBe(digest);
    const other = withMaps(wholeIcbhi(), (index) =>
      index.replace("0,301_1b1_Al_sc_Meditron,0,0,0", "0,301_1b1_Al_sc_Meditron,0,1,0"),
    );
    expect(loadIcbhiLogmel(other).digest).not.toBe(digest);
    expect(() => logmelFileOf(loadIcbhiLogmel(other), loadIcbhi(other))).toThrow(
      "logmel_index.csv:2: crackle,wheeze is 1,0; 301_1b1_Al_sc_Meditron.txt:1 says 0,0",
    );
  });

  it("counts a recording as absent when one of its cycles has no map", () => {
    const dataDir = wholeIcbhi();
    const { recordings } = loadIcbhi(dataDir);
    const lines = recordings.flatMap(({ name, cycles }) => cycles.map((_, i) => [name, i] as const)).slice(0, 6);
    const flags = ["0,0", "1,0", "0,1", "1,1"];
    writeFileSync(
      path.join(dataDir, "icbhi", "logmel_index.csv"),
      [HEADER, ...lines.map(([name, i], row) => `${row},${name},${i},${flags[i]},`), ""].join("\n"),
    );
    writeFileSync(
      path.join(dataDir, "icbhi", "logmel.npy"),
      Buffer.concat([npyHeader("uint8", [6, 90, 173]), Buffer.alloc(6 * 90 * 173)]),
    );
    const maps = loadIcbhiLogmel(dataDir);
    const fileOf = logmelFileOf(maps, loadIcbhi(dataDir));
    expect(recordings.slice(0, 3).map(fileOf)).toEqual([maps.file, undefined, undefined]);
  });

  it("refuses maps that are not there, of another shape or kind, or cut short", () => {
    const dataDir = wholeIcbhi();
    expect(() => loadIcbhiLogmel(dataDir)).toThrow("`auscult data logmel DIR` makes it from the recordings");
    withMaps(dataDir);
    const file = path.join(dataDir, "icbhi", "logmel.npy");
    const refused = (bytes: Uint8Array, message: string) => {
      writeFileSync(file, bytes);
      expect(() => loadIcbhiLogmel(dataDir)).toThrow(UserError);
      expect(() => loadIcbhiLogmel(dataDir)).toThrow(message);
    };
    const zeros = (shape: number[]) =>
      Buffer.concat([npyHeader("uint8", shape), Buffer.alloc(shape.reduce((a, b) => a * b))]);
    refused(zeros([87, 90, 173]), "has shape (87, 90, 173); expected (88, 90, 173), the first being the rows of");
    refused(zeros([88, 173, 90]), "has shape (88, 173, 90); expected (88, 90, 173)");
    refused(zeros([88 * 90 * 173]), "has shape (1370160)");
    refused(
      Buffer.concat([npyHeader("float32", [1, 90, 173]), Buffer.alloc(62280)]),
      "holds float32 numbers; expected uint8",
    );
    withMaps(dataDir);
    truncateSync(file, 100_000);
    expect(() => loadIcbhiLogmel(dataDir)).toThrow("it is cut short");
  });
});

describe("parseLogmelIndex", () => {
  const errorsOf = (...rows: string[]) =>
    parseLogmelIndex([HEADER, ...rows, ""].join("\n")).problems.map(({ line, what }) => `${line}: ${what}`);

  it("reads what logmelIndexText writes, also with other line ends", () => {
    const text = `${HEADER}\n0,${A},0,0,1,train\n1,${A},1,1,1,train\n2,${B},0,0,0,\n`;
    const { rows, problems } = parseLogmelIndex(text);
    expect(problems).toEqual([]);
    expect(logmelIndexText(rows)).toBe(text);
    expect(parseLogmelIndex(`\ufeff${text.replaceAll("\n", "\r\n")}`).rows).toEqual(rows);
    expect(rows[2]).not.toHaveProperty("officialSide");
  });

  it.each([
    [
      "a row twice",
      [`0,${A},0,0,0,train`, `0,${A},1,0,0,train`],
      "3: row 0 stands again, or out of order; expected row 1",
    ],
    [
      "a gap",
      [`0,${A},0,0,0,train`, `2,${A},1,0,0,train`],
      "3: row 2 comes where row 1 was expected: rows are missing",
    ],
    ["a cycle twice", [`0,${A},0,0,0,train`, `1,${A},0,0,0,train`], `3: cycle 0 of ${A} stands on line 2 already`],
    [
      "a missing cycle",
      [`0,${A},0,0,0,train`, `1,${A},2,0,0,train`],
      `3: cycle 2 of ${A} comes where cycle 1 was expected`,
    ],
    [
      "a torn recording",
      [`0,${A},0,0,0,train`, `1,${B},0,0,0,test`, `2,${A},1,0,0,train`],
      `4: the cycles of ${A} do not stand together`,
    ],
    ["five columns", [`0,${A},0,0,0`], `2: has 5 columns; expected six: ${HEADER}`],
    ["a flag of 2", [`0,${A},0,2,0,train`], '2: crackle is "2"; expected 0 or 1'],
    ["a flag in words", [`0,${A},0,0,no,train`], '2: wheeze is "no"; expected 0 or 1'],
    ["a negative cycle", [`0,${A},-1,0,0,train`], '2: cycle is "-1"; expected a whole number, 0 or more'],
    ["another side", [`0,${A},0,0,0,val`], '2: split is "val"; expected train, test or nothing'],
    [
      "another device",
      ["0,301_1b1_Al_sc_Phone,0,0,0,train"],
      '2: recording is "301_1b1_Al_sc_Phone"; expected such as',
    ],
    ["a row in words", [`one,${A},0,0,0,train`], '2: row is "one"; expected a whole number, 0 or more'],
    ["no rows", [], "1: holds no rows; expected one for each map"],
  ])("reports %s with its line", (_, rows, expected) => {
    const errors = errorsOf(...rows);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(expected);
  });

  it("reports another header, and survives nonsense", () => {
    for (const text of ["", "a,b\n", "\0\0\0", `row;recording\n0;${A}\n`, "x".repeat(3_000_000)]) {
      const { rows, problems } = parseLogmelIndex(text);
      expect(rows).toEqual([]);
      expect(problems.some(({ severity }) => severity === "error")).toBe(true);
      expect(problems.every(({ what }) => what.length < 200)).toBe(true);
    }
  });
});
