import { describe, expect, test } from "vitest";
import { initialWeights, type Receiver } from "../../../src/nn/weights/initialWeights.js";
import type { WeightsFile } from "../../../src/nn/weights/readWeightsFile.js";
import type { NamedTensor } from "../../../src/nn/weights/safetensors.js";
import { torchvisionResnet } from "../../../src/nn/weights/torchLayout.js";

const ones = (...shape: number[]): NamedTensor => ({
  dtype: "F32",
  shape,
  values: new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(1),
});

const receiver: Receiver = {
  name: "a small network",
  shapes: new Map([
    ["conv1/kernel", [3, 3, 1, 8]],
    ["bn1/runningMean", [8]],
    ["fc/weight", [8, 2]],
    ["fc/bias", [2]],
  ]),
  head: "fc",
  names: torchvisionResnet,
};

const state = (): Record<string, NamedTensor> => ({
  "conv1.weight": ones(8, 1, 3, 3),
  "bn1.running_mean": ones(8),
  "fc.weight": ones(2, 8),
  "fc.bias": ones(2),
});

const file = (tensors: Record<string, NamedTensor>, found = ""): WeightsFile => ({
  ...{ name: "weights.pth", sha256: "0", format: "torch", leftOut: 0, found },
  tensors: new Map(Object.entries(tensors)),
});

/** Without the named ones. */
function without(...names: string[]): Record<string, NamedTensor> {
  return Object.fromEntries(Object.entries(state()).filter(([name]) => !names.includes(name)));
}

describe("weights to start from", () => {
  test("all of them, in our layout", () => {
    const { weights, headAnew, says } = initialWeights(file(state()), receiver);
    expect([...weights].map(([name, { shape }]) => [name, shape])).toEqual([...receiver.shapes]);
    expect(headAnew).toBe(false);
    expect(says).toBe("4 of the 4 weights of a small network");
  });

  test("by our own names too, as a run of ours saves them", () => {
    const own = Object.fromEntries([...receiver.shapes].map(([name, shape]) => [name, ones(...shape)]));
    expect(initialWeights(file(own), receiver).weights).toEqual(new Map(Object.entries(own)));
  });

  test.each([
    ["of other classes", { ...state(), "fc.weight": ones(1000, 8), "fc.bias": ones(1000) }],
    ["without a bias", without("fc.bias")],
    ["that is not there", without("fc.weight", "fc.bias")],
    ["of two layers", { ...without("fc.weight", "fc.bias"), "fc.0.weight": ones(4, 8), "fc.2.weight": ones(2, 4) }],
  ])("a classifier %s starts anew", (_, tensors) => {
    const { weights, headAnew, says } = initialWeights(file(tensors), receiver);
    expect([...weights.keys()]).toEqual(["conv1/kernel", "bn1/runningMean"]);
    expect(headAnew).toBe(true);
    expect(says).toBe("2 of the 4 weights of a small network; its classifier fc starts anew");
  });

  test("other differences are refused as a table", () => {
    const tensors = { ...without("bn1.running_mean"), "conv1.weight": ones(8, 3, 3, 3), "bn9.weight": ones(8) };
    expect(() => initialWeights(file(tensors, 'under "model"'), receiver)).toThrow(
      expect.objectContaining({
        name: "UserError",
        exitCode: 2,
        message: [
          'weights.pth (under "model") does not fit a small network:',
          "               weight            in the file   the model wants",
          "  other shape  conv1.weight      [8, 3, 3, 3]  [8, 1, 3, 3]",
          "  missing      bn1.running_mean  -             [8]",
          "  left over    bn9.weight        [8]           -",
        ].join("\n"),
      }),
    );
  });

  test("what a receiver ignores may be left over; nothing else, and nothing that is missing", () => {
    const ignoring = { ...receiver, ignored: /^(bn0|conv1)\./ };
    const tensors = { ...state(), "bn0.weight": ones(64) };
    const expected = { ...initialWeights(file(state()), receiver), passedOver: ["bn0.weight"] };
    expect(initialWeights(file(tensors), ignoring)).toEqual(expected);
    expect(() => initialWeights(file(tensors), receiver)).toThrow("left over  bn0.weight");
    expect(() => initialWeights(file({ ...tensors, "bn01.weight": ones(64) }), ignoring)).toThrow("bn01.weight");
    expect(() => initialWeights(file(without("conv1.weight")), ignoring)).toThrow("missing  conv1.weight");
  });

  test("three channels where one is wanted: refused, and said", () => {
    const tensors = { ...state(), "conv1.weight": ones(8, 3, 3, 3) };
    expect(() => initialWeights(file(tensors), receiver)).toThrow(
      /conv1\.weight {2}\[8, 3, 3, 3\] {2}\[8, 1, 3, 3\]\nThe file's network takes 3 channels, this one 1/,
    );
  });

  test("many differences are cut, and odd names cannot write to the terminal", () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x${i}\u001b[2J`, ones(1)]));
    expect(() => initialWeights(file({ ...state(), ...many }), receiver)).toThrow(/x0\?\[2J[\s\S]*and 76 more$/);
  });

  test("values that are not finite are refused, but in a classifier that is not taken", () => {
    const broken = { ...state(), "bn1.running_mean": { ...ones(8), values: new Float32Array(8).fill(Number.NaN) } };
    expect(() => initialWeights(file(broken), receiver)).toThrow(
      "weights.pth: weight bn1/runningMean holds values that are not finite",
    );
    const head = { ...without("fc.bias"), "fc.weight": { ...ones(2, 8), values: new Float32Array(16).fill(Infinity) } };
    expect(initialWeights(file(head), receiver).headAnew).toBe(true);
  });
});
