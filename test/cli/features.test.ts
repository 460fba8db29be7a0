import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { NpyFile } from "../../src/node/npy.js";
import { projectRoot } from "../../src/node/paths.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { madeUp } from "../features/madeUp.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-features-"));
const at = (name: string) => path.join(folder, name);

function features(...args: string[]) {
  const script = path.join(projectRoot(), "scripts", "auscult.mjs");
  return spawnSync(process.execPath, [script, "features", ...args], { encoding: "utf8" });
}

describe("auscult features", () => {
  it("writes the model's input as float32 NumPy files and says so in JSON", () => {
    writeFileSync(at("short.wav"), encodeWav(madeUp(12_000), 8000));
    writeFileSync(at("long.wav"), encodeWav(madeUp(80_000), 8000));
    const ended = features("respirenet", at("short.wav"), at("long.wav"), "--out", at("out"), "--json");
    expect([ended.status, ended.stderr.includes("2 files")]).toEqual([0, true]);
    expect(JSON.parse(ended.stdout)).toEqual(
      [
        ["short.wav", "short.npy"],
        ["long.wav", "long.npy"],
        ["long.wav", "long.2.npy"],
      ].map(([file, output]) => ({ file: at(file!), output: at(`out/${output}`), shape: [192, 657, 3] })),
    );
    const stored = new NpyFile(at("out/short.npy"), "float32");
    expect(stored.shape).toEqual([192, 657, 3]);
    // 16 bits, as the file has them.
    const samples = madeUp(12_000).map((value) => Math.round(value * 32768) / 32768);
    const [map] = testPathOf("respirenet").maps(samples, 8000);
    expect(stored.read(100)).toEqual(map!.data.subarray(100 * 657 * 3, 101 * 657 * 3));
    stored.close();
  });

  it("ends with 2 and names the file, the recipe or the option that is wrong", () => {
    writeFileSync(at("no.wav"), "not a sound");
    for (const [args, said] of [
      [["glancegaze", at("no.wav"), "--out", at("bad")], /no\.wav/],
      [["glancegaze", at("absent.wav"), "--out", at("bad")], /absent\.wav: is not there/],
      [["glancegaze", folder, "--out", at("bad")], /is a folder/],
      [["glancegaze", at("short.wav"), at("short.wav"), "--out", at("bad")], /both be written to short\.npy/],
      [["nonesuch", at("short.wav"), "--out", at("bad")], /nonesuch/],
      [["glancegaze", at("short.wav")], /--out/],
    ] as const) {
      const ended = features(...args);
      expect([ended.status, said.test(ended.stderr), ended.stdout]).toEqual([2, true, ""]);
    }
    expect(existsSync(at("bad"))).toBe(false);
  });
});
