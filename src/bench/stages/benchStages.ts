import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BuildProgress } from "../../node/featureStore/openOrBuild.js";
import { largePages } from "../../node/largePages.js";
import { projectRoot } from "../../node/paths.js";
import { referencePython } from "../../node/referencePython.js";
import { contest, type Standing } from "../contest.js";
import { type Command, Contestant } from "../contestant.js";
import { ownCommand } from "../ownCommand.js";
import { type MedianRatio, median, medianRatio } from "../ratio.js";
import { STAGE_CASES, type StageCase } from "./cases.js";
import { type EpochParts, type EpochSize, epochSeconds, medianParts, wholeEpoch } from "./epochParts.js";
import { mapsForReference, type StageData } from "./mapsForReference.js";
import type { OurStageOptions } from "./ours.js";

/** One side of a stage. */
export interface StageSide {
  /** Of an epoch, in the median. */
  seconds: number;
  /** Of one step; of a whole evaluation. */
  parts: EpochParts;
  /** Of the process that trains. */
  peakMb: number;
}

/** A stage here and in PyTorch, as `auscult bench stages --json` prints it. */
export interface StageBench extends MedianRatio {
  name: string;
  title: string;
  task: string;
  data: StageData;
  epoch: EpochSize;
  /** Those of an epoch's steps that were measured in each round. */
  stepsPerRound: number;
  /** Version and settings of the reference, such as "PyTorch 2.9.0, NCHW, 2 threads, 1 worker". */
  against: string;
  ours: StageSide;
  reference: StageSide;
}

export interface StageBenchOptions {
  stages: readonly string[];
  dataDir: string;
  task: string;
  rounds: number;
  stepsPerRound: number;
  signal: AbortSignal;
  onBuilding(done: BuildProgress): void;
  onRound(name: string, done: number, of: number): void;
}

const BATCH = 32;

/**
 * Epochs of the SupCon paper's stages here and in PyTorch, from the same stored maps to a checkpoint, round by round in one run. A round takes
 * some of an epoch's steps, evaluates some of its select items and writes its checkpoint; the epoch's time is put together from these.
 *
 * @throws UserError where the reference environment is missing
 */
export async function benchStages(options: StageBenchOptions): Promise<StageBench[]> {
  const { stages, dataDir, task, signal, onBuilding } = options;
  const python = referencePython("torch and torchvision");
  const cases = STAGE_CASES.filter(({ name }) => stages.length === 0 || stages.includes(name));
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-bench-"));
  try {
    const data = await mapsForReference({ dataDir, task, folder, signal, onProgress: onBuilding });
    const results: StageBench[] = [];
    for (const one of cases) results.push(await benchCase(one, { python, folder, data }, options));
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchCase(
  { name, title }: StageCase,
  { python, folder, data }: { python: string; folder: string; data: StageData },
  { dataDir, task, rounds, stepsPerRound, signal, onRound }: StageBenchOptions,
): Promise<StageBench> {
  const { frames, classes } = data;
  const ours = new Contestant("auscult", ourCommand({ stage: name, task, dataDir, steps: stepsPerRound }));
  let reference: Contestant | undefined;
  try {
    const { steps, selectItems, evaluated } = (await ours.ready()) as unknown as EpochSize;
    const epoch = { steps, selectItems, evaluated };
    // Chooses its settings while ours waits.
    const what = { stage: name, folder, steps: stepsPerRound, batch: BATCH, frames, classes, evaluated };
    const script = path.join(projectRoot(), "scripts", "python", "reference", "stages.py");
    reference = new Contestant("PyTorch", { program: python, args: [script, JSON.stringify(what)] });
    const about = await reference.ready();
    const standings = await contest([ours, reference], {
      ...{ rounds, stepsPerRound: 1, signal },
      onRound: (done) => onRound(name, done, rounds),
    });
    const [epochsOfOurs, epochsOfReference] = standings.map(({ parts }) =>
      parts.map((one) => epochSeconds(one as EpochParts, epoch)),
    ) as [number[], number[]];
    return {
      ...{ name, title, task, data, epoch, stepsPerRound, against: describeTorch(about) },
      ...medianRatio(epochsOfOurs, epochsOfReference),
      ours: sideOf(standings[0]!, epochsOfOurs, epoch),
      reference: sideOf(standings[1]!, epochsOfReference, epoch),
    };
  } finally {
    await Promise.all([ours.close(), reference?.close()]);
  }
}

function sideOf({ parts, peakMb }: Standing, epochs: readonly number[], size: EpochSize): StageSide {
  const whole = wholeEpoch(medianParts(parts as readonly EpochParts[]), size);
  return { seconds: median(epochs), parts: whole, peakMb };
}

interface TorchSettings {
  threads: number;
  channelsLast: boolean;
  fused: boolean;
  workers: number;
}

function describeTorch({ version, settings }: Record<string, unknown>): string {
  const { threads, channelsLast, fused, workers } = settings as TorchSettings;
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
  const layout = channelsLast ? "channels_last" : "NCHW";
  const how = [layout, counted(threads, "thread"), counted(workers, "worker"), ...(fused ? ["fused optimiser"] : [])];
  return `PyTorch ${version}, ${how.join(", ")}`;
}

function ourCommand(options: OurStageOptions): Command {
  return ownCommand("stages-child", JSON.stringify(options), largePages()); // as runs are started
}
