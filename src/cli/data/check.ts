import { Command } from "commander";
import type { ScanProgress } from "../../datasets/audioScan.js";
import { CHECKED_DATASETS, checkDataset } from "../../datasets/check.js";
import { dataFolder } from "../../node/paths.js";
import { ProgressLine } from "../progressLine.js";
import { withStopSignal } from "../stopSignal.js";

/** Shorter checks show no progress. */
const QUIET_SECONDS = 2;

/** `auscult data check NAME`. */
export function dataCheckCommand(): Command {
  return new Command("check")
    .description("read and validate a data set; exit code 1 where it cannot be used as it is")
    .argument("<name>", CHECKED_DATASETS.join(" or "))
    .option("--data <dir>", "folder that holds the data sets (default: AUSCULT_DATA, else data/)")
    .option("--no-audio", "annotations and lists only: open no recording")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Every recording is read once: its header, its level (clipping, silence, DC offset), and whether its sound is there twice.

Examples:
  npx auscult data check sprsound --data ~/recordings
  npx auscult data check icbhi --no-audio --json`,
    )
    .action((name: string, options: Options) => withStopSignal((signal) => check(name, options, signal)));
}

interface Options {
  data?: string;
  audio: boolean;
  json?: boolean;
}

async function check(name: string, { data, audio, json }: Options, signal: AbortSignal): Promise<void> {
  const progress = new ProgressLine();
  const onProgress = (done: ScanProgress) => {
    const share = done.files / done.ofFiles;
    if (done.seconds < QUIET_SECONDS || share === 1) return;
    const detail = `${done.files} of ${done.ofFiles} files, ${Math.round(done.bytes / 1e6 / done.seconds)} MB/s`;
    const secondsLeft = (done.seconds / share) * (1 - share);
    progress.show({ phase: `reading ${name}`, fraction: share, secondsLeft, detail });
  };
  try {
    const { result, text, errors } = await checkDataset(name, dataFolder(data), { audio, onProgress, signal });
    progress.end();
    process.stdout.write(`${json ? JSON.stringify(result) : text}\n`);
    if (errors > 0) process.exitCode = 1;
  } catch (error) {
    progress.end();
    if (!signal.aborted) throw error;
    process.stderr.write("auscult: interrupted; nothing was changed, so check again when you like\n");
    process.exitCode = 130;
  }
}
