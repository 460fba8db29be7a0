import { describe, expect, test } from "vitest";
import { AdaptiveAvgPool2d } from "../../../src/nn/layers/adaptivePool2d.js";
import { AvgPool2d } from "../../../src/nn/layers/avgPool2d.js";
import { BatchNorm1d } from "../../../src/nn/layers/batchNorm1d.js";
import { BatchNorm2d } from "../../../src/nn/layers/batchNorm2d.js";
import { Conv1d } from "../../../src/nn/layers/conv1d.js";
import { Conv2d } from "../../../src/nn/layers/conv2d.js";
import { GroupFrames } from "../../../src/nn/layers/groupFrames.js";
import { L2Normalise } from "../../../src/nn/layers/l2Normalise.js";
import { LayerNorm } from "../../../src/nn/layers/layerNorm.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { MaxPool2d } from "../../../src/nn/layers/maxPool2d.js";
import { MixAxis } from "../../../src/nn/layers/mixAxis.js";
import { NearestCentre } from "../../../src/nn/layers/nearestCentre.js";
import { UnfoldBatch } from "../../../src/nn/layers/unfoldBatch.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const name = "stage.1";
const conv = (options: object = {}) => new Conv2d({ filters: 4, kernelSize: 3, name, ...options });

describe("an input that does not fit is refused with the layer's name", () => {
  test.each<[string, () => TensorFlow.layers.Layer, number[], string]>([
    ["rank", () => conv(), [2, 9, 9], "input must be [batch, height, width, channels], got [2,9,9]"],
    ["rank", () => new Conv1d({ filters: 4, kernelSize: 3, name }), [2, 9], "input must be [batch, time, channels]"],
    ["rank", () => new BatchNorm2d({ name }), [2, 9], "input must be [batch, height, width, channels], got [2,9]"],
    ["rank", () => new BatchNorm1d({ name }), [2, 3, 4, 5], "input must be [batch, features], got [2,3,4,5]"],
    ["rank", () => new MaxPool2d({ size: 2, name }), [2, 9, 9], "input must be [batch, height, width, channels]"],
    [
      "rank",
      () => new AdaptiveAvgPool2d({ output: 2, name }),
      [2, 9],
      "input must be [batch, height, width, channels]",
    ],
    ["rank", () => new Linear({ units: 2, name }), [9], "input must be [batch, ..., features], got [9]"],
    ["rank", () => new LayerNorm({ name }), [9], "input must be [batch, ..., features], got [9]"],
    ["rank", () => new L2Normalise({ name }), [9], "input must be [batch, ..., features], got [9]"],
    ["rank", () => new MixAxis({ name }), [2, 9], "input must be [batch, rows, features], got [2,9]"],
    [
      "rank",
      () => new NearestCentre({ clusters: 2, name }),
      [2, 9],
      "input must be [batch, rows, features], got [2,9]",
    ],
    [
      "shorter than a group",
      () => new GroupFrames({ framesPerGroup: 5, name }),
      [2, 9, 4, 3],
      "groups of 5 frames do not fit into input [2,9,4,3] with 4 frames",
    ],
    [
      "rows of no whole item",
      () => new UnfoldBatch({ groups: 4, name }),
      [6, 9],
      "input [6,9] has 6 rows, not a multiple of 4 groups",
    ],
    ["too small", () => conv(), [2, 2, 9, 3], "an axis of 2 cells is shorter than the layer's window of 3"],
    [
      "too small for dilation",
      () => conv({ dilation: 3, padding: 1 }),
      [2, 4, 9, 3],
      "an axis of 4 cells with 1 added on both sides is shorter than the layer's window of 7",
    ],
    [
      "too small",
      () => new AvgPool2d({ size: 4, name }),
      [2, 9, 3, 1],
      "an axis of 3 cells is shorter than the layer's",
    ],
    [
      "wrapped around",
      () => conv({ padding: 4, paddingMode: "circular" }),
      [2, 3, 9, 3],
      "circular padding of 4 is wider than the axis of 3 cells",
    ],
    ["groups", () => conv({ groups: 2 }), [2, 9, 9, 3], "3 channels and 4 filters cannot be divided into 2 groups"],
    ["groups", () => conv({ groups: 3 }), [2, 9, 9, 3], "3 channels and 4 filters cannot be divided into 3 groups"],
  ])("%s", (_, make, shape, message) => {
    expect(() => make().apply(tf.input({ batchShape: shape }))).toThrow(`${name}: ${message}`);
  });

  test.each<[string, () => TensorFlow.layers.Layer, number[], number[], string]>([
    ["Conv2d", () => conv(), [2, 9, 9, 3], [2, 9, 9, 1], "input [2,9,9,1] has 1 channels, the layer was built for 3"],
    ["Conv2d", () => conv(), [2, 9, 9, 3], [2, 9, 2, 3], "an axis of 2 cells is shorter than the layer's window of 3"],
    [
      "depthwise",
      () => new Conv2d({ filters: 6, kernelSize: 3, groups: 3, name }),
      [2, 9, 9, 3],
      [2, 9, 9, 6],
      "input [2,9,9,6] has 6 channels, the layer was built for 3",
    ],
    ["BatchNorm2d", () => new BatchNorm2d({ name }), [2, 9, 9, 3], [2, 9, 9, 1], "input [2,9,9,1] has 1 channels, the"],
    ["BatchNorm1d", () => new BatchNorm1d({ name }), [2, 9], [2, 8], "input [2,8] has 8 features, the layer was built"],
    ["Linear", () => new Linear({ units: 2, name }), [2, 9], [2, 8], "input [2,8] has 8 features, the layer was built"],
    [
      "LayerNorm",
      () => new LayerNorm({ name }),
      [2, 9],
      [2, 8],
      "input [2,8] has 8 features, the layer was built for 9",
    ],
    ["MaxPool2d", () => new MaxPool2d({ size: 2, name }), [2, 9, 9, 3], [2, 9, 1, 3], "an axis of 1 cells is shorter"],
  ])("%s, once it is built", (_, make, built, shape, message) => {
    const layer = make();
    layer.apply(tf.input({ batchShape: built }));
    expect(() => tf.tidy(() => layer.apply(tf.ones(shape)) as TensorFlow.Tensor)).toThrow(`${name}: ${message}`);
  });

  test("batch normalisation of one value a channel, in training only", () => {
    const layer = new BatchNorm1d({ name });
    tf.tidy(() => {
      layer.apply(tf.ones([1, 3]));
      expect(() => layer.apply(tf.ones([1, 3]), { training: true })).toThrow(
        `${name}: training needs more than one value a channel`,
      );
    });
  });

  test("batch normalisation of positions that do not fill the batch or have one value a channel, in training only", () => {
    const layer = new BatchNorm1d({ positions: 3, name });
    const train = (rows: number) => () => layer.apply(tf.ones([rows, 3]), { training: true });
    tf.tidy(() => {
      layer.apply(tf.ones([4, 3]));
      expect(train(4)).toThrow(`${name}: a batch of 4 is not a multiple of 3 positions`);
      expect(train(3)).toThrow(`${name}: training needs more than one value a channel in each of 3 positions`);
    });
  });
});

