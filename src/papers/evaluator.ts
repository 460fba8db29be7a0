import { assertRole, type Example, type SealedTestSet } from "../datasets/roles.js";
import { type Assessment, namedScores } from "../evaluation/assessment.js";
import { decisionsOf } from "../evaluation/logits.js";
import { calibrated, type RunCalibration } from "../evaluation/runCalibration.js";
import type { Resampling, SetRequest } from "../evaluation/setAssessment.js";
import { windowAnswers, windowsSeen } from "../evaluation/windowAnswers.js";
import type { TensorFlow } from "../tensorflow.js";
import { Predictor } from "../training/predict.js";
import type { EpochMetrics } from "../training/train.js";
import { evenly } from "./evenly.js";
import type { TestOpenings } from "./testOpenings.js";

/** Which examples are looked at, and by which rule an epoch is chosen. */
export interface Evaluated<A extends Assessment> {
  labels: readonly string[];
  published: boolean;
  /** Of no examples where an epoch is chosen by test sets. */
  select: readonly Example<"select">[];
  tests: Readonly<Record<string, SealedTestSet>>;
  /** At most so many of each test set, evenly; absent: all. */
  testItems?: number;
  epochs: number;
  /** `[rows, frames, channels]` */
  inputShape: readonly [number, number, number];
  /** Examples that go through the network at once, at most; default 64. */
  evaluationBatch?: number;
  /** How many windows of an example the network sees, of whose answers the most frequent is taken; absent: one of each. */
  windowsOf?(example: Example): number;
  /** Writes the input of one example, or of a window of it, into `out` at `offset`. */
  writeInput(example: Example, at: EvaluatedAt, out: Float32Array, offset: number): void;
  assess(request: SetRequest & { resampling?: Resampling }): A;
  /** Which examples of a role count at an epoch, and how often; absent: all of them, once each. */
  draw?(examples: readonly Example[], at: Pick<EvaluatedAt, "epoch" | "what">): Int32Array;
  /** One assessment over the test sets, where a challenge has several. */
  overTests?(tests: Readonly<Record<string, A>>, resampling?: Resampling): Pick<A, "scores" | "intervals">;
  /** What an epoch is worth; absent: its Score. */
  worth?(assessment: A): number;
  /** What an epoch is chosen by: its worth on the select role or, as some papers publish, on the test sets. */
  chooseBy: "select" | "test";
  /** The training role, where it is assessed at the end as well: at most so many of these examples as `draw` takes. */
  train?: readonly Example<"train">[];
}

/** Where an input is looked at. */
export interface EvaluatedAt {
  epoch: number;
  /** "train", "select" or a test set's name. */
  what: string;
  /** Of the example among those looked at. */
  index: number;
  /** Of those of the example, from 0. */
  window: number;
}

export interface EvaluatorContext {
  model: TensorFlow.LayersModel;
  /** Keeps each opening of a test set. */
  openings: TestOpenings;
  signal: AbortSignal;
  /** Called as items are done. */
  onItems(count: number, detail: string): void;
}

export interface TestAnswers {
  examples: readonly Example<"test">[];
  /** Indices of labels, [examples]. */
  decisions: Int32Array;
}

/** What the chosen epoch is worth. */
export interface TestedEpoch<A extends Assessment> {
  tests: Record<string, A>;
  /** What it said of each tested example, by test set. */
  answers: Record<string, TestAnswers>;
  over?: Pick<A, "scores" | "intervals">;
  /** The roles that learnt and chose, where there are such. */
  roles: Partial<Record<"train" | "select", A>>;
  /** Under `honest`. */
  calibration?: RunCalibration;
}

/**
 * Looks at the model after an epoch, and at the end. The only place where test sets are opened; each opening is kept.
 *
 * Under `published` the test sets are looked at after each epoch. Under `honest` no test set is touched before the end, and the
 * temperature of the probabilities is fitted on the select role.
 */
export class Evaluator<A extends Assessment> {
  private readonly evaluated: Evaluated<A>;
  private readonly context: EvaluatorContext;
  private readonly predictor: Predictor;

  /**
   * @throws TypeError where `select` holds an example of another role: an epoch is chosen by no other
   * @throws RangeError where an epoch would be chosen by test sets under `honest`, by a select role without examples, or by the worth
   *   of what is over several test sets
   */
  constructor(evaluated: Evaluated<A>, context: EvaluatorContext) {
    const { select, chooseBy, published, train } = evaluated;
    assertRole(select, "select");
    if (train) assertRole(train, "train");
    if (chooseBy === "test" && !published) throw new RangeError("under honest no epoch is chosen by a test set");
    if (evaluated.worth && evaluated.overTests)
      throw new RangeError("what is over several test sets has no worth of its own");
    if (chooseBy === "select" && select.length === 0) throw new RangeError("there is no select example to choose by");
    this.evaluated = evaluated;
    this.context = context;
    const { inputShape, labels, evaluationBatch: batchSize } = evaluated;
    this.predictor = new Predictor({ model: context.model, inputShape, classes: labels.length, batchSize });
  }

  /** The model stays as it is. */
  dispose(): void {
    this.predictor.dispose();
  }

