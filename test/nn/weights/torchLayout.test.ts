import { describe, expect, test } from "vitest";
import {
  fromTorchLayout,
  torchName,
  torchShape,
  torchvisionResnet,
  toTorch,
} from "../../../src/nn/weights/torchLayout.js";

describe("PyTorch's names and layout", () => {
  test.each([
    ["conv1/kernel", "conv1.weight"],
    ["layer2.0.downsample.1/runningVariance", "layer2.0.downsample.1.running_var"],
    ["layer2.0.downsample.1/runningMean", "layer2.0.downsample.1.running_mean"],
    ["bn1/scale", "bn1.weight"],
    ["bn1/offset", "bn1.bias"],
    ["fc/weight", "fc.weight"],
    ["fc/bias", "fc.bias"],
  ])("%s is %s", (ours, theirs) => {
    expect(torchName(ours, torchvisionResnet)).toBe(theirs);
  });

  test("a table renames layers, the first pattern that fits", () => {
    const names = {
      library: "another",
      layers: [
        [/^layer(\d)\.(\d)$/, "block$1_$2"],
        [/^layer/, "never"],
      ] as const,
    };
    expect(torchName("layer3.1/kernel", names)).toBe("block3_1.weight");
    expect(torchName("stem/kernel", names)).toBe("stem.weight");
    expect(() => torchName("norm/gamma", names)).toThrow("weight norm/gamma has no place in another");
  });

  test.each([[[5]], [[2, 3]], [[4, 2, 3]], [[2, 3, 4, 5]]])("%j: every value at its place, there and back", (shape) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const ours = { dtype: "F32" as const, shape, values: Float32Array.from({ length: size }, (_, i) => i) };
    const [theirs] = toTorch(new Map([["conv/kernel", ours]]), torchvisionResnet).values();
    expect(theirs!.shape).toEqual(torchShape(shape));
    // [taps..., in, out] against [out, in, taps...], index by index.
    const [out, into, ...taps] = theirs!.shape as [number, number, ...number[]];
    const tapCount = taps.reduce((product, side) => product * side, 1);
    if (shape.length === 1) expect(theirs!.values).toEqual(ours.values);
    else
      for (let o = 0; o < out; o++)
        for (let i = 0; i < into; i++)
          for (let t = 0; t < tapCount; t++)
            expect(theirs!.values[(o * into + i) * tapCount + t]).toBe((t * into + i) * out + o);
    expect(fromTorchLayout(theirs!, shape)).toEqual(ours);
  });
});
