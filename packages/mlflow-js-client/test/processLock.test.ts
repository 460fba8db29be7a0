import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { identityOf, isRunning, tryLock, waitForLock } from "../src/processLock.js";
import { temporaryFolder } from "./support.js";

describe("processLock", () => {
  it("lets one in, and the next when it is released", async () => {
    const { folder, remove } = temporaryFolder();
    const file = path.join(folder, "a.lock");
    const release = tryLock(file)!;
    expect(tryLock(file)).toBeUndefined();
    expect(await waitForLock(file, 100)).toBeUndefined();
    release();
    expect(existsSync(file)).toBe(false);
    tryLock(file)!();
    remove();
  });

  it("breaks the lock of a dead process, and of a dead one whose number lives on", () => {
    const { folder, remove } = temporaryFolder();
    const file = path.join(folder, "a.lock");
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    for (const holder of [
      { pid: dead, host: hostname(), started: "1" },
      { ...identityOf(), started: "1" },
    ]) {
      expect(isRunning(holder)).toBe(false);
      writeFileSync(file, JSON.stringify(holder));
      tryLock(file)!();
    }
    remove();
  });

  it("keeps off the lock of another machine", () => {
    const { folder, remove } = temporaryFolder();
    const file = path.join(folder, "a.lock");
    writeFileSync(file, JSON.stringify({ pid: 1, host: "elsewhere", started: "" }));
    expect(tryLock(file)).toBeUndefined();
    remove();
  });
});
