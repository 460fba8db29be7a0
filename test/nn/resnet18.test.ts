import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/crossEntropy.js";
import { resnet18 } from "../../src/nn/backbones/resnet18.js";
import { readWeights, writeWeights } from "../../src/nn/weights/modelWeights.js";
import type { NamedTensor } from "../../src/nn/weights/safetensors.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { fromTorch, noise, torchName, torchShape } from "./torchNames.js";

/*
 * Constants of torch 2.15.0 and torchvision 0.29.2, one thread:
 *
 * import math, numpy as np, torch, torchvision
 * def noise(n, seed):  # in [-1, 1): murmur3's finaliser of seed + index
 *     h = np.arange(n, dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 & 0xFFFFFFFF)
 *     h ^= h >> 16; h *= np.uint32(0x85EBCA6B); h ^= h >> 13; h *= np.uint32(0xC2B2AE35); h ^= h >> 16
 *     return torch.from_numpy(h.astype(np.float64) / 2**31 - 1)
 * def make():
 *     net = torchvision.models.resnet18(num_classes=3)
 *     net.conv1 = torch.nn.Conv2d(1, 64, 7, 2, 3, bias=False)
 *     state = {k: v for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}
 *     for seed, (name, p) in enumerate(sorted(state.items())):
 *         v = noise(p.numel(), seed)
 *         if p.dim() == 4: v = v * math.sqrt(6 / (p.shape[0] * p.shape[2] * p.shape[3]))
 *         elif p.dim() == 2: v = v * 0.1
 *         elif name.endswith("running_var"): v = 1 + 0.5 * v
 *         elif name.endswith("weight"): v = 1 + 0.2 * v
 *         else: v = 0.1 * v
 *         p.copy_(v.reshape(p.shape).float())
 *     return net
 * x = noise(4 * 64 * 96, 1000).reshape(4, 1, 64, 96).float(); y = torch.tensor([0, 1, 2, 1])
 * print(make().eval()(x).tolist())
 * net = make().train(); logits = net(x); loss = torch.nn.functional.cross_entropy(logits, y); loss.backward()
 * print(logits.tolist(), loss.item())
 * print({n: p.grad.double().norm().item() for n, p in net.named_parameters()})
 * print({n: v[:3].tolist() for n, v in net.state_dict().items() if "running" in n})
 */
const torch = {
  evaluation: [
    -6.763157367706299, 2.350531578063965, -0.4726872742176056, -6.44160795211792, 1.9785560369491577,
    -0.4374266266822815, -6.375981330871582, 2.1961216926574707, -0.47049784660339355, -6.427512168884277,
    1.9712377786636353, -0.36621972918510437,
  ],
  training: [
    -1.6657594442367554, 2.0641965866088867, -0.5857647061347961, -2.2555954456329346, 0.35425812005996704,
    0.5956109166145325, -2.177582025527954, -0.2617526054382324, 0.5717678666114807, -2.0876221656799316,
    -0.5702860951423645, 0.5574632287025452,
  ],
  loss: 1.6345618963241577,
  gradientNorms: {
    "conv1/kernel": 77.26039783363665,
    "bn1/scale": 1.4577071798195456,
    "layer1.0.conv1/kernel": 19.136083887789084,
    "layer2.0.downsample.0/kernel": 4.80341282141425,
    "layer3.1.bn2/offset": 0.1814759838220639,
    "layer4.1.conv2/kernel": 9.361051697409756,
    "fc/weight": 7.5794480772433355,
    "fc/bias": 0.3287976698047092,
  },
  running: {
    "bn1/runningMean": [0.013484722934663296, 0.015703856945037842, 0.03660428524017334],
    "bn1/runningVariance": [0.6649816036224365, 0.5168929696083069, 0.5994737148284912],
    "layer4.1.bn2/runningMean": [-0.060416512191295624, 0.035933077335357666, 0.11810889840126038],
    "layer4.1.bn2/runningVariance": [1.3338197469711304, 1.0903596878051758, 0.9883367419242859],
  },
};

// Float32 against float64 of the same network in PyTorch: logits differ by up to 8e-6, gradient norms by 4e-7 of their size.
// Ten times that, for another order of sums.
const LOGITS = 1e-4;
const NORMS = 5e-6;

