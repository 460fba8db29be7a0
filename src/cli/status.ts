import { Command } from "commander";
import { asClustersSee } from "../suite/placement/placedRuns.js";
import { knownRuns } from "../suite/running/knownRuns.js";
import { STATES, statusJson, statusText } from "../suite/running/statusText.js";

/** `auscult status`: what is done, running, failed, missing. */
export function statusCommand(): Command {
  return new Command("status")
    .description("what is done, running, waiting, failed, cancelled, begun")
    .argument("[id]", "an experiment, or a run (the beginning of its name will do); default: all")
    .option("--json", "print as JSON, by state")
    .addHelpText("after", "\nExample:\n  npx auscult status supcon-sprs/table3")
    .action(async (id: string | undefined, options: { json?: boolean }) => {
      const runs = await asClustersSee(knownRuns(id));
      if (!options.json) {
        process.stdout.write(statusText(runs, id !== undefined));
        return;
      }
      const byState = STATES.map((state) => [state, runs.filter((run) => run.state === state).map(statusJson)]);
      process.stdout.write(`${JSON.stringify(Object.fromEntries(byState))}\n`);
    });
}
