import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import { madeClip } from "./madeModel.js";
import { loadedModel } from "./nodeModel.js";

const python = process.env.AUSCULT_EXPORT_PYTHON ?? path.join(projectRoot(), ".venv-export", "bin", "python");
const isThere = spawnSync(python, ["-c", "import onnx, onnxruntime"]).status === 0;

const PROGRAM = `
import json, sys
import numpy as np, onnx, onnxruntime
folder, shape = sys.argv[1], json.loads(sys.argv[2])
onnx.checker.check_model(onnx.load(folder + "/model.onnx"))
session = onnxruntime.InferenceSession(folder + "/model.onnx", providers=["CPUExecutionProvider"])
map = np.fromfile(folder + "/map.bin", np.float32).reshape([1, *shape])
logits = session.run(None, {"input": map})[0][0].astype(float)
scores = np.exp((logits - logits.max()) / 1.4)
print(json.dumps({"logits": logits.tolist(), "probabilities": (scores / scores.sum()).tolist()}))
`;

test.skipIf(!isThere)(
  "the same map has the same logits in Python's onnxruntime, and NumPy's probabilities",
  async () => {
    const calibration = { temperature: 1.4, errorBefore: 0, errorAfter: 0, role: "select" };
    const labels = ["n", "c", "w", "b"];
    const { made, model } = await loadedModel({ recipe: "glancegaze", task: "icbhi/4-class", labels, shape: [128, 345, 1], calibration }); // biome-ignore format: one line
    const folder = mkdtempSync(path.join(tmpdir(), "auscult-inference-"));
    const clip = madeClip(6, 3, 22_050);
    const answer = await model.classify(clip, 22_050);
    writeFileSync(path.join(folder, "model.onnx"), made.files.get("onnx/model.onnx")!);
    writeFileSync(path.join(folder, "map.bin"), new Uint8Array(model.path.maps(clip, 22_050)[0]!.data.buffer));
    const printed = execFileSync(python, ["-c", PROGRAM, folder, "[128, 345, 1]"], { encoding: "utf8" });
    const { logits, probabilities } = JSON.parse(printed) as Record<"logits" | "probabilities", number[]>;
    for (const [i, logit] of logits.entries()) {
      expect(Math.abs(answer.maps[0]!.logits[i]! - logit)).toBeLessThan(1e-5);
      expect(answer.probabilities[i]).toBeCloseTo(probabilities[i]!, 6);
    }
    expect(new Set(logits.map((logit) => logit.toFixed(2))).size).toBeGreaterThan(1);
    await model.close();
    rmSync(folder, { recursive: true });
  },
);
