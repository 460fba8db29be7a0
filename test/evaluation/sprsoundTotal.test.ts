import { expect, test } from "vitest";
import { sprSoundTotal } from "../../src/evaluation/sprsoundTotal.js";

// Printed in the abstract, to three places: the tasks' Scores, the bonus of the fastest and the Total.
test("the abstract's Total follows from its Scores and the bonus of the fastest", () => {
  const printed = { "11": 0.769, "12": 0.632, "21": 0.662, "22": 0.512 };
  expect(sprSoundTotal(printed, 1)).toBeCloseTo(0.729, 3);
  expect(sprSoundTotal({ ...printed, "11": 0.762 }, 1)).toBeCloseTo(0.728, 3);
  expect(sprSoundTotal(printed)).toBeCloseTo(0.6294, 4);
});

test("a bonus that was not normalised is refused", () => {
  expect(() => sprSoundTotal({ "11": 1, "12": 1, "21": 1, "22": 1 }, 2.3)).toThrow(
    "bonus must be from 0 to 1, got 2.3",
  );
});

test("without one of the four tasks there is none", () => {
  expect(sprSoundTotal({ "11": 1, "12": 1, "21": 1 })).toBeUndefined();
  expect(sprSoundTotal({ "11": 1, "12": 1, "21": 1, "22": Number.NaN })).toBeUndefined();
});
