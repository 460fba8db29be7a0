#!/usr/bin/env node
/**
 * Set-up, by itself: packages, the Python side, the native engine, the workspace package. Needs nothing but Node; does only
 * what is missing; may be stopped at any point and run again; may run twice at once. `--verbose` says so when nothing was to do;
 * `--reference` adds the tools that `auscult bench` compares with, `--export` the converters of `auscult export`. `--engine cpu|gpu` names the engine's build, for later set-ups too;
 * `--cuda` adds CUDA's libraries where there is no driver. Nodes that share the checkout may run it all at once; `--relink` takes
 * what another host linked or made, and this one cannot use, for this one.
 */
import { listenForSignals, throwIfInterrupted } from "./setup/child.mjs";
import { cacheFolder, Interrupted, projectLock, root, SetupError, say } from "./setup/common.mjs";
import { engineReady, installEngine, linkedBuild } from "./setup/engine.mjs";
import { engineChoice, remember } from "./setup/engineChoice.mjs";
import { libraryReady } from "./setup/library.mjs";
import { locked } from "./setup/lock.mjs";
import { nodeProblem, requireMachine } from "./setup/machine.mjs";
import { buildClient, clientReady, installPackages, packagesReady } from "./setup/packages.mjs";
import {
  exportReady,
  installExport,
  installPython,
  installReference,
  pythonReady,
  referenceReady,
} from "./setup/python.mjs";

const started = performance.now();
const args = process.argv.slice(2);
listenForSignals();
try {
  if (nodeProblem()) requireMachine();
  const choose = () => engineChoice(args, linkedBuild());
  const choice = choose();
  const relink = args.includes("--relink");
  const ourPythonReady = () => pythonReady({ remake: relink });
  const alone = (ready, make) => () => locked(projectLock, ready, make, throwIfInterrupted);
  const steps = [
    { ready: packagesReady, make: alone(packagesReady, installPackages), long: true },
    { ready: ourPythonReady, make: alone(ourPythonReady, installPython), long: true },
    {
      ready: () => engineReady(choose()),
      make: () => installEngine(choose, { goOn: throwIfInterrupted, relink }),
      long: !libraryReady(choice.build),
    },
    { ready: clientReady, make: alone(clientReady, buildClient) },
  ];
  if (args.includes("--reference")) {
    steps.push({ ready: referenceReady, make: alone(referenceReady, installReference) });
  }
  if (args.includes("--export")) steps.push({ ready: exportReady, make: alone(exportReady, installExport) });
  const size = choice.cuda ? 7.5 : choice.build === "gpu" ? 3.1 : 2.6;
  let made = 0;
  for (const step of steps) {
    if (step.ready()) continue;
    if (made === 0) {
      requireMachine();
      if (step.long) say(`setting up what is missing; from nothing it takes some minutes and ${size} GB on the disk`);
    }
    await step.make();
    made++;
  }
  remember(choice);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (made > 0) say(`ready in ${seconds} s`);
  else if (args.includes("--verbose")) say(`nothing to do (${seconds} s)`);
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
