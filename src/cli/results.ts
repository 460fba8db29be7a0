import { Command } from "commander";
import { exportResults } from "../suite/exportResults.js";
import { ownRecords } from "../suite/runRecord.js";

/** `auscult results export`. */
export function resultsCommand(): Command {
  return new Command("results").description("numbers of real runs, as files to commit").addCommand(
    new Command("export")
      .description("write the numbers of finished runs on recordings to experiments/<paper>/results/")
      .argument("[ids...]", "experiments (default: all)")
      .option("--json", "print the files as JSON")
      .addHelpText("after", "\nExample:\n  npx auscult results export supcon-sprs/table3")
      .action((ids: string[], options: { json?: boolean }) => {
        const records = ownRecords((message) => process.stderr.write(`${message}\n`));
        const files = exportResults(records, ids);
        if (options.json) process.stdout.write(`${JSON.stringify({ files })}\n`);
        else process.stdout.write(`${files.join("\n")}\n`);
      }),
  );
}
