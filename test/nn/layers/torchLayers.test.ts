import { describe, expect, test } from "vitest";
import { tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";
import { layerCases, runLayer } from "./layerCases.js";

/*
 * Constants of torch 2.15.0, in float64: output, gradient of the input, gradients of the weights, running statistics; of each its product
 * with noise and its norm, in PyTorch's order of axes.
 *
 * import json, math, numpy as np, torch
 * from torch.nn import *
 * def noise(n, seed):
 *     h = np.arange(n, dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 & 0xFFFFFFFF)
 *     h ^= h >> 16; h *= np.uint32(0x85EBCA6B); h ^= h >> 13; h *= np.uint32(0xC2B2AE35); h ^= h >> 16
 *     return torch.from_numpy(h.astype(np.float64) / 2**31 - 1)
 * def sign(t):
 *     v = t.detach().reshape(-1); return [float(f"{float(v @ noise(len(v), 77)):.9g}"), float(f"{float(v.norm()):.9g}")]
 * def case(layer, *shape, train=True):
 *     layer = layer.double().train(train)
 *     with torch.no_grad():
 *         for k, p in enumerate(layer.parameters()): p.copy_(noise(p.numel(), 10 + k).float().reshape(p.shape))
 *         for k, b in enumerate(layer.buffers()):
 *             if b.dim(): b.copy_(1 + 0.5 * noise(len(b), 20 + k).float())
 *     x = (8 * noise(math.prod(shape), 1)).float().double().reshape(shape).requires_grad_()
 *     y = layer(x); y.backward(noise(y.numel(), 3).float().double().reshape(y.shape))
 *     return [sign(y), sign(x.grad), *[sign(p.grad) for p in layer.parameters()], *[sign(b) for b in layer.buffers() if b.dim()]]
 * class Normalise(Module): forward = lambda self, x: functional.normalize(x, dim=1, eps=1e-12)
 * maps = (2, 3, 7, 10)
 * class Of(Module):
 *     def __init__(self, function): super().__init__(); self.forward = function
 * def groups(width, stride): return Of(lambda x: x.unfold(3, width, stride).permute(0, 3, 1, 2, 4).flatten(0, 1))
 * class Loop(Module):
 *     def __init__(self, layer): super().__init__(); self.layer = layer
 *     def forward(self, x): return torch.stack([self.layer(part) for part in x.unflatten(0, (-1, 3)).unbind(1)], 1).flatten(0, 1)
 * cases = {
 *  "conv2d": case(Conv2d(3, 4, 3, padding=1), *maps),
 *  "conv2d strided": case(Conv2d(3, 4, 3, 2, 1, bias=False), *maps),
 *  "conv2d oblong": case(Conv2d(3, 4, (3, 5), (2, 1), (0, 2)), *maps),
 *  "conv2d circular": case(Conv2d(3, 4, 3, 2, 1, padding_mode="circular"), *maps),
 *  "conv2d circular oblong": case(Conv2d(3, 4, (3, 5), 1, (1, 2), padding_mode="circular"), *maps),
 *  "conv2d dilated": case(Conv2d(3, 4, 3, padding=2, dilation=2), *maps),
 *  "conv2d dilated strided": case(Conv2d(3, 4, 3, 2, (0, 1), dilation=(2, 3)), *maps),
 *  "conv2d in groups": case(Conv2d(4, 6, 3, 2, 1, groups=2), 2, 4, 7, 10),
 *  "conv2d depthwise": case(Conv2d(3, 3, 3, padding=1, groups=3), *maps),
 *  "conv2d depthwise strided": case(Conv2d(3, 6, 3, 2, 1, groups=3, bias=False), *maps),
 *  "conv2d depthwise oblong": case(Conv2d(3, 6, 3, (2, 1), 1, dilation=2, groups=3), *maps),
 *  "conv1d": case(Conv1d(3, 4, 3, padding=1), 2, 3, 11),
 *  "conv1d circular dilated": case(Conv1d(3, 4, 3, 2, 2, 2, bias=False, padding_mode="circular"), 2, 3, 11),
 *  "conv1d in groups": case(Conv1d(4, 6, 5, groups=2), 2, 4, 11),
 *  "linear": case(Linear(6, 4), 5, 6),
 *  "linear on series": case(Linear(6, 4, bias=False), 2, 3, 6),
 *  "batchNorm2d": case(BatchNorm2d(3), *maps),
 *  "batchNorm2d evaluation": case(BatchNorm2d(3), *maps, train=False),
 *  "batchNorm2d momentum": case(BatchNorm2d(3, eps=0.5, momentum=0.3), *maps),
 *  "batchNorm2d positions": case(Loop(BatchNorm2d(3)), 12, 3, 5, 4),
 *  "batchNorm2d positions evaluation": case(Loop(BatchNorm2d(3)), 12, 3, 5, 4, train=False),
 *  "batchNorm1d": case(BatchNorm1d(6), 5, 6),
 *  "batchNorm1d series": case(BatchNorm1d(3), 2, 3, 11),
 *  "batchNorm1d evaluation": case(BatchNorm1d(6), 5, 6, train=False),
 *  "batchNorm1d positions": case(Loop(BatchNorm1d(6, momentum=0.3)), 12, 6),
 *  "layerNorm": case(LayerNorm(6), 5, 6),
 *  "layerNorm on series": case(LayerNorm(6, eps=0.5), 2, 3, 6),
 *  "groupFrames": case(groups(3, 3), *maps),
 *  "groupFrames overlapping": case(groups(4, 3), *maps),
 *  "groupFrames apart": case(groups(2, 3), *maps),
 *  "unfoldBatch": case(Of(lambda x: x.unflatten(0, (-1, 3))), 6, 4),
 *  "mixAxis": case(Sequential(Conv1d(5, 1, 1), Flatten()), 4, 5, 6),
 *  "l2Normalise": case(Normalise(), 5, 6),
 *  "l2Normalise on maps": case(Normalise(), *maps),
 *  "relu": case(ReLU(), *maps),
 *  "relu6": case(ReLU6(), *maps),
 *  "gelu": case(GELU(), *maps),
 *  "softplus": case(Softplus(), *maps),
 *  "maxPool2d": case(MaxPool2d(3, 2, 1), *maps),
 *  "maxPool2d oblong": case(MaxPool2d((2, 3), (1, 2), (1, 0)), *maps),
 *  "avgPool2d": case(AvgPool2d(2), *maps),
 *  "avgPool2d padded": case(AvgPool2d(3, 2, 1), *maps),
 *  "avgPool2d inside": case(AvgPool2d((3, 4), 2, (1, 2), count_include_pad=False), *maps),
 *  "adaptiveAvgPool2d": case(AdaptiveAvgPool2d((3, 4)), *maps),
 *  "adaptiveAvgPool2d even": case(AdaptiveAvgPool2d((1, 5)), *maps),
 *  "adaptiveMaxPool2d": case(AdaptiveMaxPool2d((3, 4)), *maps),
 *  "adaptiveMaxPool2d even": case(AdaptiveMaxPool2d(1), *maps),
 * }
 * print("{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in cases.items()) + "\n}")
 */
const torch: Record<string, [number, number][]> = {
  conv2d: [
    [52.4665401, 262.482866],
    [-0.680431351, 34.5623833],
    [116.964108, 284.261042],
    [4.25598678, 11.6137116],
  ],
  "conv2d strided": [
    [67.299879, 136.677053],
    [-10.7270206, 17.5887592],
    [95.165117, 128.273218],
  ],
  "conv2d oblong": [
    [-222.11617, 251.267589],
    [-3.4702958, 29.8447128],
    [-31.2389547, 240.647444],
    [10.6693248, 10.8336372],
  ],
  "conv2d circular": [
    [133.316319, 152.751341],
    [-4.67926894, 19.4901277],
    [89.0489112, 141.636742],
    [6.89662234, 7.4364426],
  ],
  "conv2d circular oblong": [
    [-125.082179, 421.467311],
    [-25.2345345, 49.4834644],
    [-11.2292008, 413.277455],
    [4.25598678, 11.6137116],
  ],
  "conv2d dilated": [
    [384.836866, 253.612847],
    [-19.5692729, 31.8107155],
    [-6.49406949, 285.272354],
    [4.25598678, 11.6137116],
  ],
  "conv2d dilated strided": [
    [-69.8481515, 82.7457946],
    [10.625058, 11.8655351],
    [6.89668665, 82.9171154],
    [4.25783342, 5.90542077],
  ],
  "conv2d in groups": [
    [-5.37690674, 138.076843],
    [17.073168, 17.2741208],
    [156.11278, 143.235483],
    [3.63496688, 7.29273743],
  ],
  "conv2d depthwise": [
    [-51.2301138, 147.477483],
    [15.1969889, 18.9461575],
    [107.239182, 181.7928],
    [9.44938662, 13.1254404],
  ],
  "conv2d depthwise strided": [
    [139.546018, 94.3811911],
    [10.6995633, 12.2240884],
    [-68.5455925, 94.9930232],
  ],
  "conv2d depthwise oblong": [
    [-36.2391659, 99.5181041],
    [0.336447845, 12.4787328],
    [-34.880166, 105.680357],
    [6.32763821, 8.49902093],
  ],
  conv1d: [
    [-31.3199152, 65.7143351],
    [-0.605141786, 9.39956677],
    [-14.8068133, 71.8616279],
    [1.47095696, 5.37348228],
  ],
  "conv1d circular dilated": [
    [-13.9157457, 48.5711101],
    [2.1900105, 6.00461073],
    [-21.4216083, 41.2313309],
  ],
  "conv1d in groups": [
    [132.732238, 77.3447393],
    [-2.53046489, 8.74743029],
    [-0.202201744, 71.7698837],
    [5.39691119, 5.75530269],
  ],
  linear: [
    [14.2735298, 24.8322855],
    [0.778965368, 4.05131055],
    [9.54667903, 26.4625527],
    [3.10526213, 3.18016948],
  ],
  "linear on series": [
    [16.9784667, 25.3073162],
    [1.48612391, 4.6051773],
    [18.6578544, 30.7745778],
  ],
  batchNorm2d: [
    [11.1083531, 16.9709053],
    [0.464416847, 1.68956083],
    [0.00737599572, 6.65671902],
    [9.44938662, 13.1254404],
    [-1.13237132, 1.72178227],
    [-4.16885025, 5.00437812],
  ],
  "batchNorm2d evaluation": [
    [49.315509, 63.9079694],
    [1.99519125, 7.86805636],
    [-2.19030611, 30.7116604],
    [9.44938662, 13.1254404],
    [-1.23755095, 1.84891948],
    [-1.54795067, 1.69062519],
  ],
  "batchNorm2d momentum": [
    [11.017118, 16.8418926],
    [0.45514582, 1.66914079],
    [0.0080779912, 6.57668795],
    [9.44938662, 13.1254404],
    [-0.922012047, 1.47395737],
    [-9.4106494, 11.737218],
  ],
  "batchNorm2d positions": [
    [-4.10945869, 22.2201311],
    [0.696652303, 2.17489107],
    [6.29546593, 9.81464339],
    [1.96615455, 25.1806308],
    [-0.823808035, 1.4098549],
    [-9.41998383, 11.1560341],
  ],
  "batchNorm2d positions evaluation": [
    [-3.45464656, 87.1793376],
    [2.0266718, 10.6220417],
    [18.6215514, 66.1780669],
    [1.96615455, 25.1806308],
    [-1.23755095, 1.84891948],
    [-1.54795067, 1.69062519],
  ],
  batchNorm1d: [
    [1.8950353, 4.60941153],
    [-0.0118407956, 0.689105622],
    [0.227576422, 2.78602968],
    [2.49773806, 4.33871047],
    [-1.29771931, 2.25757154],
    [-2.41365142, 5.54635675],
  ],
  "batchNorm1d series": [
    [-0.256931197, 6.72747869],
    [-0.769792484, 0.719313423],
    [0.085217134, 1.99196413],
    [2.40923947, 3.58137601],
    [-1.18140964, 1.73551442],
    [-3.95877694, 5.14900044],
  ],
  "batchNorm1d evaluation": [
    [11.9708032, 16.4504272],
    [-0.156538632, 2.56530571],
    [1.96346805, 13.1714552],
    [2.49773806, 4.33871047],
    [-1.28586316, 2.42709232],
    [-1.47910101, 2.34210564],
  ],
  "batchNorm1d positions": [
    [1.48997539, 7.14087022],
    [-0.453240922, 1.11445321],
    [0.0184074321, 2.6119126],
    [1.58549585, 3.53746316],
    [0.29651277, 2.12568825],
    [-15.5950551, 37.2741476],
  ],
  layerNorm: [
    [2.92954289, 5.38663764],
    [0.359899985, 0.745845683],
    [-0.0133805432, 3.66081818],
    [2.49773806, 4.33871047],
  ],
  "layerNorm on series": [
    [3.35478655, 5.78198698],
    [0.508365816, 0.738954574],
    [0.197329123, 2.87249613],
    [2.47647537, 3.9396475],
  ],
  groupFrames: [
    [-63.4930811, 89.0601475],
    [2.37838213, 11.1027516],
  ],
  "groupFrames overlapping": [
    [-58.1423267, 101.642658],
    [7.47709589, 13.3193292],
  ],
  "groupFrames apart": [
    [-23.5815116, 71.3924615],
    [-3.71476518, 8.89074936],
  ],
  unfoldBatch: [
    [13.9148846, 19.1072685],
    [2.51168058, 3.13920347],
  ],
  mixAxis: [
    [19.2805481, 38.6548277],
    [-5.63922357, 5.13362019],
    [-11.670702, 40.6504834],
    [3.15887738, 3.85491154],
  ],
  l2Normalise: [
    [1.78648165, 2.23606798],
    [0.261978094, 0.443558389],
  ],
  "l2Normalise on maps": [
    [-2.9360206, 11.8321596],
    [-0.842685423, 1.74050171],
  ],
  relu: [
    [-16.126155, 67.9572043],
    [-5.37372614, 8.50580433],
  ],
  relu6: [
    [-13.7216271, 62.9343276],
    [-4.30510702, 7.85964612],
  ],
  gelu: [
    [-15.6063712, 67.8729434],
    [-5.65009382, 8.58083831],
  ],
  softplus: [
    [-19.3691893, 68.3991035],
    [-5.25098933, 7.872179],
  ],
  maxPool2d: [
    [-25.4583801, 70.16416],
    [-1.72965745, 5.95427379],
  ],
  "maxPool2d oblong": [
    [6.69316363, 80.348843],
    [4.56806519, 8.29343477],
  ],
  avgPool2d: [
    [21.6339888, 21.289859],
    [1.610729, 2.73632246],
  ],
  "avgPool2d padded": [
    [11.3569142, 14.8115592],
    [-0.0641605187, 1.72152277],
  ],
  "avgPool2d inside": [
    [-12.4249491, 19.2878319],
    [1.64766801, 2.5175176],
  ],
  adaptiveAvgPool2d: [
    [1.20800986, 13.2050264],
    [-0.341547353, 1.62164507],
  ],
  "adaptiveAvgPool2d even": [
    [-2.35099708, 5.97598369],
    [-0.114051599, 0.920760881],
  ],
  adaptiveMaxPool2d: [
    [-27.5075472, 55.6446239],
    [-0.547356877, 4.76394494],
  ],
  "adaptiveMaxPool2d even": [
    [-10.57463, 18.9922035],
    [-0.718271596, 1.65967137],
  ],
};

// A sum of up to 150 float32 products is off by about sqrt(150) half units in the last place, 7e-7 of its size; normalisation adds a
// few of those. Seven times that.
const TOLERANCE = 5e-6;

describe("each layer against PyTorch: output, every gradient, running statistics", () => {
  test("every case has its constants", () => {
    expect(Object.keys(layerCases)).toEqual(Object.keys(torch));
  });

  test.each(Object.entries(torch))("%s", (name, wanted) => {
    const before = tf.memory().numTensors;
    const results = runLayer(layerCases[name]!);
    expect(results.length).toBe(wanted.length);
    results.forEach((values, i) => {
      const direction = noise(values.length, 77);
      const product = values.reduce((sum, value, k) => sum + value * direction[k]!, 0);
      const [wantedProduct, wantedNorm] = wanted[i]!;
      expect(Math.abs(product - wantedProduct) / wantedNorm, `product ${i}`).toBeLessThan(TOLERANCE);
      expect(Math.abs(Math.hypot(...values) / wantedNorm - 1), `norm ${i}`).toBeLessThan(TOLERANCE);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
