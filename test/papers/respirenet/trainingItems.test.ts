import { describe, expect, test } from "vitest";
import { icbhiSplit } from "../../../src/datasets/icbhi/split.js";
import { icbhiMaps } from "../../../src/papers/icbhiMaps.js";
import { joined } from "../../../src/papers/respirenet/inputs.js";
import {
  type LabelledItem,
  trainingItemsOf,
  windowsOf,
  withNeighbours,
} from "../../../src/papers/respirenet/trainingItems.js";
import { Streams } from "../../../src/random/streams.js";

/** Seconds and label of each cycle of a recording, one after the other. */
function recorded(recording: string, cycles: readonly (readonly [seconds: number, label: number])[]): LabelledItem[] {
  let at = 0;
  return cycles.map(([seconds, label], i) => {
    const startSeconds = at;
    at += seconds;
    return { id: `${recording}#${i}`, recording, file: "", startSeconds, endSeconds: at, label };
  });
}
const lengthsOf = (examples: readonly LabelledItem[]) =>
  examples.map(({ startSeconds, endSeconds }) => Math.round(4000 * (endSeconds! - startSeconds!)));
const of = (examples: readonly LabelledItem[]) => ({ examples, samples: lengthsOf(examples), classes: 4 });
const PLAIN = { seconds: 7, padding: "zero", cba: "none", cbaScale: 1 } as const;

test("a long cycle is windows half a clip apart, and what is left; a short one is one item", () => {
  const items = trainingItemsOf(of(recorded("a", [[3, 0], [7, 1], [12, 2]])), PLAIN, new Streams(0)); // biome-ignore format: one line
  expect(items.map(({ name, label }) => [name, label])).toEqual([
    ["a#0", 0],
    ["a#1", 1],
    ["a#2, window 0", 2],
    ["a#2, window 1", 2],
    ["a#2, window 2", 2],
  ]);
  expect(items.slice(2).map(({ parts }) => parts)).toEqual([
    [{ cycle: 2, start: 0, count: 28_000 }],
    [{ cycle: 2, start: 14_000, count: 28_000 }],
    [{ cycle: 2, start: 28_000, count: 20_000 }],
  ]);
});

test("what a cycle is filled up with makes no item more or fewer: plans count without it", () => {
  const examples = recorded("a", [[3, 0], [9, 1], [2, 2], [1, 3], [12, 0], [2, 1]]); // biome-ignore format: one line
  const counts = (["zero", "smart"] as const).map((padding) => {
    const recipe = { ...PLAIN, padding, cba: "same-class", cbaScale: 3 } as const;
    return trainingItemsOf(of(examples), recipe, new Streams(0)).length;
  });
  expect(counts[1]).toBe(counts[0]);
  expect(counts[0]).toBeGreaterThan(9);
});

describe("smart padding (papers.md, decision 57)", () => {
  const names = (examples: readonly LabelledItem[]) =>
    withNeighbours(windowsOf(of(examples), PLAIN), of(examples), PLAIN).map(({ parts }) =>
      parts.map(({ cycle }) => examples[cycle]!.id),
    );

  test("takes the cycle after, the one before, the next but one in turn, while they are of its class or normal", () => {
    const cycles = [[1, 0], [1, 2], [1, 1], [1, 0], [1, 1], [1, 2], [1, 1]] as const; // biome-ignore format: one line
    const found = names(recorded("a", cycles));
    // #2, a crackle: after it #3 (normal), before it #1 (wheeze, which ends that side), then #4; #5 is a wheeze.
    expect(found[2]).toEqual(["a#2", "a#3", "a#4"]);
    expect(found[0]).toEqual(["a#0"]);
    expect(found[3]).toEqual(["a#3"]);
  });

  test("stops when the clip is full, and crosses neither a recording nor a cycle that is not there", () => {
    const [first, second] = [recorded("a", [[3, 1], [3, 1], [3, 1], [3, 1]]), recorded("b", [[3, 1]])]; // biome-ignore format: one line
    expect(names([...first, ...second])[0]).toEqual(["a#0", "a#1", "a#2"]);
    expect(names([...second, ...first])[0]).toEqual(["b#0"]);
    expect(names([first[0]!, first[2]!, first[3]!])[0]).toEqual(["a#0"]);
  });

  test("order of the list does not matter", () => {
    const cycles = recorded("a", [[2, 0], [2, 0], [2, 0], [2, 0]]); // biome-ignore format: one line
    expect(names([cycles[3]!, cycles[1]!, cycles[0]!, cycles[2]!])[1]).toEqual(["a#1", "a#2", "a#0", "a#3"]);
  });

  test("samples follow each other", () => {
    const parts = [
      { cycle: 1, start: 1, count: 2 },
      { cycle: 0, start: 0, count: 1 },
    ];
    const sounds = [Float32Array.of(9), Float32Array.of(1, 2, 3, 4)];
    expect([...joined(parts, (cycle) => sounds[cycle]!)]).toEqual([2, 3, 9]);
  });
});

