import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { gradCamPlusPlus } from "../../src/explain/gradCam.js";
import { resnet18 } from "../../src/nn/backbones/resnet18.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { readWeights, writeWeights } from "../../src/nn/weights/modelWeights.js";
import { encodeSafetensors } from "../../src/nn/weights/safetensors.js";
import { torchvisionResnet, toTorch } from "../../src/nn/weights/torchLayout.js";
import { projectRoot } from "../../src/node/paths.js";
import { Streams } from "../../src/random/streams.js";
import { tf } from "../../src/tensorflow.js";

const python = process.env.AUSCULT_REFERENCE_PYTHON ?? path.join(projectRoot(), ".venv-reference/bin/python");
const named = existsSync(python) ? describe : describe.skip;

/** torchvision's network, its activations and gradients by hooks, and the formula in double precision. */
const program = `
import json, numpy, struct, torch, torchvision, torch.nn.functional as F
raw = open("ours.safetensors", "rb").read()
n = struct.unpack("<Q", raw[:8])[0]
header = json.loads(raw[8:8 + n]); header.pop("__metadata__")
state = {k: torch.frombuffer(bytearray(raw[8 + n + e["data_offsets"][0]:8 + n + e["data_offsets"][1]]), dtype=torch.float32).reshape(e["shape"])
         for k, e in header.items()}
net = torchvision.models.resnet18(num_classes=4)
net.load_state_dict(state, strict=True)
net.eval()
images = torch.from_numpy(numpy.fromfile("images.f32", numpy.float32)).reshape(3, 64, 96, 3).permute(0, 3, 1, 2)
seen = {"layer3.0.relu1": [], "layer4.1.relu2": []}
def keep(name):
    def hook(module, given, output):
        output.retain_grad(); seen[name].append(output)
    return hook
net.layer3[0].relu.register_forward_hook(keep("layer3.0.relu1"))
net.layer4.register_forward_hook(keep("layer4.1.relu2"))
logits = net(images)
logits[[0, 1, 2], [3, 0, 1]].sum().backward()
maps = {}
for name, outputs in seen.items():
    A, g = outputs[0].detach().double(), outputs[0].grad.double()
    alpha = g ** 2 / (2 * g ** 2 + A.sum((2, 3), keepdim=True) * g ** 3)
    alpha[g == 0] = 0
    m = F.relu(((alpha * F.relu(g)).sum((2, 3), keepdim=True) * A).sum(1, keepdim=True))
    low, high = m.amin((2, 3), keepdim=True), m.amax((2, 3), keepdim=True)
    F.interpolate((m - low) / (high - low), size=(64, 96), mode="bilinear", align_corners=False).float().numpy().tofile(name + ".f32")
`;

named("torchvision (needs npm run setup:reference)", () => {
  test("gives the same maps of a ResNet-18's last stage and of a layer that a shortcut bypasses", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "auscult-cam-"));
    const model = resnet18({ rows: 64, frames: 96, channels: 3 }, 4);
    initialiseWeights(model, new Streams(3));
    const rng = new Streams(4).stream("norms");
    const weights = readWeights(model);
    for (const [name, { values }] of weights)
      if (/running|scale|offset/.test(name)) values.set(Array.from(values, () => 0.5 + rng.uniform()));
    writeWeights(model, weights);
    const bytes = encodeSafetensors(toTorch(weights, torchvisionResnet), { format: "pt" });
    writeFileSync(path.join(folder, "ours.safetensors"), bytes);
    const images = Float32Array.from({ length: 3 * 64 * 96 * 3 }, () => rng.normal());
    writeFileSync(path.join(folder, "images.f32"), Buffer.from(images.buffer));
    execFileSync(python, ["-"], { cwd: folder, input: program });
    for (const layer of ["layer3.0.relu1", "layer4.1.relu2"]) {
      const theirs = new Float32Array(new Uint8Array(readFileSync(path.join(folder, `${layer}.f32`))).buffer);
      const inputs = tf.tensor4d(images, [3, 64, 96, 3]);
      const { maps } = gradCamPlusPlus({ model, layer, inputs, classes: [3, 0, 1] });
      const ours = maps.flatMap(({ values }) => [...values]);
      expect(ours).toHaveLength(theirs.length);
      expect(Math.max(...theirs)).toBeGreaterThan(0.9);
      const off = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0);
      expect(off, layer).toBeLessThan(1e-4);
    }
    model.dispose();
  }, 120_000);
});
