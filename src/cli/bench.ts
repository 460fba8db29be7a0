import { Argument, Command } from "commander";
import { benchFeatures } from "../bench/features/benchFeatures.js";
import { featureBenchText } from "../bench/features/benchText.js";
import { FEATURE_CASES } from "../bench/features/cases.js";
import { runOurFeatures } from "../bench/features/ours.js";
import { benchStep } from "../bench/step/benchStep.js";
import { stepBenchText } from "../bench/step/benchText.js";
import { STEP_CASES } from "../bench/step/cases.js";
import type { OursOptions } from "../bench/step/ours.js";
import { atLeast } from "./atLeast.js";
import { benchDataCommand } from "./benchData.js";
import { benchPredictCommand, predictChildCommand } from "./benchPredict.js";
import { benchStagesCommand, stagesChildCommand } from "./benchStages.js";
import { benchTrackingCommand, trackingChildCommand } from "./benchTracking.js";
import { ProgressLine } from "./progressLine.js";
import { roundsShown } from "./roundsShown.js";
import { withStopSignal } from "./stopSignal.js";

interface StepOptions {
  rounds: number;
  steps: number;
  bf16?: boolean;
  eager?: boolean;
  heats: boolean;
  tensorflow: boolean;
  json?: boolean;
}

/** `auscult bench step`: side by side with the reference tools, in one run. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("measure side by side with the reference tools, in one run")
    .addCommand(stepCommand())
    .addCommand(featuresCommand())
    .addCommand(benchDataCommand())
    .addCommand(benchStagesCommand())
    .addCommand(stagesChildCommand(), { hidden: true })
    .addCommand(benchPredictCommand())
    .addCommand(predictChildCommand(), { hidden: true })
    .addCommand(benchTrackingCommand())
    .addCommand(trackingChildCommand(), { hidden: true })
    .addCommand(
      new Command("features-child")
        .description("the contestant that is us; `bench features` starts it")
        .argument("<recipe>")
        .action(runOurFeatures),
      { hidden: true },
    )
    .addCommand(
      new Command("step-child")
        .description("the contestant that is us; `bench step` starts it")
        .argument("<options>")
        .action(async (options: string) => {
          // Loads the engine, which no other command must find loaded: its threads are fixed by then.
          const { runOurs } = await import("../bench/step/ours.js");
          await runOurs(JSON.parse(options) as OursOptions);
        }),
      { hidden: true },
    );
}

function stepCommand(): Command {
  return new Command("step")
    .description("one training step against PyTorch (its fastest layout and threads) and a Python tf.function")
    .addArgument(new Argument("[networks...]", "all of them without").choices(STEP_CASES.map(({ name }) => name)))
    .option("--rounds <n>", "rounds, in which all take turns", atLeast(5), 20)
    .option("--steps <n>", "steps of each in a round", atLeast(1), 3)
    .option("--bf16", "all in bfloat16, and ours in float32 beside it")
    .option("--no-heats", "PyTorch in channels_last with all threads, without finding out what is fastest")
    .option(
      "--no-tensorflow",
      "without the tf.function, whose rewrite to bfloat16 takes twenty times as long on some processors",
    )
    .option("--eager", "ours operation by operation, without capture")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nThe reference tools come with `npm run setup:reference`.\n\nExample:\n  npx auscult bench step resnet18",
    )
    .action(async (cases: string[], options: StepOptions) => {
      const line = new ProgressLine();
      const results = await withStopSignal((signal) =>
        benchStep({
          cases,
          rounds: options.rounds,
          stepsPerRound: options.steps,
          bf16: options.bf16 ?? false,
          eager: options.eager ?? false,
          heats: options.heats,
          tensorflow: options.tensorflow,
          signal,
          say: (message) => line.say(message),
          onRound: roundsShown(line),
        }),
      );
      line.end();
      process.stdout.write(`${options.json ? JSON.stringify(results) : stepBenchText(results)}\n`);
    });
}

function featuresCommand(): Command {
  return new Command("features")
    .description("the papers' front ends, one clip at a time, against the tools that the papers used")
    .addArgument(new Argument("[recipes...]", "all of them without").choices(FEATURE_CASES.map(({ name }) => name)))
    .option("--rounds <n>", "rounds, in which all take turns", atLeast(5), 20)
    .option("--clips <n>", "clips of each in a round", atLeast(1), 20)
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nThe reference tools come with `npm run setup:reference`.\n\nExample:\n  npx auscult bench features multibreath",
    )
    .action(async (cases: string[], { rounds, clips, json }: { rounds: number; clips: number; json?: boolean }) => {
      const line = new ProgressLine();
      const results = await withStopSignal((signal) =>
        benchFeatures({
          cases,
          rounds,
          clipsPerRound: clips,
          signal,
          onRound: roundsShown(line),
        }),
      );
      line.end();
      process.stdout.write(`${json ? JSON.stringify(results) : featureBenchText(results)}\n`);
    });
}
