import { expect, it } from "vitest";
import { confusionByPatient } from "../../src/evaluation/confusionByPatient.js";

const labels = ["Normal", "Adventitious"];

it("groups by patient whatever the order of the items", () => {
  const forward = confusionByPatient(labels, ["b", "a", "b"], [0, 1, 1], [0, 0, 1]);
  const backward = confusionByPatient(labels, ["b", "a", "b"].reverse(), [1, 1, 0], [1, 0, 0]);
  expect(forward).toEqual(backward);
  expect(forward.map(({ patient }) => patient)).toEqual(["a", "b"]);
});

it("refuses lists of different lengths", () => {
  expect(() => confusionByPatient(labels, ["a"], [0, 1], [0, 1])).toThrow("equally many");
});
