import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { resnet18 } from "../../../src/nn/backbones/resnet18.js";
import { resnet34 } from "../../../src/nn/backbones/resnet34.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { initialWeights } from "../../../src/nn/weights/initialWeights.js";
import { readWeights, weightShapes, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import { readWeightsFile } from "../../../src/nn/weights/readWeightsFile.js";
import { encodeSafetensors } from "../../../src/nn/weights/safetensors.js";
import { torchvisionResnet, toTorch } from "../../../src/nn/weights/torchLayout.js";
import { projectRoot } from "../../../src/node/paths.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

const python = process.env.AUSCULT_REFERENCE_PYTHON ?? path.join(projectRoot(), ".venv-reference/bin/python");

/** Runs Python in a folder of its own; gives what it prints as JSON. */
function runPython<T>(folder: string, program: string): T {
  const text = execFileSync(python, ["-"], { cwd: folder, input: program, encoding: "utf8", maxBuffer: 2 ** 28 });
  return JSON.parse(text) as T;
}

const newFolder = () => mkdtempSync(path.join(tmpdir(), "auscult-torch-"));

const floatsOf = (file: string) => new Float32Array(new Uint8Array(readFileSync(file)).buffer);

/** Evaluation mode. */
function logitsOf(
  model: TensorFlow.LayersModel,
  images: Float32Array,
  shape: [number, number, number, number],
): number[] {
  const [batch, channels, rows, frames] = shape;
  return tf.tidy(() => {
    const x = tf.transpose(tf.tensor4d(images, [batch, channels, rows, frames]), [0, 2, 3, 1]);
    return [...(model.apply(x, { training: false }) as TensorFlow.Tensor).dataSync()];
  });
}

const off = (values: readonly number[], wanted: readonly number[]) =>
  Math.max(...wanted.map((value, i) => Math.abs(value - values[i]!))) / Math.max(...wanted.map(Math.abs));

const nets = [
  ["resnet18", resnet18, 1],
  ["resnet34", resnet34, 3],
] as const;

const named = existsSync(python) ? describe : describe.skip;

named("PyTorch (needs npm run setup:reference)", () => {
  test.each(nets)(
    "%s written in every form is read bit for bit, and gives torchvision's logits",
    (name, build, channels) => {
      const folder = newFolder();
      const told = runPython<{
        forms: Record<string, Record<string, [number[], string]>>;
        logits: number[];
      }>(
        folder,
        `
import collections, hashlib, json, torch, torchvision
torch.manual_seed(5)
net = torchvision.models.${name}(num_classes=4)
net.conv1 = torch.nn.Conv2d(${channels}, 64, 7, 2, 3, bias=False)
with torch.no_grad():
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5); module.running_var.uniform_(0.5, 2)
            module.weight.uniform_(0.5, 1.5); module.bias.uniform_(-0.5, 0.5)
state = net.state_dict()
optimizer = torch.optim.Adam(net.parameters())
net(torch.randn(2, ${channels}, 64, 64)).sum().backward(); optimizer.step(); net.load_state_dict(state)
state = collections.OrderedDict((k, v.clone()) for k, v in net.state_dict().items())
one = torch.cat([v.reshape(-1).float() for v in state.values()])
views, at = {}, 0
for k, v in state.items():
    views[k] = one[at:at + v.numel()].reshape(v.shape); at += v.numel()
turned = {k: v.t().contiguous().t() if v.dim() == 2 else v.to(memory_format=torch.channels_last) if v.dim() == 4 else v for k, v in state.items()}
forms = {
    "plain": (state, {}),
    "protocol 3": (state, dict(pickle_protocol=3)),
    "protocol 5": (state, dict(pickle_protocol=5)),
    "before 1.6": (state, dict(_use_new_zipfile_serialization=False)),
    "before 1.6, protocol 4": (state, dict(_use_new_zipfile_serialization=False, pickle_protocol=4)),
    "nested": ({"epoch": 7, "best": 0.5, "model": state, "optimizer": optimizer.state_dict()}, {}),
    "nested twice": ({"model": {"state_dict": dict(state)}}, {}),
    "prefix": ({"module." + k: v for k, v in state.items()}, {}),
    "prefix before 1.6": ({"state_dict": {"module." + k: v for k, v in state.items()}}, dict(_use_new_zipfile_serialization=False)),
    "parameters": (collections.OrderedDict(net.named_parameters()), {}),
    "views of one storage": (views, {}),
    "views of one storage before 1.6": (views, dict(_use_new_zipfile_serialization=False)),
    "transposed and channels last": (turned, {}),
    "half": ({k: v.half() if v.is_floating_point() else v for k, v in state.items()}, {}),
    "bfloat16": ({k: v.bfloat16() if v.is_floating_point() else v for k, v in state.items()}, {}),
    "half before 1.6": ({k: v.half() if v.is_floating_point() else v for k, v in state.items()}, dict(_use_new_zipfile_serialization=False)),
    "double": ({k: v.double() if v.is_floating_point() else v for k, v in state.items()}, {}),
}
out = {}
for form, (value, options) in forms.items():
    torch.save(value, form + ".pth", **options)
    while isinstance(value.get("model", value.get("state_dict")), dict): value = value.get("model", value.get("state_dict"))
    out[form] = {k.removeprefix("module."): (list(v.shape), hashlib.sha256(v.detach().float().contiguous().numpy().tobytes()).hexdigest())
                 for k, v in value.items() if v.is_floating_point()}
images = torch.randn(2, ${channels}, 64, 64)
images.numpy().tofile("images.f32")
with torch.no_grad(): logits = net.eval()(images)
print(json.dumps(dict(forms=out, logits=logits.reshape(-1).tolist())))
`,
      );
      const sha256 = (values: Float32Array | Int32Array) =>
        createHash("sha256")
          .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
          .digest("hex");
      for (const [form, wanted] of Object.entries(told.forms)) {
        const { tensors } = readWeightsFile(path.join(folder, `${form}.pth`));
        const got = Object.fromEntries([...tensors].map(([key, { shape, values }]) => [key, [shape, sha256(values)]]));
        expect(got, form).toEqual(wanted);
      }
      expect(Object.keys(told.forms)).toHaveLength(17);

      const model = build({ rows: 64, frames: 64, channels }, 4);
      const file = readWeightsFile(path.join(folder, "plain.pth"));
      const receiver = { name, shapes: weightShapes(model), head: "fc", names: torchvisionResnet };
      const initial = initialWeights(file, receiver);
      expect(initial).toMatchObject({ headAnew: false });
      writeWeights(model, initial.weights);
      const images = floatsOf(path.join(folder, "images.f32"));
      expect(off(logitsOf(model, images, [2, channels, 64, 64]), told.logits)).toBeLessThan(1e-4);
      model.dispose();
    },
    300_000,
  );

  test("a network of ours, written with PyTorch's names, is strictly loaded by torchvision and gives the same logits", () => {
    const folder = newFolder();
    const model = resnet18({ rows: 64, frames: 64, channels: 1 }, 4);
    initialiseWeights(model, new Streams(3));
    const rng = new Streams(4).stream("norms");
    const weights = readWeights(model);
    for (const [name, { values }] of weights)
      if (/running|scale|offset/.test(name)) values.set(Array.from(values, () => 0.5 + rng.uniform()));
    writeWeights(model, weights);
    const bytes = encodeSafetensors(toTorch(weights, torchvisionResnet), { format: "pt" });
    writeFileSync(path.join(folder, "ours.safetensors"), bytes);
    const images = Float32Array.from({ length: 2 * 64 * 64 }, () => rng.normal());
    writeFileSync(path.join(folder, "images.f32"), Buffer.from(images.buffer));
    const told = runPython<{ logits: number[]; reader: string }>(
      folder,
      `
import json, numpy, struct, torch, torchvision
try:
    from safetensors.torch import load_file
    state, reader = load_file("ours.safetensors"), "safetensors"
except ImportError:  # The reference environment is without it: by the format's description.
    raw = open("ours.safetensors", "rb").read()
    n = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:8 + n]); header.pop("__metadata__")
    state = {k: torch.frombuffer(bytearray(raw[8 + n + e["data_offsets"][0]:8 + n + e["data_offsets"][1]]), dtype=torch.float32).reshape(e["shape"])
             for k, e in header.items()}
    reader = "struct"
net = torchvision.models.resnet18(num_classes=4)
net.conv1 = torch.nn.Conv2d(1, 64, 7, 2, 3, bias=False)
net.load_state_dict(state, strict=True)
images = torch.from_numpy(numpy.fromfile("images.f32", numpy.float32)).reshape(2, 1, 64, 64)
with torch.no_grad(): logits = net.eval()(images)
print(json.dumps(dict(logits=logits.reshape(-1).tolist(), reader=reader)))
`,
    );
    expect(off(logitsOf(model, images, [2, 1, 64, 64]), told.logits)).toBeLessThan(1e-4);
    model.dispose();
  }, 120_000);
});
