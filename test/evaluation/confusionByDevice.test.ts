import { expect, test } from "vitest";
import { confusionByDevice } from "../../src/evaluation/confusionByDevice.js";

test("decisions are counted by device, ordered by name, and not at all where a device is not known", () => {
  const labels = ["a", "b"];
  const of = (devices: (string | undefined)[]) => confusionByDevice(labels, devices, [0, 1, 1], [0, 0, 1]);
  expect(of(["Meditron", "AKGC417L", "Meditron"])).toEqual([
    { device: "AKGC417L", matrix: { labels, counts: [[0, 0], [1, 0]] } },
    { device: "Meditron", matrix: { labels, counts: [[1, 0], [0, 1]] } },
  ]); // biome-ignore format: matrices in rows
  expect(of(["Meditron", undefined, "Meditron"])).toBeUndefined();
  expect(confusionByDevice(labels, [], [], [])).toBeUndefined();
});
