#!/usr/bin/env node
/**
 * All checks, then all tests; `--slow` adds the slow ones, `--cluster` runs those alone that start a Slurm or a Ray of this machine. Other arguments go to vitest, as in `npm test -- test/audio`. The last line
 * counts; tests that were skipped are named with what they need.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "./setup/common.mjs";

const args = process.argv.slice(2);
const slow = args.includes("--slow");
const cluster = args.includes("--cluster");
const named = args.filter((arg) => arg !== "--slow" && arg !== "--cluster");
const filters = cluster && named.length === 0 ? ["test/cluster"] : named;
const run = (command, ...rest) => spawnSync(command, rest, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env });
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "auscult-test-"));
const env = {
  ...process.env,
  AUSCULT_ROOT: root,
  ...(slow && { AUSCULT_TEST_SLOW: "1" }),
  ...(cluster && { AUSCULT_TEST_CLUSTER: "1" }),
};

let status = 0;
try {
  if (filters.length === 0) status ||= run(process.execPath, "scripts/check.mjs").status ?? 1;
  const json = path.join(scratch, "results.json");
  const vitest = path.join(root, "node_modules/.bin/vitest");
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${json}`];
  status ||= run(vitest, "run", ...reporters, ...filters).status ?? 1;
  const { numPassedTests, numFailedTests, numPendingTests, testResults, success } = JSON.parse(
    fs.readFileSync(json, "utf8"),
  );
  const skipped = testResults.flatMap((file) =>
    file.assertionResults.filter((test) => test.status === "skipped" || test.status === "pending"),
  );
  if (skipped.length > 0) {
    console.log(`\nskipped (recordings: set AUSCULT_DATA; others say what they need):`);
    for (const { fullName } of skipped) console.log(`  ${fullName}`);
  }
  if (!success) status ||= 1;
  console.log(
    `\n${numPassedTests} passed, ${numFailedTests + (status !== 0 && numFailedTests === 0 ? 1 : 0)} failed, ${numPendingTests} skipped`,
  );
} catch (error) {
  console.log(`\nthe tests did not finish: ${error.message}\n\n0 passed, 1 failed`);
  status ||= 1;
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = status;
