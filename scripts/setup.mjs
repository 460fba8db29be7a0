#!/usr/bin/env node
/**
 * Set-up, by itself: packages, the Python side, the native engine, the workspace package. Needs nothing but Node; does only
 * what is missing; may be stopped at any point and run again; may run twice at once. `--verbose` says so when nothing was to do.
 */
import path from "node:path";
import { cacheFolder, root, SetupError, say } from "./setup/common.mjs";
import { engineReady, installEngine } from "./setup/engine.mjs";
import { locked } from "./setup/lock.mjs";
import { requireMachine } from "./setup/machine.mjs";
import { buildClient, clientReady, installPackages, packagesReady } from "./setup/packages.mjs";
import { installPython, pythonReady } from "./setup/python.mjs";

const started = performance.now();
// The child that works gets the signal too; this process stays to clean up behind it.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});

const projectLock = path.join(root, ".setup.lock");
const steps = [
  { ready: packagesReady, make: installPackages, lock: projectLock },
  { ready: pythonReady, make: installPython, lock: projectLock },
  { ready: engineReady, make: installEngine, lock: path.join(cacheFolder(), "setup.lock") },
  { ready: clientReady, make: buildClient, lock: projectLock },
];

try {
  let made = 0;
  for (const step of steps) {
    if (step.ready()) continue;
    if (made === 0) requireMachine();
    locked(step.lock, step.ready, step.make);
    made++;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (made > 0) say(`ready in ${seconds} s`);
  else if (process.argv.includes("--verbose")) say(`nothing to do (${seconds} s)`);
} catch (error) {
  const plain = error instanceof SetupError || ["ENOSPC", "EACCES", "EROFS"].includes(error.code);
  console.error(`[setup] ${plain ? error.message : error.stack}`);
  process.exitCode = 1;
}
