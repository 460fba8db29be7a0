import { Command } from "commander";
import { choosePlacement } from "../suite/placement/choosePlacement.js";
import { asClustersSee } from "../suite/placement/placedRuns.js";
import { placeOfRuns } from "../suite/placement/placeOfRuns.js";
import { knownRuns } from "../suite/running/knownRuns.js";
import { isResumable, resumeRuns } from "../suite/running/resumeRuns.js";
import { atLeast } from "./atLeast.js";
import { addPlaceOptions, type PlaceOptions, resourcesOf } from "./placeOptions.js";
import { RunsDisplay } from "./runsDisplay.js";
import { stopSignal } from "./stopSignal.js";

interface ResumeOptions extends PlaceOptions {
  jobs?: number;
  json?: boolean;
}

/** `auscult resume`: goes on with what was begun, cancelled or failed. */
export function resumeCommand(): Command {
  return addPlaceOptions(new Command("resume"))
    .description(
      "go on with runs that were begun, cancelled, failed, or asked for and never begun, where they were asked for",
    )
    .argument("[id]", "an experiment, or a run (the beginning of its name will do); default: all")
    .option(
      "--jobs <n>",
      "runs at once, each in a process of its own (default: 1; on a cluster all that fit)",
      atLeast(1),
    )
    .option("--json", "print the runs as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  npx auscult resume supcon-sprs/table3 --jobs 2\n  npx auscult resume --on slurm --partition short",
    )
    .action(async (id: string | undefined, options: ResumeOptions) => {
      const { jobs, detach, json } = options;
      const found = await asClustersSee(knownRuns(id));
      const display = new RunsDisplay();
      const others = found.filter(({ state }) => ["running", "waiting", "damaged"].includes(state));
      for (const { name, state, message } of others) display.say(`${state}: ${name}${message ? `: ${message}` : ""}`);
      const resumable = found.filter(isResumable);
      const before = options.on ? undefined : placeOfRuns(resumable);
      const on = options.on ?? before!.on;
      const resources = { ...before?.resources, ...resourcesOf({ ...options, on }) };
      const { placement } = await choosePlacement({ on, jobs: jobs ?? before?.resources?.atOnce, resources, detach });
      const outcome = await resumeRuns(resumable, {
        jobs: jobs ?? 1,
        placement,
        signal: on === "local" ? stopSignal() : stopSignal("no longer watching ..."),
        ...display.told(jobs ?? 1),
      }).finally(() => display.end());
      if (outcome.runs.length === 0 && outcome.failed === 0) process.stderr.write("nothing is left to go on with\n");
      if (json) process.stdout.write(`${JSON.stringify({ runs: outcome.runs })}\n`);
      else for (const { text } of outcome.tables) process.stdout.write(`${text}\n`);
      process.exitCode = outcome.exitCode;
    });
}
