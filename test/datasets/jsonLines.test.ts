import { describe, expect, it } from "vitest";
import { jsonErrorLine, jsonLineOf } from "../../src/datasets/jsonLines.js";
import { mutations } from "./mutations.js";

const TEXT = `{
  "a": [
    {"start": "1",
     "end": 2},
    {}, [], "x\\n\\u00e9\\"", -1.5e3, true
  ],

  "b": null
}
`;

describe("jsonLineOf", () => {
  it.each([
    [[], 1],
    [["a"], 2],
    [["a", 0], 3],
    [["a", 0, "start"], 3],
    [["a", 0, "end"], 4],
    [["a", 3], 5],
    [["a", 5], 5],
    [["b"], 8],
  ])("finds %j", (path, line) => expect(jsonLineOf(TEXT, path)).toBe(line));

  it("finds nothing where nothing is, and the last of a key told twice", () => {
    expect(jsonLineOf(TEXT, ["a", 6])).toBeUndefined();
    expect(jsonLineOf(TEXT, ["c"])).toBeUndefined();
    expect(jsonLineOf('{"a": 1,\n"a": 2}', ["a"])).toBe(2);
  });
});

describe("jsonErrorLine", () => {
  it.each([
    ['{\n"a": 1,\n}', 3],
    ['{\n"a" 1}', 2],
    ["[1,\n2,\n\n3 4]", 4],
    ['["a\n"]', 1],
    ['{"a": 01}', 1],
    ["[1]\n\nx", 3],
    ["", 1],
    ["\n\n[", 3],
  ])("finds the first error of %j", (text, line) => expect(jsonErrorLine(text)).toBe(line));

  it("needs no stack for deep nesting", () => {
    const depth = 200_000;
    expect(jsonErrorLine("[".repeat(depth) + "]".repeat(depth))).toBeUndefined();
    expect(jsonErrorLine(`${"[".repeat(depth)}\n${"]".repeat(depth - 1)}`)).toBe(2);
  });

  it("agrees with JSON.parse on what is JSON", () => {
    let refused = 0;
    for (const text of mutations(TEXT, 3000, 7)) {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
        refused++;
      }
      expect(jsonErrorLine(text) === undefined, JSON.stringify(text)).toBe(valid);
    }
    // Neither all nor none: the mutations test both sides.
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(2900);
  });
});
