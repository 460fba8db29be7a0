import fs from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { scratch, setup } from "./scripts.js";

let folder: string;
beforeEach(() => {
  folder = scratch();
});

describe("which build is linked", () => {
  interface Given {
    args?: string[];
    linked?: "cpu" | "gpu";
    found?: boolean;
    env?: Record<string, string>;
  }
  async function choice({ args = [], linked, found = false, env = {} }: Given) {
    const { engineChoice } = await setup("engineChoice");
    const driver = () => ({ found, says: found ? "a driver" : "no driver" });
    const { build, cuda } = engineChoice(args, linked, { env, folder, driver });
    return { build, cuda };
  }

  it.each<Given & { build: "cpu" | "gpu"; cuda: boolean; name: string }>([
    { name: "the CPU's by itself", build: "cpu", cuda: false },
    { name: "the GPU's where a driver is found", found: true, build: "gpu", cuda: true },
    { name: "the GPU's where a driver is found later", linked: "cpu", found: true, build: "gpu", cuda: true },
    { name: "the one that is linked, without a driver", linked: "gpu", build: "gpu", cuda: false },
    { name: "the one asked for, driver or not", args: ["--engine", "cpu"], found: true, build: "cpu", cuda: false },
    { name: "the one asked for, without a driver", args: ["--engine=gpu"], build: "gpu", cuda: false },
    { name: "with CUDA where that is asked for", args: ["--engine", "gpu", "--cuda"], build: "gpu", cuda: true },
    { name: "the variable's", env: { AUSCULT_ENGINE: "gpu" }, linked: "cpu", build: "gpu", cuda: false },
    {
      name: "the argument's, before the variable's",
      args: ["--engine", "cpu"],
      env: { AUSCULT_ENGINE: "gpu" },
      build: "cpu",
      cuda: false,
    },
  ])("$name", async ({ name: _, build, cuda, ...given }) => expect(await choice(given)).toEqual({ build, cuda }));

  it("the one asked for last, also when a driver is found", async () => {
    const { engineChoice, remember } = await setup("engineChoice");
    remember(engineChoice(["--engine", "cpu"], undefined, { env: {}, folder }), folder);
    expect(await choice({ found: true })).toEqual({ build: "cpu", cuda: false });
    remember(engineChoice(["--engine", "gpu"], undefined, { env: {}, folder }), folder);
    expect(await choice({ linked: "cpu" })).toEqual({ build: "gpu", cuda: false });
  });

  it("refuses what is neither", async () => {
    await expect(choice({ args: ["--engine", "tpu"] })).rejects.toThrow("--engine tpu: must be cpu or gpu");
    await expect(choice({ args: ["--engine"] })).rejects.toThrow("--engine : must be cpu or gpu");
    await expect(choice({ env: { AUSCULT_ENGINE: "cuda" } })).rejects.toThrow(
      "AUSCULT_ENGINE cuda: must be cpu or gpu",
    );
    await expect(choice({ args: ["--engine", "cpu", "--cuda"] })).rejects.toThrow("--cuda belongs to --engine gpu");
  });
});

/** The first line of the file as NVIDIA's driver 550.54 writes it. */
const VERSION =
  "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\nGCC version:  gcc 12\n";

describe("NVIDIA's driver", () => {
  const file = (name: string, content = "") => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), content);
  };
  const look = async (given = {}) =>
    (await setup("driver")).nvidiaDriver({ root: folder, libraryPath: "", ldconfig: () => "", ...given });

  it("is not there without its file", async () =>
    expect(await look()).toEqual({ found: false, says: "no NVIDIA driver (no /proc/driver/nvidia/version)" }));

  it("is half there without its library", async () => {
    file("proc/driver/nvidia/version", VERSION);
    const { found, says } = await look();
    expect(found).toBe(false);
    expect(says).toContain("no libcuda.so.1");
  });

  it("is found with its library among the loader's", async () => {
    file("proc/driver/nvidia/version", VERSION);
    const ldconfig = () => "\tlibcuda.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libcuda.so.1\n";
    expect(await look({ ldconfig })).toEqual({
      found: true,
      says: "NVIDIA driver 550.54.15 (/proc/driver/nvidia/version, libcuda.so.1)",
    });
  });

  it("is found with its library in LD_LIBRARY_PATH, and under WSL", async () => {
    file("dev/dxg");
    file("lib/libcuda.so.1");
    expect(await look({ libraryPath: `/nowhere:${path.join(folder, "lib")}` })).toEqual({
      found: true,
      says: "NVIDIA driver (/dev/dxg, libcuda.so.1)",
    });
  });
});

describe("the wheels", () => {
  it("are each pinned: the CPU's, the GPU's, CUDA's twelve", async () => {
    const { wheels } = await setup("wheel");
    const all = [wheels.cpu, wheels.gpu, ...wheels.cuda];
    expect(all).toHaveLength(14);
    for (const { name, version, sha256, platform } of all) {
      expect(name).toMatch(/^(tensorflow|tensorflow-cpu|nvidia-[a-z-]+-cu12)$/);
      expect(version).toMatch(/^\d+(\.\d+)+$/);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(platform).toMatch(/^manylinux_2_\d+_x86_64$/);
    }
    expect(wheels.gpu.version).toBe(wheels.cpu.version);
  });
});
