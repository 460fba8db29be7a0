import { Command } from "commander";
import { asClustersSee, cancelPlaced } from "../suite/placement/placedRuns.js";
import { cancelRuns } from "../suite/running/cancelRuns.js";
import { knownRuns } from "../suite/running/knownRuns.js";
import { stopSignal } from "./stopSignal.js";

/** A step, an evaluation of a small set and a checkpoint take no longer. */
const PATIENCE_MS = 30_000;

/** `auscult cancel`: stops runs in order, whichever process has them. */
export function cancelCommand(): Command {
  return new Command("cancel")
    .description("stop runs in order, whichever process has them; what they did is kept")
    .argument("[id]", "an experiment, or a run (the beginning of its name will do); default: all")
    .option("--json", "print [{runId, name, outcome}] as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult cancel supcon-sprs/table3")
    .action(async (id: string | undefined, options: { json?: boolean }) => {
      const runs = await asClustersSee(knownRuns(id));
      const taken = cancelPlaced(runs);
      const cancelled = await cancelRuns(runs, {
        patienceMs: PATIENCE_MS,
        signal: stopSignal("no longer waiting; the runs were asked to stop"),
      });
      for (const problem of await taken) process.stderr.write(`${problem}\n`);
      if (options.json) {
        process.stdout.write(`${JSON.stringify(cancelled)}\n`);
        return;
      }
      const asked = cancelled.filter(({ outcome }) => outcome !== "not running");
      for (const { name, outcome } of asked)
        process.stdout.write(`${outcome === "stopped" ? "stopped" : "will stop after the step under way"}: ${name}\n`);
      if (asked.length === 0) process.stdout.write("nothing is running\n");
    });
}
