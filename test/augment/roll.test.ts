import { describe, expect, test } from "vitest";
import { roll, rollFrames } from "../../src/augment/roll.js";

describe("roll", () => {
  test("is numpy.roll by a share of the length", () => {
    // np.roll([1, 2, 3, 4, 5], 2)
    const five = { samples: Float32Array.of(1, 2, 3, 4, 5), sampleRateHz: 4 };
    expect(roll().apply(five, { shift: 0.4 }).samples).toEqual(Float32Array.of(4, 5, 1, 2, 3));
    expect(roll().apply(five, { shift: 0 }).samples).toEqual(five.samples);
    expect(roll().apply({ samples: new Float32Array(0), sampleRateHz: 4 }, { shift: 0.5 }).samples).toHaveLength(0);
    expect(roll().describe({ shift: 0.4 })).toBe("rolled by 40 %");
  });

  test("of a map's frames takes the channels along", () => {
    const map = { data: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60), rows: 2, frames: 3, channels: 2 };
    expect(rollFrames().apply(map, { shift: 0.34 }).data).toEqual(
      Float32Array.of(3, 30, 1, 10, 2, 20, 6, 60, 4, 40, 5, 50),
    );
  });
});
