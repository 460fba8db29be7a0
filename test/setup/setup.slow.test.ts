import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { root, scratch } from "./scripts.js";

/**
 * A clone of the last commit with an engine cache of its own, interrupted at every stage, then finished. It needs a network, 3 GB on the
 * disk of the temporary folder and several minutes.
 */
describe("set-up of a clean clone", () => {
  let folder: string;
  let clone: string;
  let cache: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    folder = scratch();
    clone = path.join(folder, "auscult");
    cache = path.join(folder, "cache");
    env = { ...process.env, AUSCULT_CACHE: cache };
    expect(spawnSync("git", ["clone", "-q", root, clone]).status).toBe(0);
  });

  function start(): { child: ChildProcess; said: () => string; ended: Promise<number | null> } {
    const child = spawn(process.execPath, ["scripts/setup.mjs", "--verbose"], { cwd: clone, env });
    let text = "";
    child.stderr?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    return { child, said: () => text, ended };
  }

  const leftovers = () =>
    fs.existsSync(cache) ? fs.readdirSync(cache).filter((name) => name.startsWith("making-")) : [];

  const stages = ["npm ci", "Python environment", "downloading", "unpacking", "compiling"];
  const cases = stages.flatMap((stage) =>
    (["SIGINT", "SIGTERM", "SIGKILL"] as const).map((signal) => ({ stage, signal })),
  );

  it.each(cases)("ends on $signal in the stage: $stage", { timeout: 900_000 }, async ({ stage, signal }) => {
    const { child, said, ended } = start();
    let code: number | null | undefined;
    ended.then((value) => {
      code = value;
    });
    while (!said().includes(`${stage}`) && code === undefined) await sleep(50);
    expect(code, said()).toBeUndefined();
    await sleep(1000);
    child.kill(signal);
    await ended;
    if (signal === "SIGKILL") return;
    expect(code).toBe(130);
    expect(said()).toContain("The same command goes on from here.");
    expect(leftovers()).toEqual([]);
  });

  it("then goes on to the end, twice at once", { timeout: 900_000 }, async () => {
    const both = [start(), start()];
    expect(await Promise.all(both.map(({ ended }) => ended)), both.map(({ said }) => said()).join("\n---\n")).toEqual([
      0, 0,
    ]);
    expect(leftovers()).toEqual([]);
    expect(spawnSync("git", ["status", "--porcelain"], { cwd: clone, encoding: "utf8" }).stdout).toBe("");
  });

  it("then has nothing to do, and the program runs", async () => {
    const again = start();
    expect(await again.ended).toBe(0);
    expect(again.said()).toMatch(/^\[setup\] nothing to do \(\d\.\d s\)\n$/);
    const help = spawnSync("npx", ["auscult", "--help"], { cwd: clone, env, encoding: "utf8" });
    expect(help.stdout).toContain("Usage: auscult");
  });

  it("notices that the clone was moved, and keeps the engine", { timeout: 900_000 }, async () => {
    const moved = path.join(folder, "moved");
    fs.renameSync(clone, moved);
    clone = moved;
    const { said, ended } = start();
    expect(await ended, said()).toBe(0);
    expect(said()).toContain("Python environment");
    expect(said()).not.toMatch(/npm ci|downloading|compiling/);
    const mlflow = spawnSync(path.join(moved, ".venv/bin/mlflow"), ["--version"], { encoding: "utf8" });
    expect(mlflow.stdout).toContain("mlflow, version 3.");
  });
});