  async afterEpoch(epoch: number): Promise<EpochMetrics> {
    const { select, published, chooseBy, worth } = this.evaluated;
    const metrics: Record<string, number> = {};
    let chosenBy: A | Pick<A, "scores"> | undefined;
    if (chooseBy === "select") {
      chosenBy = this.onRole(await this.request(select, epoch, "select"), epoch, "select");
      put(metrics, "select", chosenBy);
    }
    if (published) {
      const { tests, over } = await this.onTests(epoch, `epoch ${epoch}, as published`);
      const sets = Object.entries(tests);
      // One set needs no name.
      for (const [name, result] of sets) put(metrics, sets.length > 1 ? `test/${name}` : "test", result);
      if (over) put(metrics, "test/mean", over);
      if (chooseBy === "test") chosenBy = over ?? sets[0]![1];
    }
    const score = worth ? worth(chosenBy as A) : chosenBy!.scores.score;
    // A role without normal or without abnormal items has no Score: below every Score that there is.
    return { metrics, selection: Number.isNaN(score) ? -1 : score };
  }

  /** The chosen epoch, whose weights the model holds: opens every test set. */
  async atEnd(epoch: number, resampling: Resampling): Promise<TestedEpoch<A>> {
    const { select, train, published } = this.evaluated;
    const { requests, ...onTests } = await this.onTests(epoch, `chosen epoch ${epoch}`, resampling);
    const roles: TestedEpoch<A>["roles"] = {};
    if (train) roles.train = this.onRole(await this.request(train, epoch, "train"), epoch, "train", resampling);
    if (published && !train) return { ...onTests, roles };
    const onSelect = await this.request(select, epoch, "select");
    if (train) roles.select = this.onRole(onSelect, epoch, "select", resampling);
    return { ...onTests, roles, ...(!published && { calibration: calibrated(onSelect, requests) }) };
  }

  private async onTests(epoch: number, purpose: string, resampling?: Resampling) {
    const { testItems, assess, overTests } = this.evaluated;
    const tests: Record<string, A> = {};
    const requests: Record<string, SetRequest> = {};
    const answers: Record<string, TestAnswers> = {};
    for (const [name, set] of Object.entries(this.evaluated.tests)) {
      const opened = set.open(purpose, (touch) => this.context.openings.record(touch));
      const examples = evenly(opened, testItems);
      const request = await this.request(examples, epoch, name);
      requests[name] = request;
      answers[name] = {
        examples,
        decisions: request.decisions ?? decisionsOf(request.logits, request.labels.length),
      };
      tests[name] = assess({ ...request, ...(resampling && { resampling }) });
    }
    const over = overTests?.(tests, resampling);
    return { tests, answers, ...(over && { over }), requests };
  }

  /** Each item is computed once and counted as often as it was drawn. */
  private onRole(request: SetRequest, epoch: number, what: "train" | "select", resampling?: Resampling): A {
    const { draw, assess } = this.evaluated;
    const counted = draw?.(request.examples as readonly Example[], { epoch, what });
    return assess({ ...(counted ? drawn(request, counted) : request), ...(resampling && { resampling }) });
  }

  private async request(examples: readonly Example[], epoch: number, what: string): Promise<SetRequest> {
    const { labels, windowsOf } = this.evaluated;
    const windows = examples.map((example) => windowsOf?.(example) ?? 1);
    const logits = await this.logits(examples, windows, epoch, what);
    if (!windowsOf) return { examples, logits, labels };
    return { examples, ...windowAnswers(logits, windows, labels.length), labels };
  }

  private logits(
    examples: readonly Example[],
    windows: readonly number[],
    epoch: number,
    what: string,
  ): Promise<Float32Array> {
    const { epochs, writeInput } = this.evaluated;
    const { signal, onItems } = this.context;
    const seen = windowsSeen(windows);
    let before = 0;
    return this.predictor.logits({
      signal,
      count: seen.length,
      writeInput: (i, out, offset) => {
        const { index, window } = seen[i]!;
        writeInput(examples[index]!, { epoch, what, index, window }, out, offset);
      },
      onProgress(done) {
        const items = seen[done]?.index ?? examples.length;
        onItems(items - before, `epoch ${epoch} of ${epochs}, ${what}, ${items} of ${examples.length}`);
        before = items;
      },
    });
  }
}

type Measured = Pick<Assessment, "scores"> & Partial<Pick<Assessment, "auc" | "loss">>;

function put(metrics: Record<string, number>, prefix: string, { scores, auc, loss }: Measured): void {
  for (const [name, value] of Object.entries(namedScores(scores))) metrics[`${prefix}/${name}`] = value;
  if (auc !== undefined) metrics[`${prefix}/auc`] = auc;
  if (loss !== undefined) metrics[`${prefix}/loss`] = loss;
}

function drawn({ examples, logits, decisions, labels }: SetRequest, indices: Int32Array): SetRequest {
  const classes = labels.length;
  const taken = new Float32Array(indices.length * classes);
  indices.forEach((index, i) => {
    taken.set(logits.subarray(index * classes, (index + 1) * classes), i * classes);
  });
  return {
    examples: Array.from(indices, (index) => examples[index]!),
    logits: taken,
    ...(decisions && { decisions: indices.map((index) => decisions[index]!) }),
    labels,
  };
}
