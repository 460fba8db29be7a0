import { describe, expect, it } from "vitest";
import type { Example } from "../../../src/datasets/roles.js";
import { baselineTestPath } from "../../../src/papers/baseline/frontEnd.js";
import { balancedBatches, inputWriter } from "../../../src/papers/baseline/inputs.js";
import { Streams } from "../../../src/random/streams.js";

const SIZE = 90 * 173;

/** All values of map i are 3 i. */
const maps = {
  rowOf: (id: string) => (id.startsWith("p#") ? Number(id.slice(2)) : undefined),
  bytes: (row: number, out = new Uint8Array(SIZE)) => out.fill(3 * row),
};
const writeInput = inputWriter(maps);

function example(row: number, label: number): Example<"train"> {
  return {
    ...{ id: `p#${row}`, recording: "p", file: "maps", role: "train", patient: "p", set: "icbhi" },
    ...{ label, className: "AB"[label]! },
  };
}

describe("the input of a stored map", () => {
  it("runs from -1 for 80 dB below the maximum to 1 for the maximum", () => {
    const out = new Float32Array(SIZE + 2).fill(9);
    for (const row of [0, 40, 85]) {
      writeInput({ id: `p#${row}` }, out, 1);
      expect([out[0], out[SIZE + 1]]).toEqual([9, 9]);
      for (const i of [1, 700, SIZE]) expect(out[i]).toBeCloseTo((2 * 3 * row) / 255 - 1, 6);
    }
    expect(() => writeInput({ id: "q#0" }, out, 0)).toThrow("there is no stored map of cycle q#0");
  });

  it("of a clip has its maximum at 1, and at -1 what stands behind its end", () => {
    const clip = Float32Array.from({ length: 2000 }, (_, n) => 0.1 * Math.sin((2 * Math.PI * 440 * n) / 4000));
    const [map] = baselineTestPath().maps(clip, 4000);
    expect(map!.data.reduce((a, b) => Math.max(a, b))).toBe(1);
    // Half a second of sound, then silence to 4 s: frame 100 of 173 begins 2.3 s in.
    for (let band = 0; band < 90; band++) expect(map!.data[band * 173 + 100]).toBe(-1);
  });
});

describe("balanced batches", () => {
  const examples = [example(0, 0), ...Array.from({ length: 9 }, (_, i) => example(i + 1, 1))];
  const batches = (seed: number) =>
    balancedBatches({
      ...{ examples, writeInput, classes: 2, batchSize: 50, stepsPerEpoch: 4 },
      streams: new Streams(seed),
    });
  const values = (batch: ReturnType<ReturnType<typeof batches>>) => {
    const { inputs, targets } = batch;
    const read = { inputs: inputs.dataSync() as Float32Array, targets: targets.dataSync() as Float32Array };
    inputs.dispose();
    targets.dispose();
    return read;
  };

  it("pair each map with its own label, the rare class as often as the common one", () => {
    const batch = batches(1);
    let rare = 0;
    for (let step = 0; step < 4; step++) {
      const { inputs, targets } = values(batch(1, step));
      for (let i = 0; i < 50; i++) {
        const row = Math.round(((inputs[i * SIZE]! + 1) / 2) * 85);
        const label = row === 0 ? 0 : 1;
        expect([targets[2 * i], targets[2 * i + 1]]).toEqual([1 - label, label]);
        if (label === 0) rare++;
      }
    }
    // Binomial of 200 draws at 1/2: four deviations are 28.
    expect(Math.abs(rare - 100)).toBeLessThan(28);
  });

  it("are a function of seed, epoch and step, whatever was asked for before", () => {
    const drawn = (of: ReturnType<typeof batches>, epoch: number, step: number) => {
      const { inputs, targets } = values(of(epoch, step));
      return Array.from({ length: 50 }, (_, i) => [inputs[i * SIZE], targets[2 * i]]);
    };
    const one = batches(1);
    const first = drawn(one, 2, 3);
    drawn(one, 1, 0);
    expect(drawn(one, 2, 3)).toEqual(first);
    expect(drawn(batches(1), 2, 3)).toEqual(first);
    expect(drawn(one, 2, 2)).not.toEqual(first);
    expect(drawn(batches(2), 2, 3)).not.toEqual(first);
  });
});
