import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import type { PreparedSearch, RunContext, RunRequest } from "../../papers/paper.js";
import type { SearchedTrial } from "../../papers/searchResult.js";
import { TrialFailed } from "../../papers/trialFailed.js";
import { type OpenTrial, Pruned } from "../../search/search.js";
import { type BackgroundSender, startBackgroundSender } from "../../tracking/background.js";
import { createRecorder, type MlflowRecorder } from "../../tracking/mlflowRecorder.js";
import { NonFiniteError } from "../../training/nonFinite.js";
import type { EpochRecord } from "../../training/trainingState.js";
import { settingsWords } from "../planning/setOptions.js";

/** What a trial leaves in its folder when it has ended, however: `trial.json`. */
interface TrialFile {
  seconds: number;
  history: EpochRecord[];
  /** Why it failed. */
  message?: string;
  /** Whether it ran to its end. */
  complete: boolean;
}

const TRIAL_FILE = "trial.json";

/** The trials of a search, each with a folder and a run in the tracker of its own. */
export class TrialRuns {
  private readonly prepared: PreparedSearch;
  private readonly request: RunRequest;
  private readonly context: RunContext;
  private readonly folder: string;
  private readonly sending: Promise<unknown>[] = [];
  private best = Number.NEGATIVE_INFINITY;
  private endedCount = 0;

  constructor(prepared: PreparedSearch, request: RunRequest, context: RunContext, folder: string) {
    this.prepared = prepared;
    this.request = request;
    this.context = context;
    this.folder = folder;
  }

  /** The objective of the search: a trial, from its own checkpoints where there are any. */
  async carryOut(trial: OpenTrial): Promise<number> {
    const before = this.read(trial.number);
    if (before) return this.again(trial, before);
    const folder = this.folderOf(trial.number);
    mkdirSync(folder, { recursive: true });
    const prepared = this.prepared.trial(trial.values);
    const recorder = this.recorderOf(trial, prepared.settings, folder);
    const sender = startBackgroundSender({ runFolder: folder });
    const history: EpochRecord[] = [];
    const keep = (ended: Pick<TrialFile, "complete" | "message">) => {
      const seconds = history.reduce((sum, record) => sum + record.seconds, 0);
      this.context.mayWrite();
      writeJsonAtomic(path.join(folder, TRIAL_FILE), { seconds, history, ...ended } satisfies TrialFile);
      rmSync(path.join(folder, "checkpoints"), { recursive: true, force: true });
    };
    const { context } = this;
    const { signature, settings, circumstances } = context.identity;
    try {
      await prepared.execute({
        runFolder: folder,
        identity: {
          signature: `${signature} ${trial.number}`,
          settings: { search: signature, ...settings, values: trial.values },
          circumstances,
        },
        recorder,
        signal: context.signal,
        progress: ({ phase, fraction, detail }) => this.tell(trial.number, phase, fraction, detail),
        warn: context.warn,
        mayWrite: context.mayWrite,
        onEpoch: async (record) => {
          history.push(record);
          await trial.report(record.epoch, bestOf(history, this.prepared.metric));
        },
      });
      const value = bestOf(history, this.prepared.metric);
      end(recorder, "complete", value);
      keep({ complete: true });
      return value;
    } catch (error) {
      if (error instanceof Pruned) {
        end(recorder, "pruned", bestOf(history, this.prepared.metric));
        keep({ complete: false });
        throw error;
      }
      if (error instanceof NonFiniteError || error instanceof TrialFailed) {
        end(recorder, "failed");
        keep({ complete: false, message: error.message });
        throw new TrialFailed(error.message);
      }
      recorder.close();
      throw error;
    } finally {
      this.sending.push(sent(sender));
    }
  }

  /** What is kept of a trial that has ended. */
  told(number: number): Pick<TrialFile, "seconds" | "message"> {
    const { seconds = 0, message } = this.read(number) ?? {};
    return { seconds, ...(message !== undefined && { message }) };
  }

