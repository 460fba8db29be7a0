import { describe, expect, it } from "vitest";
import { judgeBuild } from "../../src/suite/doctor.js";

describe("what is said of a build", () => {
  const cpu = { kind: "cpu", cuda: false } as const;
  const gpu = { kind: "gpu", cuda: true } as const;

  it("nothing of the CPU build where there is no driver", () =>
    expect(judgeBuild(cpu, "cpu", false)).toEqual({ remark: null }));

  it("how to use the GPU, where there is a driver", () => {
    const { remark, problem } = judgeBuild(cpu, "cpu", true);
    expect(remark).toMatch(/driver is here: run `npm run setup -- --engine gpu`/);
    expect(problem).toBeUndefined();
  });

  it.each([
    { device: "cpu", driver: false },
    { device: "gpu (NVIDIA H100 80GB HBM3)", driver: true },
  ])("that the GPU build is not yet run on a GPU: $device", ({ device, driver }) => {
    const { remark, problem } = judgeBuild(gpu, device, driver);
    expect(remark).toContain("not yet run on a GPU");
    expect(problem).toBeUndefined();
  });

  it("a problem, where there is a driver and no GPU is used", () => {
    expect(judgeBuild({ ...gpu, cuda: false }, "cpu", true).problem?.mend).toMatch(
      /CUDA.*npm run setup -- --engine gpu/,
    );
    expect(judgeBuild(gpu, "cpu", true).problem?.mend).toMatch(/^TensorFlow finds no GPU/);
  });
});
