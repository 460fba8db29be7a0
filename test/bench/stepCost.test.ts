import { describe, expect, it } from "vitest";
import { stepOperations } from "../../src/bench/stepCost.js";
import { leanCnn } from "../../src/nn/backbones/leanCnn.js";
import { baselineNetwork } from "../../src/papers/glancegaze/baselines.js";

describe("stepOperations", () => {
  it("counts the lean CNN by hand", () => {
    // 64x187: 62x185 positions of 3x3x1x2, 29x90 of 3x3x2x64, then 40320x256, 256x32, 32x2.
    const first = 62 * 185 * 18;
    const others = 29 * 90 * 1152 + 40320 * 256 + 256 * 32 + 32 * 2;
    const model = leanCnn({ rows: 64, frames: 187, channels: 1 }, 2);
    expect(stepOperations(model, 32)).toBe(2 * 32 * (2 * first + 3 * others));
    model.dispose();
  });

  it("counts recurrent layers and attention at each place, in both directions", () => {
    // 10 frames of 6 bands: two layers of 3 gates of 128 units, then 256x256 and 256 of the attention; 256x4 once.
    const layers = 2 * 3 * 128 * (6 + 128) + 2 * 3 * 128 * (256 + 128);
    const attention = 256 * 256 + 256;
    const model = baselineNetwork({ kind: "BiGRU+ATT", inputShape: [6, 10, 1], outputs: 4 });
    expect(stepOperations(model, 2)).toBe(3 * 2 * 2 * (10 * (layers + attention) + 256 * 4));
    model.dispose();
  });
});
