import path from "node:path";
import { Command, Option } from "commander";
import { mlrunsFolder } from "../node/paths.js";
import type { Profile } from "../papers/paper.js";
import { firstRun } from "../suite/firstRun.js";
import { ProgressLine } from "./progressLine.js";
import { stopSignal } from "./stopSignal.js";

/** `auscult start`, the main job of `npm start`. */
export function startCommand(): Command {
  return new Command("start")
    .description("the first run: train a paper's model, put ours beside the printed number, open it to tracking")
    .addOption(new Option("--profile <profile>", "budget").choices(["smoke", "quick", "full"]).default("quick"))
    .option(
      "--data <dir>",
      "the folder that holds sprsound/ (default: AUSCULT_DATA, else data/; made-up sounds where there is none)",
    )
    .addHelpText("after", "\nExamples:\n  npm start\n  npm start -- --data ~/recordings")
    .action(async (options: { profile: Profile; data?: string }) => {
      const line = new ProgressLine();
      const done = await firstRun({
        profile: options.profile,
        data: options.data,
        mlruns: mlrunsFolder(),
        signal: stopSignal(),
        onProgress: (report) => line.show(report),
        say: (message) => line.say(message),
      });
      line.end();
      process.stdout.write(`${done.table}\n`);
      process.stdout.write(`\nReport page:  ${path.relative(process.cwd(), done.report)}\n`);
      process.stdout.write(`Tracked run:  ${done.tracking}\n`);
      process.stdout.write(
        `\nNext:\n  npx auscult ui        the tracked runs\n  npx auscult lab       the notebooks\n  npx auscult list      what else can be run\n`,
      );
    });
}
