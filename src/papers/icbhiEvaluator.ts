import { assertRole, type Example, type Item, type SealedTestSet } from "../datasets/roles.js";
import { assessIcbhi, type IcbhiAssessment } from "../evaluation/icbhiAssessment.js";
import type { Resampling } from "../evaluation/setAssessment.js";
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
    const { published, select, labels } = this.options;
    const assessed = published
      ? await this.onTest(epoch, `epoch ${epoch}, as published`)
      : assessIcbhi({ examples: select, logits: await this.logits(select, epoch, "select"), labels });
    const { scores, auc, loss } = assessed;
    const role = published ? "test" : "select";
    const metrics: Record<string, number> = { [`${role}/auc`]: auc, [`${role}/loss`]: loss };
    for (const name of ["se", "sp", "score"] as const) metrics[`${role}/${name}`] = scores[name];
    // A part of a role without normal or without abnormal cycles has no Score: below every Score that there is.
    return { metrics, selection: Number.isNaN(scores.score) ? -1 : scores.score };
  }

  /** Opens the test set and assesses the model on it. */
  async onTest(epoch: number, purpose: string, resampling?: Resampling): Promise<IcbhiAssessment> {
    const { test, testItems, labels, openings } = this.options;
    const opened = test.open(purpose, (touch) => openings.record(touch));
    const examples = evenly(opened, testItems);
    const logits = await this.logits(examples, epoch, "test");
    return assessIcbhi({ examples, logits, labels, ...(resampling && { resampling }) });
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
