import { Command } from "commander";
import { dataFolder } from "../node/paths.js";
import { examine } from "../suite/doctor.js";

/** `auscult doctor`: what was found on the machine. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("what was found on this machine, and what to do about what was not")
    .option("--data <dir>", "the folder that holds the data sets")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult doctor")
    .action(async (options: { data?: string; json?: boolean }) => {
      const found = await examine(dataFolder(options.data));
      if (options.json) process.stdout.write(`${JSON.stringify(found)}\n`);
      else {
        for (const [what, state] of Object.entries(found.summary))
          process.stdout.write(`${what.padEnd(12)} ${state}\n`);
        for (const { what, mend } of found.problems) process.stdout.write(`  ! ${what}: ${mend}\n`);
      }
      if (!found.canRun) process.exitCode = 1;
    });
}
