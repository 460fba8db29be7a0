import { spawnSync } from "node:child_process";
import { existsSync, readlinkSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { copyProject } from "./projectCopy.js";
import { root, scratch } from "./scripts.js";

const addon = (project: string) =>
  readlinkSync(path.join(project, "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node"));

/**
 * The GPU build in a copy of the project, so that the engine in use is not touched. Its library (1.3 GB) stays in the cache: a second run
 * downloads nothing. Where there is a GPU the same tests run on it, with CUDA's libraries (4.4 GB more); that was never tried.
 */
const gpu = existsSync("/dev/nvidia0");

describe(`the GPU build, ${gpu ? "on a GPU (untried)" : "on a machine without a GPU"}`, () => {
  let copy: string;
  let env: NodeJS.ProcessEnv;
  let before: string;

  beforeAll(() => {
    copy = path.join(scratch(), "auscult");
    copyProject(copy);
    before = addon(root);
    env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|AUSCULT_ENGINE|npm_)/.test(name)),
    );
    if (!gpu) delete env.AUSCULT_TEST_SLOW; // the slow ones, once more on the processor, would show nothing new
    Object.assign(env, { AUSCULT_ROOT: copy, AUSCULT_MLRUNS: path.join(copy, "mlruns") });
  });

  function node(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, env, encoding: "utf8" });
    return { status, stdout, stderr, said: `${stdout}${stderr}` };
  }
  const setUp = (...args: string[]) => node("scripts/setup.mjs", "--verbose", ...args);
  const auscult = (...args: string[]) => node("scripts/auscult.mjs", ...args);
  function train(): { losses: number[]; device: string; engine: string } {
    const { status, stdout, said } = node("node_modules/tsx/dist/cli.mjs", "test/setup/toyLosses.ts");
    expect(status, said).toBe(0);
    return JSON.parse(stdout);
  }

  it("is linked by set-up, which says where it computes", { timeout: 3_600_000 }, () => {
    const { status, said } = setUp("--engine", "gpu");
    expect(status, said).toBe(0);
    expect(said).toContain("engine: GPU build, not yet run on a GPU");
    if (!gpu) expect(said).toContain("without a driver it computes on the CPU");
    expect(path.basename(path.dirname(addon(copy)))).toMatch(/^tensorflow-2\.\d+\.\d+-[0-9a-f]{8}$/);
    expect(setUp().said).toMatch(/^\[setup\] nothing to do/);
    expect(addon(root)).toBe(before);
  });

  it("is what doctor describes and what run asks for", { timeout: 120_000 }, () => {
    const { stdout, status, said } = auscult("doctor", "--json");
    expect(status, said).toBe(0);
    const { engine } = JSON.parse(stdout);
    expect(engine).toMatchObject({ build: "gpu", name: expect.stringContaining("(GPU build)") });
    expect(engine.remark).toContain("not yet run on a GPU");
    expect(engine.device).toMatch(gpu ? /^gpu/ : /^cpu$/);
    const run = ["run", "supcon-sprs/table3", "--profile", "smoke", "--dry-run", "--engine"];
    expect(auscult(...run, "cpu")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("npm run setup -- --engine cpu"),
    });
    if (!gpu) expect(auscult(...run, "gpu").stderr).toContain("there is no NVIDIA driver on this machine");
  });

  it("trains to the losses of the CPU build, and is changed for it without a download", { timeout: 600_000 }, () => {
    const ours = train();
    expect(ours.engine).toContain("(GPU build, on ");
    expect(ours.device).toMatch(gpu ? /^gpu/ : /^cpu$/);
    const { status, said } = setUp("--engine", "cpu");
    expect(status, said).toBe(0);
    expect(said).not.toContain("downloading");
    const cpu = train();
    expect(cpu.engine).not.toContain("GPU");
    expect(setUp("--engine", "gpu").said).not.toMatch(/downloading|compiling/);

    expect(ours.losses).toHaveLength(cpu.losses.length);
    // The same kernels on a processor, rounded in another order at most; on a GPU others, with TensorFloat-32 in their products.
    const tolerance = gpu ? 2e-2 : 1e-5;
    const worst = Math.max(...ours.losses.map((loss, i) => Math.abs(loss - cpu.losses[i]!) / Math.abs(cpu.losses[i]!)));
    expect(worst).toBeLessThan(tolerance);
    expect(cpu.losses[0]).not.toBe(cpu.losses.at(-1));
  });

  it("changes nothing for a process that has the other build loaded", { timeout: 600_000 }, () => {
    setUp("--engine", "cpu");
    const { status, stdout, said } = node("node_modules/tsx/dist/cli.mjs", "test/setup/loadedBuild.ts", "gpu");
    expect(status, said).toBe(0);
    expect(path.basename(path.dirname(addon(copy)))).toMatch(/^tensorflow-2/);
    const { engine, ...numbers } = JSON.parse(stdout);
    expect(engine).not.toContain("GPU build");
    // 0 + 1 + 4 + 9 + 16; in each of two directions 3 taps at 6 places and 2 at the 2 borders, for 3 inputs and 4 outputs.
    expect(numbers).toEqual({ status: 0, before: 30, after: 30, taps: 22 * 22 * 12 });
  });

  it("passes the tests of the engine and of training", { timeout: 1_800_000 }, () => {
    const { status, said } = node("node_modules/vitest/vitest.mjs", "run", "test/engine", "test/training");
    expect(status, said.slice(-20_000)).toBe(0);
  });
});
