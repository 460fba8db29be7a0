import { describe, expect, test, vi } from "vitest";
import type { Paper, RunRequest } from "../../src/papers/paper.js";
import { paper as supcon } from "../../src/papers/supconSprs/index.js";
import { type PlanOptions, planRuns } from "../../src/suite/plan.js";
import { aboutBf16, precisionNamed } from "../../src/suite/precision.js";
import { runTags } from "../../src/suite/recording/runTags.js";
import { findExperiment } from "../../src/suite/registry.js";
import { reportModel } from "../../src/suite/reporting/report.js";
import { renderReport, renderTable } from "../../src/suite/reporting/reportPage.js";
import { renderRun } from "../../src/suite/runSummary.js";
import { soundLayout, writeLayout } from "../datasets/sprsound/layoutFixture.js";
import { madeUpRecord } from "./madeUpRecord.js";

const entry = await findExperiment("supcon-sprs/table3");
const cell = { rows: ["ResNet 18"], tasks: ["21"], protocols: ["published" as const], profile: "quick" as const };

describe("asking for a precision", () => {
  const dataDir = writeLayout(soundLayout());
  const planned = (over: Partial<PlanOptions> = {}) => planRuns(entry, supcon, { ...cell, dataDir, ...over })[0]!;

  test("another run: it has a signature, an identifier and a folder of its own, and what differs is the precision alone", () => {
    const [usual, rough] = [planned(), planned({ precision: "bf16" })];
    for (const key of ["signature", "runId", "folder"] as const) expect(rough[key]).not.toBe(usual[key]);
    expect(rough.settings).toEqual({ ...usual.settings, precision: "bf16" });
    expect([usual.precision, rough.precision]).toEqual(["float32", "bf16"]);
    expect(rough.request.precision).toBe("bf16");
    expect(runTags(entry, usual).precision).toBe("float32");
    expect(runTags(entry, rough)).toMatchObject({ precision: "bf16", signature: rough.signature });
  });

  test("float32 said is float32 not said: runs from before the choice keep their names", () => {
    const said = planned({ precision: "float32" });
    expect(said.signature).toBe(planned().signature);
    expect(said.request).toEqual(planned().request);
    expect(said.settings).not.toHaveProperty("precision");
  });

  test("a word that names none is refused with those there are, before any data is read", () => {
    const prepare = vi.fn();
    const paper: Paper = { id: "none", citation: "", prepare };
    const ask = (precision: string) => () =>
      planRuns(entry, paper, { ...cell, dataDir: "/nowhere", ...({ precision } as object) });
    for (const word of ["fp16", "BF16", "bfloat16", ""]) {
      expect(ask(word)).toThrow(`--precision ${word}: must be float32 or bf16`);
      expect(ask(word)).toThrow(expect.objectContaining({ name: "UserError", exitCode: 2 }));
    }
    expect(prepare).not.toHaveBeenCalled();
    expect(precisionNamed("bf16")).toBe("bf16");
  });

  test("a paper that does not say that it trains in bf16 is not taken to", () => {
    const deaf: Paper = {
      ...supcon,
      prepare(request: RunRequest) {
        const { precision: _, ...rest } = supcon.prepare(request);
        return rest;
      },
    };
    const ask = (precision: "float32" | "bf16") => () => planRuns(entry, deaf, { ...cell, dataDir, precision });
    expect(ask("bf16")).toThrow('--precision bf16: "ResNet 18" of supcon-sprs/table3 is trained in float32 alone');
    expect(ask("float32")).not.toThrow();
  });
});

test("a run in bf16 never shares a cell with float32 runs, is not comparable, and says what it was computed in", () => {
  const usual = [0, 1].map((seed) => madeUpRecord({ runId: `usual${seed}`, request: { seed }, score: 0.7 }));
  const rough = [0, 1, 2].map((seed) => ({
    ...madeUpRecord({ runId: `rough${seed}`, request: { seed, precision: "bf16" }, score: 0.5 }),
    precision: "bf16" as const,
  }));
  const named = { ...madeUpRecord({ runId: "named", request: { seed: 2 } }), precision: "float32" as const };
  const model = reportModel(entry, [...usual, ...rough, named]);
  const cells = model.cells.filter(({ ours }) => ours !== null);
  expect(
    cells.map(({ variant, ours, verdict, why }) => [variant, ours!.mean!.toFixed(3), ours!.n, verdict, why]),
  ).toEqual([
    ["honest, full", "0.700", 3, "not comparable", "other protocol"],
    ["honest, full, bf16", "0.500", 3, "not comparable", "other protocol, other precision"],
  ]);
  expect(renderTable(model)).toContain("(honest, full, bf16)");
  const [first, last] = [model.runs[0]!, model.runs[4]!];
  expect(first.provenance.precision).toBe("float32");
  expect(first.provenance["made by"]).not.toContain("--precision");
  expect(last.provenance.precision).toBe("bf16 training steps, float32 evaluation");
  expect(last.provenance["made by"]).toMatch(/--seed 2 --precision bf16$/);
  expect(renderReport(model, { plotlyScript: "" })).toContain("bf16 training steps, float32 evaluation");
  expect(renderRun(rough[0]!)).toMatch(/^ResNet 18, task 11, honest, full, seed 0, bf16\n/);
});

describe("what is said before", () => {
  test("that it is experimental; that it is slow, where the processor has slow instructions for it or none", () => {
    expect(aboutBf16("cpu", "full")).toBe(
      'bf16 is experimental: its numbers stand in cells of their own (README, "Precision")',
    );
    expect(aboutBf16("cpu", "half")).toMatch(/slow instructions for it: steps take longer than in float32$/);
    expect(aboutBf16("cpu", "emulated")).toMatch(
      /^bf16 is experimental.*; this processor has no instructions for it: .* three to ten times/,
    );
    expect(aboutBf16("cpu", undefined)).toMatch(/whether this processor has instructions for it is not known/);
  });

  test("nothing, where a GPU computes: it is refused, since the steps would be float32", () => {
    expect(() => aboutBf16("gpu (NVIDIA)", "full")).toThrow(
      "--precision bf16: only where the processor computes; here it is the gpu (NVIDIA). Leave it out",
    );
  });
});
