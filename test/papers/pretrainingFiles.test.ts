import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { encodeSafetensors } from "../../src/nn/weights/safetensors.js";
import { linkPretraining, readPretraining } from "../../src/papers/pretrainingFiles.js";

const weightsOf = (...values: number[]) =>
  encodeSafetensors(new Map([["a", { dtype: "F32", shape: [values.length], values: Float32Array.from(values) }]]));
const recordOf = (weights: Uint8Array) =>
  JSON.stringify({ weightsSha256: createHash("sha256").update(weights).digest("hex") });

function folderOf(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-pretraining-files-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  return folder;
}

const bytes = weightsOf(1, 2);
const record = recordOf(bytes);
const whole = { "pretraining.json": record, "weights.safetensors": bytes };

describe("what a pretraining left", () => {
  test("is read back where it is whole", () => {
    expect([...readPretraining(folderOf(whole)).weights.get("a")!.values]).toEqual([1, 2]);
  });

  test.each([
    [{ "pretraining.json": record }, /weights\.safetensors cannot be read .*remove the folder/],
    [{ ...whole, "pretraining.json": "{" }, /pretraining\.json cannot be read .*it is made anew/],
    [
      { ...whole, "weights.safetensors": bytes.slice(0, -1) },
      /weights\.safetensors is not the file that pretraining\.json names: remove the folder/,
    ],
  ])("is refused otherwise, with what to do (%#)", (files, message) => {
    const folder = folderOf(files);
    expect(() => readPretraining(folder)).toThrow(message);
    expect(() => readPretraining(folder)).toThrow(expect.objectContaining({ name: "UserError" }));
  });
});

describe("a run that starts from a pretraining", () => {
  const other = weightsOf(3, 4);
  const stages = [folderOf(whole), folderOf({ "pretraining.json": recordOf(other), "weights.safetensors": other })];

  test("gets its files, again in each sitting", () => {
    const run = folderOf({});
    for (let sitting = 0; sitting < 2; sitting++) {
      const files = linkPretraining(stages[0]!, run);
      expect(files.map((file) => path.relative(run, file)).sort()).toEqual([
        path.join("pretraining", "pretraining.json"),
        path.join("pretraining", "weights.safetensors"),
      ]);
      expect(readFileSync(path.join(run, "pretraining", "weights.safetensors"))).toEqual(Buffer.from(bytes));
      mkdirSync(path.join(run, "checkpoints"), { recursive: true });
      // As a kill between the two files leaves them.
      rmSync(path.join(run, "pretraining", "weights.safetensors"));
    }
  });

  test("does not go on from checkpoints on another one; without checkpoints it begins on it", () => {
    const run = folderOf({});
    linkPretraining(stages[0]!, run);
    expect(linkPretraining(stages[1]!, run)).toHaveLength(2);
    mkdirSync(path.join(run, "checkpoints"));
    expect(() => linkPretraining(stages[0]!, run)).toThrow(
      /was begun on another pretraining .* Remove the run's folder/,
    );
    expect(readPretraining(path.join(run, "pretraining")).weights.get("a")!.values[0]).toBe(3);
  });
});
