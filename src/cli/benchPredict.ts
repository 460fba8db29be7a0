import { Command, Option } from "commander";
import { benchPredict } from "../bench/predict/benchPredict.js";
import { predictBenchText } from "../bench/predict/benchText.js";
import type { OurPredictOptions } from "../bench/predict/ours.js";
import { recordingsOrMadeUp } from "../datasets/demo/recordingsOrMadeUp.js";
import { SPRSOUND_TASK_IDS } from "../datasets/sprsound/tasks.js";
import { atLeast } from "./atLeast.js";
import { ProgressLine } from "./progressLine.js";
import { roundsShown } from "./roundsShown.js";
import { withStopSignal } from "./stopSignal.js";

interface Options {
  data?: string;
  task: string;
  files: number;
  rounds: number;
  json?: boolean;
}

/** `auscult bench predict`. */
export function benchPredictCommand(): Command {
  return new Command("predict")
    .description("`auscult predict` per file against librosa and PyTorch on the same files of SPRSound's inter set")
    .option("--data <dir>", "folder that holds sprsound/ (default: AUSCULT_DATA, else data/, else made-up sounds)")
    .addOption(new Option("--task <id>", "of SPRSound").choices([...SPRSOUND_TASK_IDS]).default("11"))
    .option("--files <n>", "files, evenly over the set", atLeast(1), 96)
    .option("--rounds <n>", "rounds, in which all take turns", atLeast(5), 9)
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nThe reference tools come with `npm run setup:reference`.")
    .action((options: Options) => withStopSignal((signal) => bench(options, signal)));
}

/** The contestant that is us; `bench predict` starts it. */
export function predictChildCommand(): Command {
  return new Command("predict-child").argument("<options>").action(async (options: string) => {
    // Loads the engine, which no other command must find loaded.
    const { runOurPredict } = await import("../bench/predict/ours.js");
    await runOurPredict(JSON.parse(options) as OurPredictOptions);
  });
}

async function bench({ data, task, files, rounds, json }: Options, signal: AbortSignal): Promise<void> {
  const { dataDir, instead } = recordingsOrMadeUp(data);
  const line = new ProgressLine();
  if (instead) line.say("no recordings found: measured on made-up sounds");
  const shown = roundsShown(line);
  const results = await benchPredict({
    ...{ dataDir, task, files, rounds, signal },
    onRound: (done, of) => shown("predict", done, of),
  });
  line.end();
  process.stdout.write(`${json ? JSON.stringify(results) : predictBenchText(results)}\n`);
}
