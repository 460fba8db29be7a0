import { expect, test } from "vitest";
import { nearest } from "../../src/suite/nearest.js";

const known = ["kitten", "mitten", "sitting", "ResNet 18", "CNN"];

// Levenshtein distances to "sitten": kitten 1, mitten 1, sitting 2 (the textbook pair kitten - sitting is 3 apart).
test.each([
  ["sitten", ' (did you mean "kitten" or "mitten" or "sitting"?)'],
  ["resnet18", ' (did you mean "ResNet 18"?)'],
  ["cnn", ' (did you mean "CNN"?)'],
  ["something else altogether", ""],
])("%s", (wrong, words) => {
  expect(nearest(wrong, known)).toBe(words);
});

test("nothing is near where nothing is known", () => {
  expect(nearest("x", [])).toBe("");
});
