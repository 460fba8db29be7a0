import { assertRole, type Example, type Item, type SealedTestSet } from "../datasets/roles.js";
import { assessIcbhi, type IcbhiAssessment } from "../evaluation/icbhiAssessment.js";
import { calibrated, type RunCalibration } from "../evaluation/runCalibration.js";
import type { Resampling, SetRequest } from "../evaluation/setAssessment.js";
import type { TensorFlow } from "../tensorflow.js";
import { predict } from "../training/predict.js";
import type { EpochMetrics } from "../training/train.js";
import { evenly } from "./evenly.js";
import type { TestOpenings } from "./testOpenings.js";

export interface IcbhiEvaluatorOptions {
  model: TensorFlow.LayersModel;
  /** `[rows, frames, channels]` */
  inputShape: readonly [number, number, number];
  labels: readonly string[];
  epochs: number;
  published: boolean;
  /** Of no examples under `published`. */
  select: readonly Example<"select">[];
  test: SealedTestSet;
  /** At most so many cycles of the test set; absent: all. */
  testItems?: number;
  /** Writes a cycle's input into `out` at `offset`. */
  writeInput(item: Item, out: Float32Array, offset: number): void;
  /** Keeps each opening of the test set. */
  openings: TestOpenings;
  signal: AbortSignal;
  /** Called as items are done. */
  onItems(count: number, detail: string): void;
}

/**
 * Looks at a model of ICBHI's cycles after an epoch, and at the end. The only place where the test set is opened; each opening is kept.
 *
 * Under `published` an epoch is chosen by its Score on the test set, as the ICBHI papers do (papers.md, decision 2). Under `honest` it is
 * chosen by the select role, and the test set is not touched before the end.
 */
export class IcbhiEvaluator {
  private readonly options: IcbhiEvaluatorOptions;

  /** @throws TypeError where `select` holds an example of another role */
  constructor(options: IcbhiEvaluatorOptions) {
    assertRole(options.select, "select");
    this.options = options;
  }

  async afterEpoch(epoch: number): Promise<EpochMetrics> {
    const { published, select } = this.options;
    const assessed = assessIcbhi(
      published
        ? await this.opened(epoch, `epoch ${epoch}, as published`)
        : await this.request(select, epoch, "select"),
    );
    const { scores, auc, loss } = assessed;
    const role = published ? "test" : "select";
    const metrics: Record<string, number> = { [`${role}/auc`]: auc, [`${role}/loss`]: loss };
    for (const name of ["se", "sp", "score"] as const) metrics[`${role}/${name}`] = scores[name];
    // A part of a role without normal or without abnormal cycles has no Score: below every Score that there is.
    return { metrics, selection: Number.isNaN(scores.score) ? -1 : scores.score };
  }

  /** The chosen epoch, whose weights the model holds: opens the test set. Under `honest` with the calibration of its probabilities. */
  async atEnd(epoch: number, resampling: Resampling): Promise<{ test: IcbhiAssessment; calibration?: RunCalibration }> {
    const { published, select } = this.options;
    const request = await this.opened(epoch, `chosen epoch ${epoch}`);
    const test = assessIcbhi({ ...request, resampling });
    if (published) return { test };
    return { test, calibration: calibrated(await this.request(select, epoch, "select"), { test: request }) };
  }

  private opened(epoch: number, purpose: string): Promise<SetRequest> {
    const { test, testItems, openings } = this.options;
    const examples = test.open(purpose, (touch) => openings.record(touch));
    return this.request(evenly(examples, testItems), epoch, "test");
  }

  private async request(examples: readonly Example[], epoch: number, what: string): Promise<SetRequest> {
    return { examples, logits: await this.logits(examples, epoch, what), labels: this.options.labels };
  }

  private logits(examples: readonly Example[], epoch: number, what: string): Promise<Float32Array> {
    const { model, inputShape, labels, epochs, writeInput, signal, onItems } = this.options;
    let before = 0;
    return predict({
      ...{ model, inputShape, signal },
      count: examples.length,
      classes: labels.length,
      writeInput: (index, out, offset) => writeInput(examples[index]!, out, offset),
      onProgress(done, total) {
        onItems(done - before, `epoch ${epoch} of ${epochs}, ${what}, ${done} of ${total}`);
        before = done;
      },
    });
  }
}