describe("options that cannot be meant are refused with the layer's name", () => {
  test.each<[() => unknown, string]>([
    [() => conv({ filters: 0 }), "filters must be whole numbers of at least 1, got 0"],
    [() => conv({ kernelSize: [3, 1.5] }), "kernelSize must be whole numbers of at least 1, got 3, 1.5"],
    [() => conv({ stride: 0 }), "stride must be"],
    [() => conv({ padding: -1 }), "padding must be whole numbers of at least 0, got -1"],
    [() => conv({ dilation: 0 }), "dilation must be"],
    [() => conv({ groups: Number.NaN }), "groups must be whole numbers of at least 1, got NaN"],
    [() => conv({ paddingMode: "reflect" }), 'paddingMode must be "zeros" or "circular", got "reflect"'],
    [() => conv({ init: "he" }), 'no initialisation is named "he"'],
    [() => new Linear({ units: -1, name }), "units must be"],
    [() => new Linear({ units: 1, init: "he" as never, name }), 'no initialisation is named "he"'],
    [() => new MaxPool2d({ size: 2, padding: 2, name }), "padding must be at most half the size, got 2 and 2"],
    [() => new AvgPool2d({ size: 0, name }), "size must be"],
    [() => new AdaptiveAvgPool2d({ output: 0, name }), "output must be"],
    [
      () => new BatchNorm2d({ convention: "caffe" as never, name }),
      'convention must be "torch" or "keras", got "caffe"',
    ],
    [() => new BatchNorm2d({ epsilon: 0, name }), "epsilon must be positive, got 0"],
    [() => new BatchNorm2d({ momentum: 1.1, name }), "momentum must be from 0 to 1, got 1.1"],
    [() => new BatchNorm2d({ positions: 0, name }), "positions must be whole numbers of at least 1, got 0"],
    [() => new GroupFrames({ framesPerGroup: 0, name }), "framesPerGroup must be"],
    [() => new GroupFrames({ framesPerGroup: 2, stride: 0.5, name }), "stride must be"],
    [() => new UnfoldBatch({ groups: 0, name }), "groups must be"],
    [() => new NearestCentre({ clusters: 0, name }), "clusters must be"],
    [() => new MixAxis({ init: "he" as never, name }), 'no initialisation is named "he"'],
    [() => new LayerNorm({ epsilon: Number.NaN, name }), "epsilon must be positive, got NaN"],
  ])("%s", (make, message) => {
    expect(make).toThrow(`${name}: ${message}`);
  });
});
