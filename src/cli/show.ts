import { Command } from "commander";
import { findExperiment } from "../suite/registry.js";
import { reportModel } from "../suite/report.js";
import { renderTable } from "../suite/reportPage.js";
import { allRecords } from "../suite/runRecord.js";

/** `auscult show`: one experiment in full. */
export function showCommand(): Command {
  return new Command("show")
    .description("show one experiment in full: printed cells, flags, ambiguities, its runs so far")
    .argument("<id>", "such as supcon-sprs/table3")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult show supcon-sprs/table3")
    .action(async (id: string, options: { json?: boolean }) => {
      const entry = await findExperiment(id);
      const records = allRecords((message) => process.stderr.write(`${message}\n`));
      const own = records.filter((record) => record.request.experiment === id);
      if (options.json) process.stdout.write(`${JSON.stringify({ ...entry, runs: own })}\n`);
      else process.stdout.write(`${renderTable(reportModel(entry, records))}\n\n  to run a cell: ${entry.command}\n`);
    });
}
