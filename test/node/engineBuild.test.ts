import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { gpuModels, linkedBuild } from "../../src/node/engineBuild.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "auscult-build-"));
});

describe("the linked build", () => {
  function link(wheel: string): string {
    const library = path.join(folder, "library");
    const lib = path.join(folder, "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8");
    mkdirSync(library);
    mkdirSync(lib, { recursive: true });
    writeFileSync(path.join(library, "complete"), `${wheel}\n`);
    writeFileSync(path.join(library, "tfjs_binding-12345678.node"), "");
    symlinkSync(path.join(library, "tfjs_binding-12345678.node"), path.join(lib, "tfjs_binding.node"));
    return library;
  }

  it("is told from the names of TensorFlow's wheels", () => {
    link("tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl");
    expect(linkedBuild(folder)).toEqual({ kind: "cpu", version: "2.21.0", cuda: false });
  });

  it("is the GPU build, with NVIDIA's libraries or without", () => {
    const library = link("tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl");
    expect(linkedBuild(folder)).toEqual({ kind: "gpu", version: "2.21.0", cuda: false });
    mkdirSync(path.join(library, "cuda"));
    expect(linkedBuild(folder)?.cuda).toBe(false); // some of them, not all
    writeFileSync(path.join(library, "cuda/complete"), "");
    expect(linkedBuild(folder)).toEqual({ kind: "gpu", version: "2.21.0", cuda: true });
  });

  it("is none where nothing is linked, or where the library is not whole", () => {
    expect(linkedBuild(folder)).toBeUndefined();
    link("");
    expect(linkedBuild(folder)).toBeUndefined();
  });
});

describe("the driver's GPUs", () => {
  it("are named once each, from the files of NVIDIA's Linux driver", () => {
    const models = ["NVIDIA H100 80GB HBM3", "NVIDIA H100 80GB HBM3", "Tesla T4"];
    for (const [index, model] of models.entries()) {
      const gpu = path.join(folder, "gpus", `0000:0${index}:00.0`);
      mkdirSync(gpu, { recursive: true });
      writeFileSync(path.join(gpu, "information"), `Model: \t\t ${model}\nIRQ:   \t\t 0\nGPU UUID: \t GPU-${index}\n`);
    }
    expect(gpuModels(folder)).toEqual(["NVIDIA H100 80GB HBM3", "Tesla T4"]);
  });

  it("are none without a driver", () => expect(gpuModels(path.join(folder, "none"))).toEqual([]));
});