function torchWeights(model: TensorFlow.LayersModel): Map<string, NamedTensor> {
  const named = [...readWeights(model)].map(([name, { shape }]) => ({ name, shape, torch: torchName(name) }));
  named.sort((a, b) => (a.torch < b.torch ? -1 : 1));
  return new Map(
    named.map(({ name, shape, torch }, seed) => {
      const outside = torchShape(shape);
      const raw = noise(shape.reduce((product, side) => product * side, 1), seed); // biome-ignore format: one line
      const scaled = Float32Array.from(raw, (v) => {
        if (outside.length === 4) return v * Math.sqrt(6 / (outside[0]! * outside[2]! * outside[3]!));
        if (outside.length === 2) return v * 0.1;
        if (torch.endsWith("running_var")) return 1 + 0.5 * v;
        return torch.endsWith("weight") ? 1 + 0.2 * v : 0.1 * v;
      });
      return [name, fromTorch(scaled, shape)];
    }),
  );
}

describe("resnet18 against torchvision, same weights", () => {
  let model: TensorFlow.LayersModel;
  let x: TensorFlow.Tensor4D;
  let y: TensorFlow.Tensor2D;

  beforeAll(() => {
    model = resnet18({ rows: 64, frames: 96, channels: 1 }, 3);
    writeWeights(model, torchWeights(model));
    // One channel: PyTorch's [4, 1, 64, 96] and our [4, 64, 96, 1] are the same values in the same order.
    x = tf.tensor4d(Float32Array.from(noise(4 * 64 * 96, 1000)), [4, 64, 96, 1]);
    y = tf.tensor2d([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0], [4, 3]);
  });
  afterAll(() => {
    model.dispose();
    tf.dispose([x, y]);
  });

  const largestError = (values: ArrayLike<number>, wanted: number[]) =>
    Math.max(...wanted.map((value, i) => Math.abs(value - values[i]!)));

  test("has the parameters of the paper: encoder 11,170,240, linear 512 n + n", () => {
    const trainable = model.trainableWeights.reduce(
      (sum, weight) => sum + (weight.read() as TensorFlow.Tensor).size,
      0,
    );
    expect(trainable).toBe(11_170_240 + 512 * 3 + 3);
  });

  test("evaluation mode: logits", () => {
    const logits = tf.tidy(() => (model.apply(x) as TensorFlow.Tensor).dataSync());
    expect(largestError(logits, torch.evaluation)).toBeLessThan(LOGITS);
  });

  test("evaluation mode: an item's logits do not depend on its batch", () => {
    const [alone, within] = tf.tidy(() => [
      (model.apply(tf.slice4d(x, [2, 0, 0, 0], [1, -1, -1, -1])) as TensorFlow.Tensor).dataSync(),
      (model.apply(x) as TensorFlow.Tensor).dataSync().slice(6, 9),
    ]);
    expect(largestError(alone!, [...within!])).toBeLessThan(1e-5 * 7);
  });

  test("training mode: logits, loss, gradients, running statistics; nothing leaks", () => {
    const before = tf.memory().numTensors;
    const variables = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
    let logits: Float32Array = new Float32Array();
    const { value, grads } = tf.variableGrads(() => {
      const out = model.apply(x, { training: true }) as TensorFlow.Tensor2D;
      logits = out.dataSync() as Float32Array;
      return crossEntropy(out, y);
    }, variables);
    expect(largestError(logits, torch.training)).toBeLessThan(LOGITS);
    expect(Math.abs(value.dataSync()[0]! - torch.loss)).toBeLessThan(LOGITS);

    const names = new Map([...readWeights(model).keys()].map((name, i) => [i, name]));
    const all = model.layers.flatMap((layer) => layer.weights);
    for (const [i, name] of names) {
      const wanted = torch.gradientNorms[name as keyof typeof torch.gradientNorms];
      if (wanted === undefined) continue;
      const gradient = grads[(all[i]!.read() as TensorFlow.Variable).name]!;
      let squares = 0;
      for (const value of gradient.dataSync()) squares += value * value;
      const norm = Math.sqrt(squares);
      expect(Math.abs(norm / wanted - 1), name).toBeLessThan(NORMS);
    }
    const weights = readWeights(model);
    for (const [name, wanted] of Object.entries(torch.running)) {
      expect(largestError(weights.get(name)!.values, wanted), name).toBeLessThan(1e-6);
    }
    tf.dispose([value, grads]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
