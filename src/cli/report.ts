import { Command, InvalidArgumentError, Option } from "commander";
import type { Protocol } from "../datasets/split.js";
import type { Profile } from "../papers/paper.js";
import { reportModels } from "../suite/reporting/reportModels.js";
import { renderTable } from "../suite/reporting/reportTable.js";

interface ReportCommandOptions {
  out?: string;
  json?: boolean;
  protocol?: Protocol[];
  profile?: Profile[];
  data?: string;
  tracker?: boolean;
}

/** `auscult report`: ours beside printed. */
export function reportCommand(): Command {
  return new Command("report")
    .description(
      "tables of ours against printed, with intervals and verdicts, from finished runs and committed results",
    )
    .argument(
      "[ids...]",
      'experiments, or patterns such as "supcon-sprs/*"; default: all (as text: those with numbers of ours)',
    )
    .option(
      "--out <file.html>",
      "write a page that needs no network: of one experiment, or an overview with a folder of pages",
    )
    .option("--json", "print the cells as JSON")
    .addOption(repeated("--protocol <name>", "only runs of this protocol", ["published", "honest"]))
    .addOption(repeated("--profile <name>", "only runs of this budget", ["smoke", "quick", "full"]))
    .option("--tracker", "fetch the records of runs that only the tracking server has, first")
    .option("--data <dir>", "the folder with the data sets, for tables that are counted from them")
    .addHelpText(
      "after",
      `
Examples:
  npx auscult report supcon-sprs/table3
  npx auscult report supcon-sprs/table3 --out table3.html
  npx auscult report "supcon-sprs/*" --protocol published --profile full
  npx auscult report --out report.html     an overview of everything, and a page for each experiment
  npx auscult report --tracker             with what others ran, from MLFLOW_TRACKING_URI
  npx auscult report --json`,
    )
    .action(async (ids: string[], { out, json, protocol, profile, data, tracker }: ReportCommandOptions) => {
      const warn = (message: string) => void process.stderr.write(`${message}\n`);
      if (tracker) {
        const { fetchFromTracker } = await import("../suite/reporting/fetchFromTracker.js");
        const fetched = await fetchFromTracker(ids, warn);
        warn(`${fetched.length} record${fetched.length === 1 ? "" : "s"} fetched from the tracking server`);
      }
      const models = await reportModels({
        ids,
        ...(protocol && { protocols: protocol }),
        ...(profile && { profiles: profile }),
        ...(data !== undefined && { data }),
        epochs: out !== undefined,
        compare: !json || out !== undefined,
        cellsOnly: json === true && out === undefined,
        warn,
      });
      if (out !== undefined) {
        const { writeReport } = await import("../suite/reporting/writeReport.js");
        for (const file of writeReport(out, models)) process.stderr.write(`${file}\n`);
      }
      if (json) {
        process.stdout.write(`${JSON.stringify({ cells: models.flatMap((model) => model.cells) })}\n`);
        return;
      }
      const shown = ids.length > 0 ? models : models.filter(({ cells }) => cells.some(({ ours }) => ours !== null));
      for (const model of shown) process.stdout.write(`${renderTable(model)}\n`);
      const others = models.length - shown.length;
      if (others > 0)
        process.stdout.write(
          `${others} more have no number of ours; \`npx auscult list\` shows them, \`npx auscult run ID\` runs one.\n`,
        );
    });
}

function repeated(flags: string, says: string, choices: readonly string[]): Option {
  return new Option(flags, says).choices(choices).argParser((value: string, before: string[] | undefined) => {
    if (!choices.includes(value)) throw new InvalidArgumentError(`must be ${choices.join(", ")}.`);
    return [...(before ?? []), value];
  });
}