  /** A trial as a line of the search's history. */
  recordOf({ number, value }: SearchedTrial): EpochRecord {
    const { seconds } = this.told(number);
    return { epoch: number + 1, seconds, metrics: value === undefined ? {} : { [this.prepared.metric]: value } };
  }

  ended({ number, value, state }: SearchedTrial): void {
    this.endedCount = number + 1;
    if (state === "complete") this.best = Math.max(this.best, value!);
    const { recorder } = this.context;
    if (value !== undefined) recorder.metrics({ "search/value": value }, number + 1);
    if (this.best > Number.NEGATIVE_INFINITY) recorder.metrics({ "search/best": this.best }, number + 1);
  }

  /** Settles when what was recorded of the trials has been sent, or cannot be now. */
  async sent(): Promise<void> {
    await Promise.all(this.sending);
  }

  /** A trial that had ended when this process, or its Optuna, was killed before it was told. */
  private async again(trial: OpenTrial, { history, complete, message }: TrialFile): Promise<number> {
    for (const [i, record] of history.entries())
      await trial.report(record.epoch, bestOf(history.slice(0, i + 1), this.prepared.metric));
    if (!complete) throw new TrialFailed(message ?? "it was stopped");
    return bestOf(history, this.prepared.metric);
  }

  private tell(number: number, phase: string, fraction: number, detail: string): void {
    const { trials } = this.prepared.search;
    const best =
      this.best > Number.NEGATIVE_INFINITY ? `; best of ${this.endedCount} so far ${this.best.toFixed(3)}` : "";
    const share = phase === "features" ? 0 : fraction;
    this.context.progress({
      phase: phase === "features" ? phase : "search",
      fraction: phase === "features" ? fraction : (number + share) / trials,
      detail: `trial ${number + 1} of ${trials}, ${detail}${best}`,
    });
  }

  private recorderOf({ number, values }: OpenTrial, settings: object, folder: string): MlflowRecorder {
    const { experiment, row, task, protocol, preset, profile, seed } = this.request;
    const { data, split } = this.prepared;
    const recorder = createRecorder({
      runFolder: folder,
      experimentName: experiment,
      runName: `trial ${number + 1}: ${settingsWords(values).replace(/^set: /, "")}`,
      tags: {
        ...{ experiment, row, task, protocol, preset, profile, seed: String(seed), trial: String(number + 1) },
        ...{ data: data.digest, split: split.digest, madeUpSounds: String(data.madeUp) },
      },
      parentFolder: this.context.runFolder,
    });
    const flat = Object.entries({ ...settings, ...values, seed }).filter(([, value]) => value !== undefined);
    recorder.parameters(
      Object.fromEntries(flat.map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : value])),
    );
    return recorder;
  }

  private read(number: number): TrialFile | undefined {
    const file = path.join(this.folderOf(number), TRIAL_FILE);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as TrialFile) : undefined;
  }

  private folderOf(number: number): string {
    return path.join(this.folder, String(number + 1).padStart(4, "0"));
  }
}

function end(recorder: MlflowRecorder, state: "complete" | "pruned" | "failed", value?: number): void {
  recorder.tags({ trialState: state });
  if (value !== undefined) recorder.metrics({ "search/value": value }, 0);
  recorder.end(({ complete: "FINISHED", pruned: "KILLED", failed: "FAILED" } as const)[state]);
}

/** Of an epoch without a Score, such as of a select role without a class: -1, below every Score that there is. */
function bestOf(history: readonly EpochRecord[], metric: string): number {
  return Math.max(-1, ...history.map(({ metrics }) => metrics[metric] ?? -1).filter((value) => !Number.isNaN(value)));
}

/** What it could not send waits on disk: a later command sends it. */
async function sent(sender: BackgroundSender): Promise<void> {
  await sender.stop().catch(() => {});
}
