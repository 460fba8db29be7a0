import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { benchCommand } from "../../src/cli/bench.js";
import { projectRoot } from "../../src/node/paths.js";
import { soundLayout, temporaryFolder, writeLayout } from "../datasets/sprsound/layoutFixture.js";

function bench(args: readonly string[], env: Record<string, string> = {}) {
  const script = path.join(projectRoot(), "scripts", "auscult.mjs");
  const ended = spawnSync(process.execPath, [script, "bench", ...args], {
    encoding: "utf8",
    env: { ...process.env, AUSCULT_DATA: "", ...env },
  });
  return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

/**
 * Stands where Python would: a step with the paper's tools takes half a second by its own account, with one thread one second; torchaudio
 * is missing.
 */
function standIn(): string {
  const file = path.join(temporaryFolder(), "python.cjs");
  writeFileSync(
    file,
    `#!${process.execPath}
    const options = JSON.parse(process.argv[3]);
    const say = (answer) => console.log(JSON.stringify(answer));
    if (options.tools === "torchaudio") {
      say({ missing: "no torchaudio" });
      process.exit();
    }
    say({ ready: true, versions: { tool: process.env.OMP_NUM_THREADS ?? "default" } });
    require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
      if (line === "quit") process.exit();
      const seconds = Array(Number(line)).fill(options.threads === 1 ? 1 : 0.5);
      say({ seconds, loss: 0, cpuSeconds: 3 * seconds.length, peakMb: 1 });
    });
    `,
  );
  chmodSync(file, 0o755);
  return file;
}

describe("auscult bench features", () => {
  const env = () => ({ AUSCULT_REFERENCE_PYTHON: standIn(), OMP_NUM_THREADS: "7" });

  it("prints one JSON document: for each reference its time, ours, and their ratio with an interval", () => {
    const { status, stdout, stderr } = bench(
      ["features", "respirenet", "supcon-sprs", "--rounds", "5", "--clips", "1", "--json"],
      env(),
    );
    expect([status, stderr]).toEqual([0, expect.stringContaining("supcon-sprs  20 %: round 1 of 5")]);
    const results = JSON.parse(stdout);
    // In the order of the table, each with one thread, which the tools find in their environment, and with their own number.
    expect(results).toMatchObject([
      { name: "SupCon's MFCC, 3 s at 8 kHz", against: "librosa, 1 thread", versions: { tool: "1" }, reference: 1 },
      { against: "librosa, default threads", versions: { tool: "7" }, reference: 0.5 },
      { name: "RespireNet's image, 7 s at 4 kHz", against: "librosa and OpenCV, 1 thread", reference: 1 },
      { against: "librosa and OpenCV, default threads", reference: 0.5 },
    ]);
    for (const { ours, reference, ratio, low, high, rounds, cpuSeconds } of results) {
      expect(ours).toBeGreaterThan(0);
      expect(ratio).toBeCloseTo(ours / reference, 12);
      expect([rounds, low <= ratio, ratio <= high]).toEqual([5, true, true]);
      expect(cpuSeconds).toEqual({ ours: expect.any(Number), reference: 3 });
    }
  });

  it("says it in words without --json", () => {
    const { status, stdout } = bench(["features", "multibreath", "--rounds", "5", "--clips", "1"], env());
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Multi-breath's mel, 8 s at 16 kHz\n {2}ours: [\d.]+ ms a clip\n/);
    expect(stdout).toMatch(
      / {2}[\d.]+x \(90 % interval [\d.]+x to [\d.]+x, 5 rounds\) librosa, 1 thread: 1000\.00 ms a clip \(tool 1\)\n/,
    );
    expect(stdout).not.toContain("torchaudio");
  });

  it("refuses a recipe, a part or a number that is wrong, and says how to get the tools", async () => {
    vi.stubEnv("AUSCULT_REFERENCE_PYTHON", "/nowhere/python");
    for (const [words, said] of [
      [["features"], "npm run setup:reference"],
      [["features", "nonesuch"], "nonesuch"],
      [["features", "--rounds", "4"], "A whole number, 5 or more, is needed."],
      [["features", "--clips", "2.5"], "A whole number, 1 or more, is needed."],
      [["data", "nonesuch"], "nonesuch"],
      [["data", "--only", "all"], "store or epoch is needed."],
      [["data", "--workers", "0"], "A whole number, 1 or more, is needed."],
      [["data", "--store-workers", "-1"], "A whole number, 0 or more, is needed."],
    ] as const) {
      const command = benchCommand();
      for (const one of [command, ...command.commands]) one.exitOverride().configureOutput({ writeErr: () => {} });
      await expect(command.parseAsync(words, { from: "user" })).rejects.toThrow(said);
    }
    vi.unstubAllEnvs();
  });
});

describe("auscult bench data", () => {
  it("stores a data set, says what it took, and leaves nothing behind", () => {
    const data = writeLayout(soundLayout());
    const cache = temporaryFolder();
    const env = { AUSCULT_CACHE: cache };
    const args = ["data", "supcon-sprs", "--only", "store", "--store-workers", "1", "--data", data];
    const { status, stdout, stderr } = bench([...args, "--json"], env);
    expect([status, stderr.includes("made-up")]).toEqual([0, false]);
    const { madeUp, stores, epochs } = JSON.parse(stdout);
    // Five recordings of 16 bits, one of them without events; four events and one of both kinds.
    expect([madeUp, epochs, stores]).toMatchObject([
      false,
      [],
      [{ name: "supcon-sprs", recordings: 4, maps: 5, workers: 1, megabytesRead: expect.any(Number) }],
    ]);
    const [{ seconds, secondsDigests, secondsToOpen, shares, megabytesStored }] = stores;
    for (const time of [seconds, secondsDigests, secondsToOpen, megabytesStored]) expect(time).toBeGreaterThan(0);
    expect(secondsDigests).toBeLessThan(seconds);
    expect(shares.reading + shares.computing + shares.writing).toBeCloseTo(1, 12);
    expect(readdirSync(cache)).toEqual([]);
    const words = bench(args, env);
    expect([words.status, words.stdout]).toEqual([
      0,
      expect.stringMatching(/^supcon-sprs: .*\n {2}4 recordings to 5 stored maps in [\d.]+ s on 1 threads /),
    ]);
  });

  it("ends with 2 where the folder that was named holds no recordings", () => {
    const folder = temporaryFolder();
    const { status, stdout, stderr } = bench(["data", "supcon-sprs", "--only", "store", "--data", folder]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("sprsound");
    expect(existsSync(path.join(folder, "sprsound"))).toBe(false);
  });
});
