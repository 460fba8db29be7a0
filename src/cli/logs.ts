import { existsSync } from "node:fs";
import { Command } from "commander";
import { readLog } from "../suite/running/followLog.js";
import { oneFolder } from "../suite/running/knownRuns.js";
import { logFile } from "../suite/running/runLog.js";
import { UserError } from "../userError.js";
import { stopSignal } from "./stopSignal.js";

/** `auscult logs`: the log of one run. */
export function logsCommand(): Command {
  return new Command("logs")
    .description("print the log of a run: its attempts, epochs, warnings, and how it ended")
    .argument("<run>", "its name, as `status` shows it; the beginning will do")
    .option("-f, --follow", "go on as long as it runs")
    .option("--json", "print {runId, file, lines} as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult logs supcon-sprs-table3_cnn_11 --follow")
    .action(async (which: string, { follow = false, json }: { follow?: boolean; json?: boolean }) => {
      const { id, folder } = oneFolder(which);
      if (!existsSync(logFile(folder)) && !follow)
        throw new UserError(`${id} has no log: it was not begun, or by an earlier version`, 1);
      const pieces: string[] = [];
      const write = (text: string) => (json ? pieces.push(text) : process.stdout.write(text));
      const signal = follow ? stopSignal("stopped following") : new AbortController().signal;
      await readLog(folder, { follow, signal, write });
      const lines = pieces.join("").trimEnd().split("\n");
      if (json) process.stdout.write(`${JSON.stringify({ runId: id, file: logFile(folder), lines })}\n`);
    });
}