describe("concatenation-based augmentation (papers.md 5.5)", () => {
  const labels = [...new Array(40).fill(0), ...new Array(10).fill(1), ...new Array(6).fill(2), ...new Array(4).fill(3)];
  const examples = labels.flatMap((label, i) => recorded(`r${i}`, [[2, label]]));
  const counts = (items: readonly { label: number }[]) =>
    [0, 1, 2, 3].map((label) => items.filter((item) => item.label === label).length);

  test.each([1, 2])("fills every abnormal class up to %d times the normal items, the normal class too", (cbaScale) => {
    const items = trainingItemsOf(of(examples), { ...PLAIN, cba: "code", cbaScale }, new Streams(1));
    expect(counts(items)).toEqual(new Array(4).fill(40 * cbaScale));
    expect(items.filter(({ parts }) => parts.length === 2)).toHaveLength(items.length - 60);
    expect(trainingItemsOf(of(examples), { ...PLAIN, cba: "code", cbaScale }, new Streams(1))).toEqual(items);
  });

  test("leaves out what a class that is not there would be needed for", () => {
    const some = examples.filter(({ label }) => label !== 2);
    const own = some.map(({ label }) => label);
    const items = trainingItemsOf(of(some), { ...PLAIN, cba: "code", cbaScale: 2 }, new Streams(1));
    expect(counts(items)).toEqual([80, 80, 0, 80]);
    expect(items.some(({ parts }) => parts.some(({ cycle }) => own[cycle] === 2))).toBe(false);
  });

  test("composes as the authors' code, or of the class alone", () => {
    const many = (cba: "code" | "same-class") =>
      trainingItemsOf(of(examples), { ...PLAIN, cba, cbaScale: 25 }, new Streams(2))
        .filter(({ parts }) => parts.length === 2)
        .map(({ label, parts }) => ({ label, parts: parts.map(({ cycle }) => labels[cycle]).join("+") }));
    const shares = (label: number) => {
      const own = many("code").filter((item) => item.label === label);
      return (parts: string) => own.filter((item) => item.parts === parts).length / own.length;
    };
    // 990 draws: three standard deviations of a share of one half are 0.048.
    expect(shares(1)("1+1")).toBeCloseTo(0.6, 1);
    expect(shares(1)("1+0")).toBeCloseTo(0.2, 1);
    expect(shares(3)("3+3")).toBeCloseTo(0.5, 1);
    expect(shares(3)("1+2")).toBeCloseTo(0.2, 1);
    expect(shares(3)("2+1")).toBeCloseTo(0.1, 1);
    for (const { label, parts } of many("same-class")) expect(parts).toBe(`${label}+${label}`);
  });
});

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: all annotations of ICBHI", () => {
  test("fold 4 at 8 s: 5,454 training cycles are 5,471 windows; 1,444 test cycles (papers.md 5.6, section 5 of the log)", () => {
    const { icbhi, fileOf } = icbhiMaps(process.env.AUSCULT_DATA!);
    const split = icbhiSplit(icbhi, "fold4", "published", { fileOf });
    expect([split.train.length, split.tests.test.count]).toEqual([5454, 1444]);
    const at = (seconds: number) => Math.trunc(4000 * seconds + 1e-6);
    const samples = split.train.map(({ startSeconds, endSeconds }) => at(endSeconds!) - at(startSeconds!));
    expect(windowsOf({ examples: split.train, samples }, { seconds: 8 })).toHaveLength(5471);
    const test = split.tests.test.items().map((item) => ({ ...item, label: 0 }));
    const tested = test.map(({ startSeconds, endSeconds }) => at(endSeconds!) - at(startSeconds!));
    expect(windowsOf({ examples: test, samples: tested }, { seconds: 8 })).toHaveLength(1444);
    // New cycles: each abnormal class up to the 2,867 normal windows, or how many there are.
    const normal = windowsOf({ examples: split.train, samples }, { seconds: 8 }).filter(({ label }) => label === 0);
    const recipe = { seconds: 8, padding: "zero", cba: "code", cbaScale: 1 } as const;
    const items = trainingItemsOf({ examples: split.train, samples, classes: 4 }, recipe, new Streams(0));
    expect(items).toHaveLength(4 * normal.length);
  });
});
