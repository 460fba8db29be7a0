import { assertRole, type Example, type SealedTestSet } from "../../datasets/roles.js";
import { calibrated, type RunCalibration } from "../../evaluation/runCalibration.js";
import type { Resampling, SetRequest } from "../../evaluation/setAssessment.js";
import { assessSprSound, meanAssessment, type SprSoundAssessment } from "../../evaluation/sprsoundAssessment.js";
import type { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { drawBalanced } from "../../training/balancedSampler.js";
import { predict } from "../../training/predict.js";
import type { EpochMetrics } from "../../training/train.js";
import { evaluatedItems } from "../evaluatedItems.js";
import { evenly } from "../evenly.js";
import type { TestOpenings } from "../testOpenings.js";
import type { ItemMaps } from "./inputs.js";
import type { SupconRecipe } from "./recipe.js";

export interface EvaluatorOptions {
  model: TensorFlow.LayersModel;
  maps: ItemMaps;
  recipe: SupconRecipe;
  labels: readonly string[];
  adventitiousFrom: number;
  published: boolean;
  select: readonly Example<"select">[];
  tests: readonly (readonly [string, SealedTestSet])[];
  /** Keeps each opening of a test set. */
  openings: TestOpenings;
  streams: Streams;
  signal: AbortSignal;
  /** Called as items are done. */
  onItems(count: number, detail: string): void;
}

/**
 * Looks at the model after an epoch, and at the end. The only place where test sets are opened; each opening is kept.
 *
 * Under `published` the select role is a class-balanced resample, as the paper's validation loader draws it (papers.md 3.5), and the
 * test sets are looked at after each epoch. Under `honest` the select role is taken as it is, and no test set is touched before the end.
 */
export class SupconEvaluator {
  private readonly options: EvaluatorOptions;

  /** @throws TypeError where `select` holds an example of another role: an epoch is chosen by no other */
  constructor(options: EvaluatorOptions) {
    assertRole(options.select, "select");
    this.options = options;
  }

  /** Items looked at after each epoch, and at the end. */
  workload(): { perEpoch: number; atEnd: number } {
    const { itemsPerEpoch, itemsAtEnd } = evaluatedItems({
      ...this.options,
      tests: Object.fromEntries(this.options.tests),
    });
    return { perEpoch: itemsPerEpoch, atEnd: itemsAtEnd };
  }

  async afterEpoch(epoch: number): Promise<EpochMetrics> {
    const { select, labels, adventitiousFrom, published, streams } = this.options;
    const metrics: Record<string, number> = {};
    const logits = await this.logits(select, epoch, "select");
    // Each item is computed once and counted as often as it was drawn.
    const counted = published
      ? drawBalanced(
          select.map((example) => example.label),
          select.length,
          streams.stream("select balanced", epoch),
        )
      : Int32Array.from(select.keys());
    const drawn = resampled(select, logits, labels.length, counted);
    const onSelect = assessSprSound({ ...drawn, labels, adventitiousFrom });
    put(metrics, "select", onSelect);
    if (published) {
      const { tests } = await this.onTests(epoch, `epoch ${epoch}, as published`);
      for (const [name, result] of Object.entries(tests)) put(metrics, `test/${name}`, result);
      put(metrics, "test/mean", meanAssessment([tests.inter!, tests.intra!], adventitiousFrom));
    }
    // A select role without Normal or without adventitious items has no Score: below every Score that there is.
    const { score } = onSelect.scores;
    return { metrics, selection: Number.isNaN(score) ? -1 : score };
  }

  /** The chosen epoch, whose weights the model holds: opens every test set. Under `honest` with the calibration of its probabilities. */
  async atEnd(
    epoch: number,
    resampling: Resampling,
  ): Promise<{ tests: Record<string, SprSoundAssessment>; calibration?: RunCalibration }> {
    const { published, select, labels } = this.options;
    const { tests, requests } = await this.onTests(epoch, `chosen epoch ${epoch}`, resampling);
    if (published) return { tests };
    const onSelect = { examples: select, logits: await this.logits(select, epoch, "select"), labels };
    return { tests, calibration: calibrated(onSelect, requests) };
  }

  private async onTests(epoch: number, purpose: string, resampling?: Resampling) {
    const { tests, recipe, labels, adventitiousFrom, openings } = this.options;
    const results: Record<string, SprSoundAssessment> = {};
    const requests: Record<string, SetRequest> = {};
    for (const [name, set] of tests) {
      const opened = set.open(purpose, (touch) => openings.record(touch));
      const examples = evenly(opened, recipe.testItems);
      const request = { examples, logits: await this.logits(examples, epoch, name), labels };
      requests[name] = request;
      results[name] = assessSprSound({ ...request, adventitiousFrom, resampling });
    }
    return { tests: results, requests };
  }

  private logits(examples: readonly Example[], epoch: number, what: string): Promise<Float32Array> {
    const { model, maps, recipe, labels, streams, signal, onItems } = this.options;
    let before = 0;
    return predict({
      model,
      count: examples.length,
      inputShape: [maps.rows, recipe.frames, 1],
      classes: labels.length,
      signal,
      writeInput(index, out, offset) {
        const place = recipe.evaluationCrop === "centre" ? "centre" : streams.stream(`crop ${what}`, epoch, index);
        maps.write(examples[index]!, recipe.frames, place, out, offset);
      },
      onProgress(done, total) {
        onItems(done - before, `epoch ${epoch} of ${recipe.epochs}, ${what}, ${done} of ${total}`);
        before = done;
      },
    });
  }
}

type Measured = Pick<SprSoundAssessment, "scores"> & Partial<Pick<SprSoundAssessment, "auc" | "loss">>;

function put(metrics: Record<string, number>, prefix: string, { scores, auc, loss }: Measured): void {
  for (const name of ["se", "sp", "as", "hs", "score"] as const) metrics[`${prefix}/${name}`] = scores[name];
  if (auc !== undefined) metrics[`${prefix}/auc`] = auc;
  if (loss !== undefined) metrics[`${prefix}/loss`] = loss;
}

function resampled<E>(examples: readonly E[], logits: Float32Array, classes: number, indices: Int32Array) {
  const drawn = new Float32Array(indices.length * classes);
  indices.forEach((index, i) => {
    drawn.set(logits.subarray(index * classes, (index + 1) * classes), i * classes);
  });
  return { examples: Array.from(indices, (index) => examples[index]!), logits: drawn };
}
