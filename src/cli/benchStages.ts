import { Argument, Command, Option } from "commander";
import { benchStages } from "../bench/stages/benchStages.js";
import { stagesBenchText } from "../bench/stages/benchText.js";
import { STAGE_CASES } from "../bench/stages/cases.js";
import type { OurStageOptions } from "../bench/stages/ours.js";
import { recordingsOrMadeUp } from "../datasets/demo/recordingsOrMadeUp.js";
import { SPRSOUND_TASK_IDS } from "../datasets/sprsound/tasks.js";
import { atLeast } from "./atLeast.js";
import { ProgressLine } from "./progressLine.js";
import { roundsShown } from "./roundsShown.js";
import { withStopSignal } from "./stopSignal.js";

interface Options {
  data?: string;
  task: string;
  rounds: number;
  steps: number;
  json?: boolean;
}

/** `auscult bench stages`. */
export function benchStagesCommand(): Command {
  return new Command("stages")
    .description("an epoch of each stage of the SupCon paper against a PyTorch script of the same stage")
    .addArgument(new Argument("[stages...]", "all of them without").choices(STAGE_CASES.map(({ name }) => name)))
    .option("--data <dir>", "folder that holds sprsound/ (default: AUSCULT_DATA, else data/, else made-up sounds)")
    .addOption(new Option("--task <id>", "of SPRSound").choices([...SPRSOUND_TASK_IDS]).default("11"))
    .option("--rounds <n>", "rounds, in which both take turns", atLeast(5), 7)
    .option("--steps <n>", "training steps of each in a round", atLeast(2), 6)
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nPyTorch comes with `npm run setup:reference`; it is given its fastest settings of those that short heats try.\n\nExample:\n  npx auscult bench stages pretraining",
    )
    .action((stages: string[], options: Options) => withStopSignal((signal) => bench(stages, options, signal)));
}

/** The contestant that is us; `bench stages` starts it. */
export function stagesChildCommand(): Command {
  return new Command("stages-child").argument("<options>").action(async (options: string) => {
    // Loads the engine, which no other command must find loaded.
    const { runOurStage } = await import("../bench/stages/ours.js");
    await runOurStage(JSON.parse(options) as OurStageOptions);
  });
}

async function bench(
  stages: readonly string[],
  { data, task, rounds, steps, json }: Options,
  signal: AbortSignal,
): Promise<void> {
  const { dataDir, instead } = recordingsOrMadeUp(data);
  const line = new ProgressLine();
  if (instead) line.say("no recordings found: measured on made-up sounds");
  const results = await benchStages({
    ...{ stages, dataDir, task, rounds, stepsPerRound: steps, signal },
    onBuilding: ({ done, total, secondsLeft }) =>
      line.show({ phase: "features", fraction: done / total, secondsLeft, detail: `${done} of ${total} maps` }),
    onRound: roundsShown(line),
  });
  line.end();
  process.stdout.write(`${json ? JSON.stringify(results) : stagesBenchText(results)}\n`);
}
