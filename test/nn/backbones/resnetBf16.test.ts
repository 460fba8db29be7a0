import { afterAll, describe, expect, test } from "vitest";
import { chooseBf16Operations } from "../../../src/engine/bf16Operations.js";
import { type CompileOptions, compile } from "../../../src/engine/compile.js";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { resnet18 } from "../../../src/nn/backbones/resnet18.js";
import { readWeights, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import type { Bf16Rate } from "../../../src/node/processor.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise, noiseWeights } from "../torchNames.js";

/*
 * What autocast adds to the gradients, as a share of them, by torch 2.15.0 and torchvision 0.29.2; noise() and make() as in
 * torchResnets.ts, without .double(). Another input moves these shares by up to 5 %.
 *
 * net = make(torchvision.models.resnet18, 1).train()
 * x = noise(8 * 64 * 64, 1010).float().reshape(8, 1, 64, 64)
 * def gradients(bf16):
 *     net.zero_grad()
 *     with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
 *         loss = torch.nn.functional.cross_entropy(net(x), torch.arange(8) % 3)
 *     loss.backward()
 *     return {name: p.grad.double().clone() for name, p in net.named_parameters()}
 * exact, rough = gradients(False), gradients(True)
 * for part in ["conv1", "layer1", "layer2", "layer3", "layer4", "fc"]:
 *     names = [name for name in exact if name.startswith(part)]
 *     lost = sum((rough[n] - exact[n]).square().sum() for n in names) / sum(exact[n].square().sum() for n in names)
 *     print(part, f"{lost.sqrt():.4f}")
 */
const autocast = { conv1: 0.3896, layer1: 0.3784, layer2: 0.3628, layer3: 0.3281, layer4: 0.26, fc: 0.0238 };
const OTHER_ROUNDING = 0.1;

describe("bf16 loses as much of a ResNet 18's gradients as PyTorch's autocast", () => {
  const model = resnet18({ rows: 64, frames: 64, channels: 1 }, 3);
  const start = noiseWeights(readWeights(model));
  const x = tf.tensor4d(Float32Array.from(noise(8 * 64 * 64, 1010)), [8, 64, 64, 1]);
  const y = tf.tidy(() => {
    const classes = tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1], "int32");
    return tf.cast(tf.oneHot(classes, 3), "float32") as TensorFlow.Tensor2D;
  });
  const weights = model.layers.flatMap((layer) =>
    layer.trainableWeights.map((weight) => ({ layer: layer.name, variable: weight.read() as TensorFlow.Variable })),
  );
  afterAll(() => {
    chooseBf16Operations();
    model.dispose();
    tf.dispose([x, y]);
  });

  function gradients(options: CompileOptions, rate?: Bf16Rate): { layer: string; values: Float32Array }[] {
    writeWeights(model, start);
    const variables = weights.map(({ variable }) => variable);
    const step = compile((inputs: TensorFlow.Tensor4D) => {
      const loss = () => crossEntropy(model.apply(inputs, { training: true }) as TensorFlow.Tensor2D, y);
      const { value, grads } = tf.variableGrads(loss, variables);
      value.dispose();
      return variables.map(({ name }) => grads[name]!);
    }, options);
    chooseBf16Operations(rate);
    const found = step(x);
    step.dispose();
    return found.map((gradient, i) => {
      const values = gradient.dataSync() as Float32Array;
      gradient.dispose();
      return { layer: weights[i]!.layer, values };
    });
  }

  const exact = gradients({});
  test.each(["full", "half"] as const)("on a processor whose rate of bf16 products is %s", (rate) => {
    const rough = gradients({ bf16: true }, rate);
    for (const [part, wanted] of Object.entries(autocast)) {
      let change = 0;
      let size = 0;
      for (const [i, { layer, values }] of exact.entries()) {
        if (!layer.startsWith(part)) continue;
        for (const [k, value] of values.entries()) {
          change += (rough[i]!.values[k]! - value) ** 2;
          size += value ** 2;
        }
      }
      expect(Math.abs(Math.sqrt(change / size) / wanted - 1), part).toBeLessThan(OTHER_ROUNDING);
    }
  });
});
