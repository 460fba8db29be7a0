import { expect, test } from "vitest";
import { csvText } from "../../src/suite/csv.js";

test("fields are quoted where RFC 4180 asks for it, and what is no number stays empty", () => {
  const rows = [
    ["a,b", 1, null],
    ['say "a"', 0.25, Number.NaN],
    ["two\nlines", -0, undefined],
  ];
  expect(csvText(["what", "how many", "rest"], rows)).toBe(
    'what,how many,rest\n"a,b",1,\n"say ""a""",0.25,\n"two\nlines",0,\n',
  );
});
