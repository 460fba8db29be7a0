import { Command, Option } from "commander";
import { writeFeatureFiles } from "../papers/featureFiles.js";
import { findTestPath } from "../papers/findTestPath.js";
import type { TestTask } from "../papers/testPathMakers.js";
import { TEST_PATH_RECIPES } from "../papers/testPaths.js";
import { ProgressLine } from "./progressLine.js";
import { withStopSignal } from "./stopSignal.js";

interface Options {
  out: string;
  task: TestTask;
  json?: boolean;
}

/** `auscult features`: model inputs of WAV files, as NumPy files. */
export function featuresCommand(): Command {
  return new Command("features")
    .description("the model input that a recipe computes from each WAV at test time, as float32 .npy")
    .argument("<recipe>", `${TEST_PATH_RECIPES.join(", ")}, or of a paper of your own`)
    .argument("<files...>", "WAV files, each a cycle, an event or a recording")
    .requiredOption("--out <dir>", "folder for the outputs, NAME.npy for NAME.wav")
    .addOption(
      new Option("--task <task>", "of supcon-sprs: 11 and 12 take 3 s (187 frames), 21 and 22 15 s (937)")
        .choices(["11", "12", "21", "22"])
        .default("11"),
    )
    .option("--json", "print [{file,output,shape}] as JSON")
    .addHelpText(
      "after",
      `
Shapes: cycleguardian [84, 626, 3], cycleguardian-authors [84, 688, 3], cycleguardian-logmel [84, 173, 3],
multibreath [64, 256], supcon-sprs [64, 187], glancegaze [128, 345], respirenet [192, 657, 3]; what is longer than its
7 s gives NAME.2.npy and so on, with half a window's overlap. What takes the mean of a training set (multibreath's
decibels, respirenet's colours from 0 to 1) is left as it is.

Example:
  npx auscult features supcon-sprs event.wav --out maps`,
    )
    .action((recipe: string, files: string[], options: Options) =>
      withStopSignal((signal) => features(recipe, files, options, signal)),
    );
}

async function features(
  recipe: string,
  files: string[],
  { out, task, json }: Options,
  signal: AbortSignal,
): Promise<void> {
  const line = new ProgressLine();
  const started = performance.now();
  try {
    const written = await writeFeatureFiles(await findTestPath(recipe, task), files, {
      out,
      signal,
      warn: (message) => line.say(message),
      onFile: (done, total) => {
        const secondsLeft = ((performance.now() - started) / 1000 / done) * (total - done);
        line.show({ phase: recipe, fraction: done / total, secondsLeft, detail: `${done} of ${total} files` });
      },
    });
    line.end();
    const text = written.map(({ output, shape }) => `${output} [${shape.join(", ")}]\n`).join("");
    process.stdout.write(json ? `${JSON.stringify(written)}\n` : text);
  } catch (error) {
    line.end();
    if (!signal.aborted) throw error;
    process.stderr.write("auscult: interrupted; outputs that were written are whole. The same command writes all.\n");
    process.exitCode = 130;
  }
}
