import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { dataCommand } from "../../src/cli/data.js";
import { UserError } from "../../src/userError.js";
import { FOUR_CYCLES, writeIcbhi } from "../datasets/icbhi/layoutFixture.js";
import { soundLayout, temporaryFolder, writeLayout } from "../datasets/sprsound/layoutFixture.js";

/** Runs the command and returns what it wrote. */
async function run(...words: string[]): Promise<{ stdout: string; stderr: string; exitCode: unknown }> {
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      written[name] += chunk;
      return true;
    });
  }
  process.exitCode = undefined;
  try {
    await dataCommand().parseAsync(words, { from: "user" });
    return { ...written, exitCode: process.exitCode };
  } finally {
    process.exitCode = undefined;
    vi.restoreAllMocks();
  }
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("auscult data", () => {
  it("check prints one JSON document, or a table", async () => {
    const folder = writeLayout(soundLayout());
    const { stdout, stderr, exitCode } = await run("check", "sprsound", "--data", folder, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ recordings: 5, patients: 3, events: 5, problems: [] });
    expect([stderr, exitCode]).toEqual(["", undefined]);
    vi.stubEnv("AUSCULT_DATA", folder);
    expect((await run("check", "sprsound")).stdout).toContain("No problems found.");
  });

  it("check ends with 1 where the data cannot be used, and still prints", async () => {
    const folder = writeLayout(soundLayout().slice(0, 4));
    const { stdout, exitCode } = await run("check", "sprsound", "--data", folder, "--json");
    expect(JSON.parse(stdout).problems).toMatchObject([{ severity: "error" }]);
    expect(exitCode).toBe(1);
  });

  it("check reads annotations and lists only when asked to", async () => {
    const folder = writeIcbhi([{ name: "301_1b1_Al_sc_Litt3200", annotation: FOUR_CYCLES }]);
    const { stdout, exitCode } = await run("check", "icbhi", "--data", folder, "--no-audio", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      recordings: 1,
      patients: 1,
      events: 4,
      byClass: { Normal: 1, Crackle: 1, Wheeze: 1, Both: 1 },
      bySplit: {},
      audio: { read: false },
      problems: [{ file: "ICBHI_challenge_train_test.txt" }, { file: "patient_list_foldwise.txt" }],
    });
    expect(exitCode).toBeUndefined();
    expect(JSON.parse((await run("check", "icbhi", "--data", folder, "--json")).stdout).audio.read).toBe(true);
  });

  it("check ends with 130 when it is interrupted, and leaves no listener", async () => {
    const folder = writeLayout(soundLayout());
    const listeners = process.listenerCount("SIGINT");
    const checking = run("check", "sprsound", "--data", folder, "--json");
    // What Ctrl-C calls, without those that the test runner has.
    process.listeners("SIGINT").at(-1)?.("SIGINT");
    const { stdout, stderr, exitCode } = await checking;
    expect([stdout, exitCode]).toEqual(["", 130]);
    expect(stderr).toContain("interrupted; nothing was changed");
    expect(process.listenerCount("SIGINT")).toBe(listeners);
  });

  it("refuses an unknown data set and a folder without data", async () => {
    await expect(run("check", "spr")).rejects.toThrow(
      new UserError('unknown data set "spr"; known: icbhi, icbhi-logmel, sprsound'),
    );
    await expect(run("check", "sprsound", "--data", temporaryFolder())).rejects.toThrow("auscult data demo DIR");
  });

  it("demo writes a set that check reads", async () => {
    const folder = path.join(temporaryFolder(), "new");
    const { stdout, stderr } = await run("demo", folder, "--seed", "3", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ folder, seed: 3, madeUp: true, sprsound: { recordings: 180 } });
    expect(stderr).toContain("made-up");
    expect(JSON.parse((await run("check", "sprsound", "--data", folder, "--json")).stdout)).toMatchObject({
      madeUp: true,
      recordings: 180,
      problems: [],
    });
  });
});
