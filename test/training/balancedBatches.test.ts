import { describe, expect, test } from "vitest";
import { Streams } from "../../src/random/streams.js";
import { BalancedBatches } from "../../src/training/balancedBatches.js";
import { drawBalanced } from "../../src/training/balancedSampler.js";

const classes = ["Normal", "Crackle"];
const labels = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0];
const made = (options = {}, seed = 1) =>
  new BalancedBatches({ labels, classes, batchSize: 4, ...options }, new Streams(seed));

describe("balanced batches", () => {
  test("cut an epoch's draws into batches, as many draws as items", () => {
    const batches = made();
    expect(batches.stepsPerEpoch).toBe(3);
    for (const epoch of [1, 2]) {
      const draws = drawBalanced(labels, 10, new Streams(1).stream("balanced", epoch));
      expect([0, 1, 2].map((step) => batches.indices(epoch, step))).toEqual([
        [...draws.slice(0, 4)],
        [...draws.slice(4, 8)],
        [...draws.slice(8)],
      ]);
    }
  });

  test("with a number of steps, all batches are full; any can be made alone", () => {
    const batches = made({ stepsPerEpoch: 500 });
    const items = Array.from({ length: 500 }, (_, step) => batches.indices(7, step));
    expect(items.every(({ length }) => length === 4)).toBe(true);
    expect(made({ stepsPerEpoch: 500 }).indices(7, 311)).toEqual(items[311]);
    const crackles = items.flat().filter((item) => item === 7).length;
    expect(Math.abs(crackles - 1000)).toBeLessThan(90); // four standard deviations of half of 2000
    expect(made({ stepsPerEpoch: 500 }, 2).indices(7, 311)).not.toEqual(items[311]);
  });

  test("refused", () => {
    const refusal = (message: string) => expect.objectContaining({ name: "UserError", message });
    expect(() => made({ labels: [0, 0] })).toThrow(
      refusal("balanced draws: no item of class Crackle; each of Normal, Crackle needs one"),
    );
    expect(() => made({ batchSize: 0 })).toThrow(refusal("batch size 0: must be a positive integer"));
    expect(() => made({ stepsPerEpoch: 1.5 })).toThrow(refusal("steps per epoch 1.5: must be a positive integer"));
    expect(() => made().indices(1, 3)).toThrow("step 3: an epoch has the steps 0 to 2");
  });
});
