import { Command } from "commander";
import { checkDataset } from "../../datasets/check.js";
import { dataFolder } from "../../node/paths.js";

/** `auscult data check NAME`. */
export function dataCheckCommand(): Command {
  return new Command("check")
    .description("read and validate a data set; exit code 1 where it cannot be used as it is")
    .argument("<name>", "sprsound")
    .option("--data <dir>", "folder that holds the data sets (default: AUSCULT_DATA, else data/)")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult data check sprsound --data ~/recordings")
    .action((name: string, options: { data?: string; json?: boolean }) => {
      const { result, text, errors } = checkDataset(name, dataFolder(options.data));
      process.stdout.write(`${options.json ? JSON.stringify(result) : text}\n`);
      if (errors > 0) process.exitCode = 1;
    });
}
