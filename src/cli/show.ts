import { Command } from "commander";
import { dataFolder } from "../node/paths.js";
import { renderShown } from "../suite/showing/renderShown.js";
import { showExperiment } from "../suite/showing/showExperiment.js";

/** `auscult show`: one experiment in full. */
export function showCommand(): Command {
  return new Command("show")
    .description("show one experiment in full: printed cells, flags, ambiguities, its runs so far")
    .argument("<id>", "such as supcon-sprs/table3")
    .option("--data <dir>", "the folder with the data sets, for tables that are counted from them")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  npx auscult show supcon-sprs/table3\n  npx auscult show respirenet/table6-single-device",
    )
    .action(async (id: string, { data, json }: { data?: string; json?: boolean }) => {
      const shown = await showExperiment(id, dataFolder(data), (message) => process.stderr.write(`${message}\n`));
      if (!json) {
        process.stdout.write(`${renderShown(shown)}\n`);
        return;
      }
      const { entry, ...more } = shown;
      process.stdout.write(`${JSON.stringify({ ...entry, ...more })}\n`);
    });
}
