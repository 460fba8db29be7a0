import { Command } from "commander";
import { knownRuns } from "../suite/running/knownRuns.js";
import { isResumable, resumeRuns } from "../suite/running/resumeRuns.js";
import { atLeast } from "./atLeast.js";
import { RunsDisplay } from "./runsDisplay.js";
import { stopSignal } from "./stopSignal.js";

/** `auscult resume`: goes on with what was begun, cancelled or failed. */
export function resumeCommand(): Command {
  return new Command("resume")
    .description("go on with runs that were begun, cancelled, failed, or asked for and never begun")
    .argument("[id]", "an experiment, or a run (the beginning of its name will do); default: all")
    .option("--jobs <n>", "runs at once, each in a process of its own", atLeast(1), 1)
    .option("--json", "print the runs as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult resume supcon-sprs/table3 --jobs 2")
    .action(async (id: string | undefined, { jobs, json }: { jobs: number; json?: boolean }) => {
      const found = knownRuns(id);
      const display = new RunsDisplay();
      const others = found.filter(({ state }) => ["running", "waiting", "damaged"].includes(state));
      for (const { name, state, message } of others) display.say(`${state}: ${name}${message ? `: ${message}` : ""}`);
      const outcome = await resumeRuns(found.filter(isResumable), {
        jobs,
        signal: stopSignal(),
        ...display.told(jobs),
      }).finally(() => display.end());
      if (outcome.runs.length === 0 && outcome.failed === 0) process.stderr.write("nothing is left to go on with\n");
      if (json) process.stdout.write(`${JSON.stringify({ runs: outcome.runs })}\n`);
      else for (const { text } of outcome.tables) process.stdout.write(`${text}\n`);
      process.exitCode = outcome.exitCode;
    });
}
