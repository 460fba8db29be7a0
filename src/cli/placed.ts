import { Command } from "commander";
import { carryOutTask } from "../suite/placement/placedTask.js";
import { UserError } from "../userError.js";
import { stopSignal } from "./stopSignal.js";

/** `auscult placed`: what a cluster starts on a node; people ask for runs by `run --on`. */
export function placedCommand(): Command {
  return new Command("placed")
    .description("carry out one task of a submission: started by a cluster, on the node that it chose")
    .argument("<folder>", "of the submission, in mlruns/submissions")
    .argument("<index>", "of the task")
    .option("--with-parent", "stop in order when standard input ends, as when the process that holds it dies")
    .action(async (folder: string, text: string, { withParent }: { withParent?: boolean }) => {
      if (!/^\d+$/.test(text)) throw new UserError(`task ${text}: must be a whole number`);
      const say = (message: string) => process.stderr.write(`${message}\n`);
      const signal = withParent ? AbortSignal.any([stopSignal(), endOfInput()]) : stopSignal();
      const end = await carryOutTask(folder, Number(text), { signal, say }).finally(
        () => withParent && process.stdin.destroy(),
      );
      if (end === "cancelled") process.exitCode = 130;
    });
}

function endOfInput(): AbortSignal {
  const controller = new AbortController();
  process.stdin.once("end", () => controller.abort()).resume();
  return controller.signal;
}
