import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { STAGE_CASES } from "../../../src/bench/stages/cases.js";
import { supCon } from "../../../src/losses/supCon.js";
import { projectRoot } from "../../../src/node/paths.js";
import { Streams } from "../../../src/random/streams.js";
import { tf } from "../../../src/tensorflow.js";

const python = process.env.AUSCULT_REFERENCE_PYTHON ?? path.join(projectRoot(), ".venv-reference", "bin", "python");
const scripts = path.join(projectRoot(), "scripts", "python", "reference");

function ask(args: readonly string[], input = ""): string {
  const { stdout, stderr, status } = spawnSync(python, args, { cwd: scripts, encoding: "utf8", input });
  expect(status, stderr).toBe(0);
  return stdout;
}

// Each starts PyTorch, which takes its time on a busy machine.
describe.skipIf(!existsSync(python))("reference environment: the stages in PyTorch", { timeout: 300_000 }, () => {
  it("have our SupCon loss, and that of a loop", () => {
    const rng = new Streams(1).stream("test");
    const [views, dims, classes] = [12, 8, 3];
    const labels = Array.from({ length: views }, (_, i) => i % classes);
    const rows = labels.map(() => {
      const row = Array.from({ length: dims }, () => rng.normal());
      const length = Math.hypot(...row);
      return row.map((value) => value / length);
    });
    const theirs = Number(
      ask([
        "-c",
        `import json, sys, torch; from supcon import supcon_loss
rows, labels = json.loads(sys.argv[1])
print(supcon_loss(torch.tensor(rows), torch.tensor(labels)).item())`,
        JSON.stringify([rows, labels]),
      ]),
    );
    // papers.md 3.4, word by word.
    const similarity = (i: number, j: number) =>
      rows[i]!.reduce((sum, value, k) => sum + value * rows[j]![k]!, 0) / 0.1;
    let loop = 0;
    for (let i = 0; i < views; i++) {
      const others = [...labels.keys()].filter((a) => a !== i);
      const all = Math.log(others.reduce((sum, a) => sum + Math.exp(similarity(i, a)), 0));
      const positive = others.filter((p) => labels[p] === labels[i]);
      loop -= positive.reduce((sum, p) => sum + similarity(i, p) - all, 0) / positive.length / views;
    }
    loop *= 0.1 / 0.07;
    const ours = tf.tidy(
      () => supCon()(tf.tensor2d(rows), tf.oneHot(tf.tensor1d(labels, "int32"), classes) as never).dataSync()[0]!,
    );
    // Sums of a dozen float32 terms of size 10.
    expect(Math.abs(theirs - loop)).toBeLessThan(1e-5);
    expect(Math.abs(ours - loop)).toBeLessThan(1e-5);
  });

  it("have the paper's numbers of parameters", () => {
    const counts = ask([
      "-c",
      `from supcon import Embedding, lean_cnn
of = lambda model: sum(p.numel() for p in model.parameters())
print(of(Embedding().encoder), of(Embedding().head), of(lean_cnn(64, 187, 2)))`,
    ]);
    // papers.md 3.3.
    expect(counts.trim()).toBe("11170240 262656 10331702");
  });

  it.each(STAGE_CASES)("$name trains, and tells its parts", ({ name }) => {
    const folder = mkdtempSync(path.join(tmpdir(), "auscult-stages-test-"));
    const items = Array.from({ length: 12 }, (_, i) => ({ frames: 20 + 5 * i, label: i % 2 }));
    const size = items.reduce((sum, { frames }) => sum + 64 * frames, 0);
    const rng = new Streams(2).stream("test");
    writeFileSync(
      path.join(folder, "maps.f32"),
      Float32Array.from({ length: size }, () => rng.normal()),
    );
    writeFileSync(
      path.join(folder, "maps.json"),
      JSON.stringify({ rows: 64, train: items.slice(0, 8), select: items.slice(8) }),
    );
    const settings = { threads: 1, channelsLast: true, fused: true, workers: 0 };
    const what = { stage: name, folder, steps: 3, batch: 4, frames: 48, classes: 2, evaluated: 2, settings };
    const lines = ask(["stages.py", JSON.stringify(what)], "1\nquit\n")
      .trim()
      .split("\n");
    expect(JSON.parse(lines[0]!)).toMatchObject({ ready: true, settings });
    const { loss, parts } = JSON.parse(lines[1]!) as { loss: number; parts: Record<string, number> };
    expect(loss).toBeGreaterThan(0);
    expect(Object.keys(parts).sort()).toEqual(["checkpoint", "evaluation", "start", "step"]);
  });
});
