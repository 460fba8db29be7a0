import { Command } from "commander";
import { dataFolder } from "../node/paths.js";
import { exportNumbers } from "../suite/exportNumbers.js";
import { writePages } from "../suite/pages/writePages.js";

/** `auscult results export` and `auscult results pages`. */
export function resultsCommand(): Command {
  return new Command("results")
    .description("numbers of real runs, and pages made of them, as files to commit")
    .addCommand(exportCommand())
    .addCommand(pagesCommand());
}

function exportCommand(): Command {
  return new Command("export")
    .description(
      "write counts of data set tables and numbers of finished runs on recordings to experiments/<paper>/results/",
    )
    .argument("[ids...]", "experiments (default: all)")
    .option("--data <dir>", "the folder that holds the data sets (default: AUSCULT_DATA, else data/)")
    .option("--json", "print the files as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult results export supcon-sprs/table3")
    .action(async (ids: string[], options: { data?: string; json?: boolean }) => {
      const warn = (message: string) => process.stderr.write(`${message}\n`);
      const files = await exportNumbers(ids, dataFolder(options.data), warn);
      if (options.json) process.stdout.write(`${JSON.stringify({ files })}\n`);
      else process.stdout.write(`${files.join("\n")}\n`);
    });
}

function pagesCommand(): Command {
  return new Command("pages")
    .description(
      "write docs/papers/<paper>.md: what a paper says, what ran, what differs, from experiments/ and its committed results",
    )
    .argument("[papers...]", "folders of experiments/ that have a paper.ts (default: all of them)")
    .option("--json", "print the files as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult results pages supcon-sprs")
    .action(async (papers: string[], options: { json?: boolean }) => {
      const files = await writePages(papers, (message) => process.stderr.write(`${message}\n`));
      if (options.json) process.stdout.write(`${JSON.stringify({ files })}\n`);
      else process.stdout.write(`${files.join("\n")}\n`);
    });
}
