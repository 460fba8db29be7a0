import { describe, expect, test } from "vitest";
import type { ExperimentEntry, ExperimentRow } from "../../../src/suite/entry.js";
import { expand } from "../../../src/suite/planning/expand.js";

const row = (name: string, over: Partial<ExperimentRow> = {}): ExperimentRow => ({
  name,
  printed: {},
  state: "built",
  ...over,
});

function entryOf(id: string, rows: ExperimentRow[], over: Partial<ExperimentEntry> = {}): ExperimentEntry {
  return {
    ...{ id, paper: "p", kind: "ablation", title: "", citation: "", vary: "", metric: "", testSet: "" },
    ...{ tasks: ["4-class"], protocols: ["published", "honest"], presets: ["paper"], columns: [], rows },
    ...{ flags: [], ambiguities: [], fullRun: null, cost: { smoke: "", quick: "", full: "" }, command: "" },
    ...over,
  };
}

const home = entryOf("p/home", [row("best"), row("later", { state: "not built" })], {
  folds: ["official", "fold0", "fold1"],
});
const others = new Map([["p/home", home]]);
const common = { protocol: "honest", seed: 0 };

describe("expand", () => {
  test("rows x tasks x folds x protocols x seeds", () => {
    const cells = expand(home, { seeds: [0, 3], protocols: ["honest", "published"] });
    expect(cells).toHaveLength(1 * 1 * 3 * 2 * 2);
    expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(12);
    expect(expand(home, { folds: ["fold1"] })).toEqual([
      { experiment: "p/home", row: "best", task: "4-class", fold: "fold1", ...common },
    ]);
  });

  test("rows that stand on one run of another entry ask for that run, once", () => {
    const table = entryOf("p/perClass", [
      row("normal", { runs: { experiment: "p/home", row: "best", task: "4-class", fold: "fold0" } }),
      row("crackle", { runs: { experiment: "p/home", row: "best", task: "4-class", fold: "fold0" } }),
    ]);
    const run = { experiment: "p/home", row: "best", task: "4-class", fold: "fold0", ...common };
    expect(expand(table, {}, others)).toEqual([run]);
  });

  test("a row of its own whose fold is said asks for that alone; references are followed to the end", () => {
    const devices = entryOf("p/devices", [row("a", { runs: { fold: "device:a" } }), row("b", { runs: { row: "a" } })], {
      folds: ["device:a", "device:b"],
    });
    const cell = { experiment: "p/devices", row: "a", task: "4-class", fold: "device:a", ...common };
    expect(expand(devices, {})).toEqual([cell]);
    expect(expand(devices, { folds: ["device:b"] })).toEqual([]);
  });

  test("without honest among its protocols, the first that an entry has", () => {
    const cells = expand({ ...home, protocols: ["published"] }, { folds: ["official"] });
    expect(cells.map(({ protocol }) => protocol)).toEqual(["published"]);
  });

  test.each([
    [{ rows: ["bets"] }, /--row "bets": p\/home has no such row \(did you mean "best"\?\); it has "best", "later"/],
    [{ rows: ["later"] }, /is not built yet; built: "best"/],
    [{ tasks: ["3-class"] }, /--task 3-class: p\/home has no such task \(did you mean "4-class"\?\); it has 4-class/],
    [{ folds: ["fold9"] }, /--fold fold9: p\/home has no such fold \(did you mean .*; it has official, fold0, fold1/],
    [{ seeds: [-1] }, /--seed -1: must be a whole number, 0 or more/],
    [{ seeds: [1.5] }, /--seed 1.5: must be a whole number/],
  ])("%j is refused", (asked, message) => {
    expect(() => expand(home, asked)).toThrow(message);
  });

  test("folds of an entry without, constants and what is counted are refused in words", () => {
    const table = entryOf("p/t", [
      row("quoted", { state: "literature" }),
      row("cycles", { state: "counted" }),
      row("own"),
    ]);
    expect(() => expand(table, { folds: ["fold0"] })).toThrow("--fold fold0: p/t has no such fold; it has no folds");
    expect(() => expand(table, { rows: ["quoted"] })).toThrow(
      /a constant that the paper quotes: there is nothing to run; built: "own"/,
    );
    expect(() => expand(table, { rows: ["cycles"] })).toThrow(/counted from annotations, not trained/);
    expect(() => expand({ ...table, protocols: ["published"] }, { protocols: ["honest"] })).toThrow(
      /--protocol honest: p\/t has no such protocol/,
    );
  });

  test("a reference that leads nowhere is the entry's mistake", () => {
    const lost = entryOf("p/lost", [row("a", { runs: { experiment: "p/home", row: "gone" } })]);
    expect(() => expand(lost, {}, others)).toThrow('p/lost, row "a": there is no row "gone" of p/home');
  });
});
