import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { NamedTensor } from "../../src/nn/weights/safetensors.js";
import { Checkpoints } from "../../src/training/checkpoint.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-large-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// VGG16 with Adam's slots and the best weights has 2.1 GB; Node hashes and reads less than 2 GiB at once.
test("a checkpoint of more than 2 GiB is written, read back and taken up", { timeout: 600_000 }, () => {
  const MANY = 280 * 2 ** 20;
  const tensor = (seed: number): NamedTensor => ({
    dtype: "F32",
    shape: [MANY],
    values: Float32Array.from({ length: MANY }, (_, i) => (i % 65_536) + seed),
  });
  const identity = { signature: "large", settings: {}, circumstances: {} };
  const warnings: string[] = [];
  const tensors = new Map([1, 2].map((seed) => [`w${seed}`, tensor(seed)]));
  new Checkpoints(folder, identity).save({ epoch: 1, step: 2 }, tensors, { best: 3 });
  expect(statSync(path.join(folder, "000001-000002", "state.safetensors")).size).toBeGreaterThan(2 ** 31);
  const found = new Checkpoints(folder, identity).latest((warning) => warnings.push(warning))!;
  expect(warnings).toEqual([]);
  expect(found).toMatchObject({ at: { epoch: 1, step: 2 }, state: { best: 3 } });
  for (const [name, { values }] of tensors)
    expect(Buffer.compare(bytesOf(found.tensors.get(name)!.values), bytesOf(values)), name).toBe(0);
});

const bytesOf = ({ buffer, byteOffset, byteLength }: NamedTensor["values"]) =>
  new Uint8Array(buffer, byteOffset, byteLength);
