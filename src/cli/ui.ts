import path from "node:path";
import { Command } from "commander";
import { openBrowser } from "../node/openBrowser.js";
import { mlrunsFolder } from "../node/paths.js";
import { findExperiment } from "../suite/registry.js";
import { stopServer } from "../tracking/localServer.js";
import { describeSync } from "../tracking/sync.js";
import { trackerPage } from "../tracking/trackerPage.js";
import { ProgressLine } from "./progressLine.js";

interface UiOptions {
  stop?: boolean;
  browser: boolean;
  json?: boolean;
}

/** `auscult ui`: the tracking server's page. */
export function uiCommand(): Command {
  return new Command("ui")
    .description("send what waits to be sent, and open the tracking server's page; --stop stops the local server")
    .argument("[experiment]", "the experiment whose runs to show (default: the list of experiments)")
    .option("--stop", "stop the local server; runs stay where they are")
    .option("--no-browser", "print the address only")
    .option("--json", "print the address and what was sent as JSON, and open no browser")
    .addHelpText(
      "after",
      `
Examples:
  npx auscult ui                       the list of experiments
  npx auscult ui supcon-sprs/table3    the runs of one
  npx auscult ui --stop

The local server keeps its database and files in mlruns/, is reached from this machine only, and runs until it is stopped.
Set MLFLOW_TRACKING_URI to use another one.`,
    )
    .action((experiment: string | undefined, options: UiOptions) =>
      options.stop ? stop(options) : show(experiment, options),
    );
}

async function stop(options: UiOptions): Promise<void> {
  const stopped = await stopServer({ mlrunsFolder: mlrunsFolder() });
  if (options.json) process.stdout.write(`${JSON.stringify({ stopped })}\n`);
  else process.stderr.write(stopped ? "The tracking server was stopped.\n" : "No local tracking server runs.\n");
}

async function show(experiment: string | undefined, options: UiOptions): Promise<void> {
  const line = new ProgressLine();
  line.say("Looking for the tracking server (starting it takes some seconds) ...");
  const { address, found, startedNow, pid, sync } = await trackerPage({
    mlrunsFolder: mlrunsFolder(),
    experiment,
    say: (message) => line.say(message),
    onProgress: ({ runFolder, sentBytes, totalBytes }) =>
      line.show({
        phase: "sending",
        fraction: totalBytes === 0 ? 1 : sentBytes / totalBytes,
        detail: path.basename(runFolder),
      }),
  });
  line.end();
  const { runs, sent, pending, rejected, problem } = sync;
  if (runs.length > 0) line.say(describeSync(sync));
  if (!found) {
    await findExperiment(experiment!);
    line.say(`nothing of ${experiment} has been recorded yet: this is the list of experiments`);
  }
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ address, startedNow, pid, sync: { sent, pending, rejected, problem } })}\n`,
    );
  else process.stdout.write(`${address}\n`);
  if (options.browser && !options.json) openBrowser(address);
}
