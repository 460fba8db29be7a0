import { Command } from "commander";
import { writeFileAtomic } from "../node/atomicFile.js";
import { experimentIds, findExperiment } from "../suite/registry.js";
import { plotlyScript, reportModel } from "../suite/report.js";
import { renderReport, renderTable } from "../suite/reportPage.js";
import { allRecords } from "../suite/runRecord.js";
import { UserError } from "../userError.js";

/** `auscult report`: ours beside printed. */
export function reportCommand(): Command {
  return new Command("report")
    .description("tables of ours against printed, from finished runs and committed results")
    .argument("[ids...]", "experiments (default: those with runs)")
    .option("--out <file.html>", "write one self-contained page (one experiment)")
    .option("--json", "print the cells as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult report supcon-sprs/table3 --out report.html")
    .action(async (given: string[], options: { out?: string; json?: boolean }) => {
      const records = allRecords((message) => process.stderr.write(`${message}\n`));
      const withRuns = experimentIds().filter((id) => records.some(({ request }) => request.experiment === id));
      const ids = given.length > 0 ? given : withRuns;
      if (ids.length === 0)
        throw new UserError("no run is finished yet; `npx auscult run ID` makes one, `npx auscult list` shows the ids");
      const models = await Promise.all(ids.map(async (id) => reportModel(await findExperiment(id), records)));
      if (options.out) {
        if (models.length > 1) throw new UserError(`--out writes one experiment's page; name one of ${ids.join(", ")}`);
        writeFileAtomic(options.out, renderReport(models[0]!, { plotlyScript: plotlyScript() }));
        process.stderr.write(`${options.out}\n`);
      }
      if (options.json) process.stdout.write(`${JSON.stringify({ cells: models.flatMap((model) => model.cells) })}\n`);
      else for (const model of models) process.stdout.write(`${renderTable(model)}\n`);
    });
}
