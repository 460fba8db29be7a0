import { Argument, Command, Option } from "commander";
import { listSplits, SPLIT_DATASETS } from "../../datasets/listSplits.js";
import type { Protocol } from "../../datasets/split.js";
import { splitText } from "../../datasets/splitText.js";
import { dataFolder } from "../../node/paths.js";

interface SplitsOptions {
  data?: string;
  protocol?: Protocol;
  classes: "2" | "4";
  twoDevicePatients: "drop" | "keep";
  json?: boolean;
}

/** `auscult data splits NAME [SPLIT]`. */
export function dataSplitsCommand(): Command {
  return new Command("splits")
    .description("list the splits of a data set, or tell of one who is on both sides")
    .addArgument(new Argument("<name>", "data set").choices(SPLIT_DATASETS))
    .argument("[split]", "such as official, fold4, device-excluded:Meditron@all (icbhi), or a task (sprsound)")
    .addOption(new Option("--protocol <name>", "both without it").choices(["published", "honest"]))
    .addOption(
      new Option("--classes <n>", "icbhi: four classes, or normal against abnormal").choices(["2", "4"]).default("4"),
    )
    .addOption(
      new Option(
        "--two-device-patients <what>",
        "icbhi, device splits: leave them out of training, or keep and name them",
      )
        .choices(["drop", "keep"])
        .default("drop"),
    )
    .option("--data <dir>", "folder that holds the data sets (default: AUSCULT_DATA, else data/)")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  npx auscult data splits icbhi\n  npx auscult data splits icbhi official --protocol honest",
    )
    .action((name: string, split: string | undefined, options: SplitsOptions) => {
      const { data, protocol, classes, twoDevicePatients, json } = options;
      const summaries = listSplits(name, dataFolder(data), {
        ...(split === undefined ? {} : { split }),
        ...(protocol ? { protocol } : {}),
        icbhi: { classes: classes === "2" ? 2 : 4, twoDevicePatients },
      });
      process.stdout.write(`${json ? JSON.stringify(summaries) : splitText(summaries)}\n`);
    });
}
