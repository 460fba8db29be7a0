import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { projectRoot } from "../../node/paths.js";
import { referencePython } from "../../node/referencePython.js";
import { SUPCON_FRAMES } from "../../papers/supconSprs/frontEnd.js";
import { contest, type Standing } from "../contest.js";
import { type Command, Contestant } from "../contestant.js";
import { ownCommand } from "../ownCommand.js";
import { type MedianRatio, median, medianRatio } from "../ratio.js";
import { putInterFiles } from "./interFiles.js";
import type { OurPredictOptions } from "./ours.js";

/** One comparison, as `auscult bench predict --json` prints it. */
export interface PredictBench extends MedianRatio {
  name: string;
  task: string;
  files: number;
  madeUp: boolean;
  /** Such as "librosa 0.11.0 and PyTorch 2.9.0, one file at a time, NCHW, 2 threads". */
  against: string;
  /** Median seconds of a file, and the process's peak memory. */
  ours: { seconds: number; peakMb: number };
  reference: { seconds: number; peakMb: number };
}

export interface PredictBenchOptions {
  dataDir: string;
  task: string;
  files: number;
  rounds: number;
  signal: AbortSignal;
  onRound(done: number, of: number): void;
}

/** Files that the reference's network takes at once. */
const BATCHES = [1, 32];

/**
 * `auscult predict` against a script of librosa and PyTorch on the same WAV files and with the same network, untrained, round by round; start-up
 * apart on both sides.
 *
 * @throws UserError where the reference environment is missing
 */
export async function benchPredict(options: PredictBenchOptions): Promise<PredictBench[]> {
  const { dataDir, task, files: count, rounds, signal, onRound } = options;
  const python = referencePython("torch, torchvision and librosa");
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-bench-"));
  const contestants: Contestant[] = [];
  try {
    const wavs = path.join(folder, "wav");
    mkdirSync(wavs);
    const { files, madeUp } = putInterFiles({ dataDir, task, count }, wavs);
    const commands: [string, Command][] = [
      ["auscult", ourCommand({ folder: wavs, task })],
      ...BATCHES.map((batch): [string, Command] => [
        howMany(batch),
        theirCommand(python, { folder: wavs, task, batch }),
      ]),
    ];
    const about: Record<string, unknown>[] = [];
    for (const [name, command] of commands) {
      contestants.push(new Contestant(name, command));
      about.push(await contestants.at(-1)!.ready());
    }
    const [ours, ...references] = await contest(contestants, {
      ...{ rounds, stepsPerRound: 1, signal },
      onRound: (done) => onRound(done, rounds),
    });
    return references.map((reference, index) => ({
      ...{ name: `predict, ResNet-18, task ${task}`, task, files, madeUp },
      against: describe(reference.name, about[index + 1]!),
      ...medianRatio(perFile(ours!), perFile(reference)),
      ours: sideOf(ours!),
      reference: sideOf(reference),
    }));
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}

function perFile({ parts }: Standing): number[] {
  return parts.map(({ file }) => file!);
}

function sideOf(standing: Standing): PredictBench["ours"] {
  return { seconds: median(perFile(standing)), peakMb: standing.peakMb };
}

function howMany(batch: number): string {
  return batch === 1 ? "one file at a time" : `${batch} files at a time`;
}

function describe(how: string, { versions, settings }: Record<string, unknown>): string {
  const { torch, librosa } = versions as Record<string, string>;
  const { threads, channelsLast } = settings as { threads: number; channelsLast: boolean };
  const layout = channelsLast ? "channels_last" : "NCHW";
  return `librosa ${librosa} and PyTorch ${torch}, ${how}, ${layout}, ${threads} thread${threads === 1 ? "" : "s"}`;
}

function ourCommand(options: OurPredictOptions): Command {
  return ownCommand("predict-child", JSON.stringify(options));
}

function theirCommand(
  python: string,
  { folder, task, batch }: { folder: string; task: string; batch: number },
): Command {
  const { level, labels } = sprSoundTask(task);
  const what = { folder, batch, frames: SUPCON_FRAMES[level], classes: labels.length };
  const script = path.join(projectRoot(), "scripts", "python", "reference", "predict.py");
  return { program: python, args: [script, JSON.stringify(what)] };
}
