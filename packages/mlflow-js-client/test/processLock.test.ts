import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
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

  it("keeps off the lock of another machine while it is renewed, and breaks it afterwards", () => {
    const { folder, remove } = temporaryFolder();
    const file = path.join(folder, "a.lock");
    writeFileSync(file, JSON.stringify({ pid: 1, host: "elsewhere", started: "" }));
    expect(tryLock(file)).toBeUndefined();
    const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);
    utimesSync(file, minutes(-2), minutes(-2));
    expect(tryLock(file)).toBeUndefined();
    // Long ago, or in a future that a clock set back has made.
    for (const time of [minutes(-4), minutes(600)]) {
      writeFileSync(file, JSON.stringify({ pid: 1, host: "elsewhere", started: "" }));
      utimesSync(file, time, time);
      tryLock(file)!();
    }
    remove();
  });

  it("breaks a lock that a power cut left empty, but not at once", () => {
    const { folder, remove } = temporaryFolder();
    const file = path.join(folder, "a.lock");
    writeFileSync(file, "");
    expect(tryLock(file)).toBeUndefined();
    utimesSync(file, new Date(0), new Date(0));
    tryLock(file)!();
    remove();
  });

  it("removes what killed processes left beside the lock, and nothing else", () => {
    const { folder, remove } = temporaryFolder();
    const file = path.join(folder, "a.lock");
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    const left = `a.lock.${dead}.0123456789ab.tmp`;
    writeFileSync(path.join(folder, left), JSON.stringify({ pid: dead, host: hostname(), started: "1" }));
    const mine = `a.lock.${process.pid}.0123456789ab.tmp`;
    writeFileSync(path.join(folder, mine), JSON.stringify(identityOf()));
    writeFileSync(path.join(folder, "a.lock.json"), "");
    const release = tryLock(file)!;
    expect(readdirSync(folder).sort()).toEqual(["a.lock", mine, "a.lock.json"].sort());
    release();
    remove();
  });

  it("is held by one of many processes at a time, also when holders are killed", async () => {
    const { folder, remove } = temporaryFolder();
    const file = path.join(folder, "a.lock");
    const module = fileURLToPath(new URL("../dist/processLock.js", import.meta.url));
    // Each adds to a number in a file, which two at once would lose; every third dies with the lock in its hands.
    const script = `
      import { waitForLock } from ${JSON.stringify(module)};
      import { readFileSync, writeFileSync } from "node:fs";
      const counter = ${JSON.stringify(path.join(folder, "count"))};
      const release = await waitForLock(${JSON.stringify(file)}, 60_000);
      const count = Number(readFileSync(counter, "utf8"));
      await new Promise((resolve) => setTimeout(resolve, 20));
      writeFileSync(counter, String(count + 1));
      if (count % 3 === 2) process.kill(process.pid, "SIGKILL");
      release();`;
    writeFileSync(path.join(folder, "count"), "0");
    const ended = Array.from({ length: 9 }, async () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
      await once(child, "close");
    });
    await Promise.all(ended);
    expect(readFileSync(path.join(folder, "count"), "utf8")).toBe("9");
    remove();
  });
});
