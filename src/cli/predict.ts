import { Command, InvalidArgumentError, Option } from "commander";
import { SPRSOUND_TASK_IDS } from "../datasets/sprsound/tasks.js";
import { runtimeBonus } from "../evaluation/runtimeBonus.js";
import type { Precision } from "../inference/description.js";
import { noteText } from "../suite/predicting/clipNotes.js";
import { type LabelledFolder, labelFolder } from "../suite/predicting/labelFolder.js";
import { modelOfRun } from "../suite/predicting/modelOfRun.js";
import { UserError } from "../userError.js";
import { ProgressLine } from "./progressLine.js";
import { withStopSignal } from "./stopSignal.js";

interface Options {
  run?: string;
  model?: string;
  precision?: Precision;
  task?: string;
  skipBad?: boolean;
  slowest?: number;
  json?: boolean;
}

/** `auscult predict`: labels for a folder of WAV files. */
export function predictCommand(): Command {
  return new Command("predict")
    .description("label every WAV file of a folder, in the SPRSound challenge's own format")
    .argument("<wavdir>", "folder of WAV files; for tasks 11 and 12 each an event, for 21 and 22 a recording")
    .argument("<out>", 'the JSON file to write: {"NAME.wav": "LABEL", ...}')
    .option("--run <run>", "a finished run; the beginning of its name will do")
    .option("--model <dir>", "or the folder of a saved model (a run's `model`, or one of `auscult export`)")
    .addOption(new Option("--precision <precision>", "of an exported model").choices(["float32", "int8"]))
    .addOption(new Option("--task <task>", "refuse a model of another task").choices(SPRSOUND_TASK_IDS))
    .option("--skip-bad", "leave out and name files that cannot be classified (default: classify none)")
    .option(
      "--slowest <seconds>",
      "run time of the challenge's slowest submission, to tell the bonus for speed",
      seconds,
    )
    .option("--json", "print {files, skipped, secondsPerFile, startSeconds, ...} as JSON")
    .addHelpText(
      "after",
      `
Files may have any sample rate (resampled) and any number of channels (averaged). Of more than 60 s the middle 60 s stand
for a file (for models of ICBHI the first). Interrupted, the same command goes on where it stopped.

The challenge adds 0.1 x Bonus to the Total, Bonus = log(t0) - log(t) divided by the best submission's, for the six fastest;
t is the run time, t0 the slowest submission's. --slowest t0 tells log(t0) - log(t), natural logarithm, before that division.

Examples:
  npx auscult predict --run supcon-sprs-table3_cnn_11 --task 11 wav/ out.json
  npx auscult predict --model mlruns/runs/RUN/model --skip-bad --slowest 600 wav/ out.json
  npx auscult predict --model exported/ --precision int8 wav/ out.json`,
    )
    .action((wavs: string, out: string, options: Options) =>
      withStopSignal((signal) => predict(wavs, out, options, signal)),
    );
}

async function predict(wavs: string, out: string, options: Options, signal: AbortSignal): Promise<void> {
  const { run, model, precision, task, skipBad, slowest, json } = options;
  if ((run === undefined) === (model === undefined))
    throw new UserError("name the model with one of --run RUN and --model DIR");
  if (run !== undefined && precision !== undefined)
    throw new UserError(`--precision ${precision} is of exported models: \`auscult export --run ${run} DIR\` makes one, then --model DIR`); // biome-ignore format: one line
  const line = new ProgressLine();
  const done = await labelFolder({
    model: model ?? modelOfRun(run!),
    ...{ wavs, out, skipBad, signal },
    ...(task !== undefined && { task }),
    ...(precision !== undefined && { precision }),
    // The time of the process counts: a challenge measures the whole command.
    startedAt: 0,
    onProgress: (report) => line.show(report),
    warn: (message) => line.say(message),
  }).finally(() => line.end());
  const bonus = slowest === undefined ? undefined : runtimeBonus(done.seconds, slowest);
  process.stderr.write(remarks(done));
  if (json) process.stdout.write(`${JSON.stringify({ ...done, ...(bonus !== undefined && { bonus }) })}\n`);
  else process.stdout.write(summary(done, bonus, slowest));
}

function remarks({ bad, ignored: { folders, hidden, otherEndings }, notes }: LabelledFolder): string {
  const counts = { "sub-folders": folders, "hidden files": hidden, "files with other endings": otherEndings };
  const ignored = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    ...notes.map(noteText),
    ...bad.map(({ name, what }) => `skipped ${name}: ${what}`),
    ...(ignored.length > 0 ? [`not looked at: ${ignored.map(([what, count]) => `${count} ${what}`).join(", ")}`] : []),
  ]
    .map((text) => `${text}\n`)
    .join("");
}

function summary(done: LabelledFolder, bonus: number | undefined, slowest: number | undefined): string {
  const { files, skipped, task, byLabel, secondsPerFile, startSeconds, checkSeconds } = done;
  const ms = (value: number) => `${(1000 * value).toFixed(1)} ms`;
  const s = (value: number) => `${value.toFixed(2)} s`;
  const left = skipped > 0 ? `, ${skipped} skipped` : "";
  return [
    `${done.out}: ${files} files (${task})${left}`,
    ...Object.entries(byLabel).map(([label, count]) => `  ${label}: ${count}`),
    `per file ${ms(secondsPerFile.mean)} (median ${ms(secondsPerFile.median)}, 95th percentile ${ms(secondsPerFile.p95)})`,
    `start ${s(startSeconds)}, check of all files ${s(checkSeconds)}, together ${s(done.seconds)}`,
    ...(bonus === undefined
      ? []
      : [
          `bonus before normalisation ${bonus.toFixed(3)} = ln(${Math.max(slowest!, done.seconds).toFixed(1)}) - ln(${done.seconds.toFixed(1)})`,
        ]),
  ]
    .map((text) => `${text}\n`)
    .join("");
}

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("A number of seconds above 0 is needed.");
}
