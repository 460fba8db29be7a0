import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PreparedRun, RunRequest } from "../../papers/paper.js";
import { paper } from "../../papers/supconSprs/index.js";
import { Interrupted } from "../../training/interrupted.js";
import { SILENT } from "../../training/silentRecorder.js";
import type { ProgressReport } from "../../training/workMeter.js";
import { Turns } from "../turns.js";
import { stageCase } from "./cases.js";
import { EpochClock, type EpochSize } from "./epochParts.js";

export interface OurStageOptions {
  stage: string;
  task: string;
  dataDir: string;
  steps: number;
}

/** More than are ever asked for. */
const EPOCHS = 10_000;
const BATCH = 32;
const QUICK = { profile: "quick" } as const;

/**
 * The contestant that is us: the stage as a run of the paper carries it out, in a folder that is removed, held up after each epoch's steps
 * until the next turn.
 */
export async function runOurStage(options: OurStageOptions): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-bench-"));
  const stop = new AbortController();
  const turns = new Turns();
  const size = sizeOf(options);
  const clock = new EpochClock(options.steps);
  let steps = 0;
  const progress = ({ measured, detail }: ProgressReport) => {
    const now = performance.now() / 1000;
    const done = measured?.train?.units ?? 0;
    if (done === steps) {
      clock.onItems(now);
      return;
    }
    steps = done;
    const parts = clock.onStep(now);
    if (parts === undefined) return;
    const loss = Number(/loss (\S+)/.exec(detail)?.[1]);
    if (!turns.next({ loss, parts }, size)) stop.abort();
    clock.begin(performance.now() / 1000);
  };
  try {
    await carryOut(options, { folder, progress, signal: stop.signal });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the run's plans say of a whole epoch, and of the shorter one that is measured. */
function sizeOf(options: OurStageOptions): EpochSize {
  const full = paper.prepare(requestOf(options, { profile: "full" }));
  const short = paper.prepare(requestOf(options));
  if (options.stage !== "pretraining") {
    const { stepsPerEpoch, itemsPerEpoch } = full.work!;
    return { steps: stepsPerEpoch, selectItems: itemsPerEpoch, evaluated: short.work!.itemsPerEpoch };
  }
  const { stepsPerEpoch, itemsPerEpoch: views } = pretraining(full).work!;
  return { steps: stepsPerEpoch, selectItems: views / 2, evaluated: pretraining(short).work!.itemsPerEpoch / 2 };
}

interface Surroundings {
  folder: string;
  signal: AbortSignal;
  progress(report: ProgressReport): void;
}

async function carryOut(options: OurStageOptions, { folder, signal, progress }: Surroundings): Promise<void> {
  const { stage } = options;
  const shared = { identity: { signature: "bench", settings: {}, circumstances: {} }, signal, mayWrite() {}, warn };
  if (stage === "pretraining") {
    await pretraining(paper.prepare(requestOf(options))).execute({ ...shared, folder, progress });
    return;
  }
  const stages = { pretraining: path.join(folder, "stage") };
  const runFolder = path.join(folder, "run");
  mkdirSync(runFolder);
  if (stage === "fine-tuning") {
    mkdirSync(stages.pretraining);
    // What it has learnt is of no account here.
    const short = pretraining(paper.prepare(requestOf(options, { profile: "smoke" })));
    await short.execute({ ...shared, folder: stages.pretraining, progress() {} });
  }
  const run = paper.prepare(requestOf(options));
  await run.execute({ ...shared, runFolder, recorder: SILENT, progress, stages });
}

/** The profile that evaluates on fewer items, with the batch of the full one. */
function requestOf(
  { stage, task, dataDir, steps }: OurStageOptions,
  { profile }: Pick<RunRequest, "profile"> = QUICK,
): RunRequest {
  const { row } = stageCase(stage);
  const prefix = stage === "pretraining" ? "pretraining." : "";
  const measured = { [`${prefix}epochs`]: EPOCHS, [`${prefix}stepsPerEpoch`]: steps, [`${prefix}batchSize`]: BATCH };
  return {
    ...{ experiment: "supcon-sprs/table3", row, task, dataDir, profile, seed: 0, preset: "paper" },
    // No test set is opened within an epoch.
    protocol: "honest",
    ...(profile === "quick" && { set: measured }),
  };
}

function pretraining({ stages }: PreparedRun) {
  return stages!.find(({ name }) => name === "pretraining")!;
}

function warn(message: string): void {
  process.stderr.write(`${message}\n`);
}
