import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { largePages } from "../../src/node/largePages.js";

const MANY = 256 * 2 ** 20;
/** Fills memory, and prints how much of the process lies in large pages, in kB. */
const PROGRAM = `const held = Buffer.alloc(${MANY}, 1);
const [, kilobytes] = /AnonHugePages: *(\\d+)/.exec(require("node:fs").readFileSync("/proc/self/smaps_rollup", "utf8"));
process.stdout.write(held[7] * Number(kilobytes) + "");`;
const large = (environment: NodeJS.ProcessEnv) => {
  const env = { ...process.env, ...environment };
  return 1024 * Number(spawnSync(process.execPath, ["-e", PROGRAM], { env, encoding: "utf8" }).stdout);
};
/** Whether programs are given large pages if they ask for them, and only then, by a C library that can ask. */
const asked = () => {
  const { glibcVersionRuntime = "0.0" } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } })
    .header;
  const [major, minor] = glibcVersionRuntime.split(".").map(Number);
  if (major !== 2 || minor! < 35) return false;
  return readFileSync("/sys/kernel/mm/transparent_hugepage/enabled", "utf8").includes("[madvise]");
};

test.skipIf(process.platform !== "linux" || !asked())("memory of a process that trains lies in large pages", () => {
  expect(large({ GLIBC_TUNABLES: "" })).toBeLessThan(MANY / 2);
  expect(large(largePages({}))).toBeGreaterThan(MANY / 2);
});

test("what somebody has set stays, nothing too", () => {
  expect(largePages({ GLIBC_TUNABLES: "glibc.malloc.check=1" })).toEqual({ GLIBC_TUNABLES: "glibc.malloc.check=1" });
  expect(largePages({ GLIBC_TUNABLES: "" })).toEqual({ GLIBC_TUNABLES: "" });
});
