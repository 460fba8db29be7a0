import { describe, expect, it } from "vitest";
import { stepOperations } from "../../src/bench/stepCost.js";
import { leanCnn } from "../../src/nn/backbones/leanCnn.js";

describe("stepOperations", () => {
  it("counts the lean CNN by hand", () => {
    // 64x187: 62x185 positions of 3x3x1x2, 29x90 of 3x3x2x64, then 40320x256, 256x32, 32x2.
    const first = 62 * 185 * 18;
    const others = 29 * 90 * 1152 + 40320 * 256 + 256 * 32 + 32 * 2;
    const model = leanCnn({ rows: 64, frames: 187, channels: 1 }, 2);
    expect(stepOperations(model, 32)).toBe(2 * 32 * (2 * first + 3 * others));
    model.dispose();
  });
});
