#!/usr/bin/env node
/**
 * Set-up, by itself: packages, the Python side, the native engine, the workspace package. Needs nothing but Node; does only
 * what is missing; may be stopped at any point and run again; may run twice at once. `--verbose` says so when nothing was to do;
 * `--reference` adds the tools that `auscult bench` compares with.
 */
import path from "node:path";
import { listenForSignals, throwIfInterrupted } from "./setup/child.mjs";
import { cacheFolder, Interrupted, root, SetupError, say } from "./setup/common.mjs";
import { engineReady, installEngine } from "./setup/engine.mjs";
import { locked } from "./setup/lock.mjs";
import { nodeProblem, requireMachine } from "./setup/machine.mjs";
import { buildClient, clientReady, installPackages, packagesReady } from "./setup/packages.mjs";
import { installPython, installReference, pythonReady, referenceReady } from "./setup/python.mjs";

const started = performance.now();
const projectLock = path.join(root, ".setup.lock");
const steps = [
  { ready: packagesReady, make: installPackages, lock: projectLock },
  { ready: pythonReady, make: installPython, lock: projectLock },
  { ready: engineReady, make: installEngine, lock: path.join(cacheFolder(), "setup.lock") },
  { ready: clientReady, make: buildClient, lock: projectLock },
];
if (process.argv.includes("--reference")) {
  steps.push({ ready: referenceReady, make: installReference, lock: projectLock });
}

listenForSignals();
try {
  if (nodeProblem()) requireMachine();
  let made = 0;
  for (const step of steps) {
    if (step.ready()) continue;
    if (made === 0) {
      requireMachine();
      if (step.make !== buildClient && step.make !== installReference)
        say("setting up what is missing; from nothing it takes some minutes and 2.6 GB on the disk");
    }
    await locked(step.lock, () => step.ready(), step.make, throwIfInterrupted);
    made++;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (made > 0) say(`ready in ${seconds} s`);
  else if (process.argv.includes("--verbose")) say(`nothing to do (${seconds} s)`);
} catch (error) {
  process.exitCode = error instanceof Interrupted ? 130 : 1;
  const { code, message, stack, path: where } = error;
  if (error instanceof Interrupted || error instanceof SetupError) say(message);
  else if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    say(
      `cannot write ${where} (${code}). Set-up writes in ${root} and in ${cacheFolder()} (AUSCULT_CACHE names another folder).`,
    );
  } else if (code === "ENOSPC" || code === "EDQUOT") {
    say(`the disk is full (${where ?? message}). Make room, then run the same command again.`);
  } else say(stack);
}
