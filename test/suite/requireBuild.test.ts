import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import { requireBuild } from "../../src/suite/requireBuild.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "auscult-build-"));
});

function link(wheel: string): void {
  const lib = path.join(root, "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8");
  mkdirSync(lib, { recursive: true });
  writeFileSync(path.join(root, "complete"), wheel);
  writeFileSync(path.join(root, "addon.node"), "");
  symlinkSync(path.join(root, "addon.node"), path.join(lib, "tfjs_binding.node"));
}

it("takes the build that is linked", () => {
  link("tensorflow_cpu-2.21.0-cp311.whl");
  expect(requireBuild("cpu", { root })).toBeUndefined();
});

it("refuses another, and says what links it", () => {
  link("tensorflow_cpu-2.21.0-cp311.whl");
  expect(() => requireBuild("gpu", { root })).toThrow(
    /^--engine gpu: the engine's CPU build is linked\. Run `npm run setup -- --engine gpu` in /,
  );
});

it("warns where the GPU build finds no driver", () => {
  link("tensorflow-2.21.0-cp311.whl");
  expect(requireBuild("gpu", { root, driver: [path.join(root, "none")] })).toMatch(/no NVIDIA driver .* on the CPU$/);
  expect(requireBuild("gpu", { root, driver: [path.join(root, "complete")] })).toBeUndefined();
  expect(() => requireBuild("cpu", { root })).toThrow(/GPU build is linked.*--engine cpu/);
});

it("says so where none is linked", () => {
  expect(() => requireBuild("cpu", { root })).toThrow(/^--engine cpu: no engine is linked\./);
});
