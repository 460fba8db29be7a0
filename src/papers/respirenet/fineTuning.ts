import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ICBHI_DEVICES, type IcbhiDevice } from "../../datasets/icbhi/labels.js";
import { type Example, SealedTestSet } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import { assessIcbhi } from "../../evaluation/icbhiAssessment.js";
import { lastTenth } from "../../evaluation/median.js";
import { calibrated } from "../../evaluation/runCalibration.js";
import type { SetRequest } from "../../evaluation/setAssessment.js";
import { windowAnswers, windowsSeen } from "../../evaluation/windowAnswers.js";
import { writeWeights } from "../../nn/weights/modelWeights.js";
import { decodeSafetensors } from "../../nn/weights/safetensors.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { Predictor } from "../../training/predict.js";
import type { Recorder } from "../../training/recorder.js";
import type { EpochRecord } from "../../training/trainingState.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import { evenly } from "../evenly.js";
import type { FineTunedDevice } from "../fineTuningRecord.js";
import type { RunContext } from "../paper.js";
import type { RunResult } from "../runResult.js";
import { TestOpenings } from "../testOpenings.js";
import { RESAMPLES } from "../trainAndTest.js";
import { FIRST_STAGE, readFirstStage } from "./firstStage.js";
import { respirenetInputShape } from "./frontEnd.js";
import { respirenetNetwork } from "./network.js";
import {
  EVALUATED_AT_ONCE,
  keepModel,
  type OpenedCycles,
  openCycles,
  type RespirenetRun,
  trainOn,
} from "./respirenetRun.js";

/**
 * Stage 2 (papers.md 5.6): for each device the first stage's model is trained on with that device's cycles, and each test cycle goes through its
 * device's model. Where a device has no training cycles, or none to choose an epoch by, its test cycles go through the first stage's.
 *
 * @param run of the row, whose recipe's epochs are the first stage's
 */
export async function runFineTuned(run: RespirenetRun, context: RunContext): Promise<RunResult> {
  const { split, recipe, seed } = run;
  const { labels } = split;
  const folder = context.stages[FIRST_STAGE]!;
  const first = readFirstStage(folder);
  const training = evenly(split.train, recipe.trainItems);
  const cycles = await openCycles(run, training, context, first.imageStatistics);
  const model = respirenetNetwork({ classes: labels.length, inputShape: respirenetInputShape(recipe) });
  const stage: SecondStage = {
    ...{ run, context, training, cycles, model, firstWeights: weightsIn(folder) },
    openings: new TestOpenings(path.join(context.runFolder, "testOpenings.jsonl")),
  };
  const started = performance.now();
  try {
    const trained: TrainedDevice[] = [];
    for (const device of ICBHI_DEVICES) trained.push(await trainDevice(device, stage));
    const devices = trained.map(({ device }) => device);
    const results = trained.flatMap(({ result }) => (result ? [result] : []));

    const { published, select: held } = evaluatedIcbhi(run);
    const test = await answersOfAll(openTests("models of all devices", stage), devices, stage);
    const select = published ? undefined : await answersOfAll(held, devices, stage);
    writeWeights(model, stage.firstWeights);
    keepModel(model, run, cycles.standard, context);
    const history = together(trained);
    const scores = history.length > 0 ? history.map(({ metrics }) => metrics[MEAN_SCORE]!) : [Number.NaN];
    const most = (of: (result: RunResult) => number) => Math.max(0, ...results.map(of));
    const { epochs, chosenEpoch, seconds, tests, parameters, testOpenings } = first;
    return {
      epochs: recipe.fineTuning!.epochs,
      stepsPerEpoch: most((result) => result.stepsPerEpoch),
      parameters,
      seconds: (performance.now() - started) / 1000,
      chosenEpoch: most((result) => result.chosenEpoch),
      chosenBy: `each device's own epoch: ${devices.map(inWords).join("; ")}`,
      tests: { test: assessIcbhi({ ...test, resampling: { draws: RESAMPLES, streams: new Streams(seed) } }) },
      lastEpochs: { role: published ? "test" : "select", ...lastTenth(scores) },
      lastEpochScore: scores.at(-1)!,
      history,
      ...(select && { calibration: calibrated(select, { test }) }),
      imageStatistics: cycles.standard,
      fineTuning: { firstStage: { id: path.basename(folder), epochs, chosenEpoch, seconds, tests }, devices },
      testOpenings: [...testOpenings, ...results.flatMap((result) => result.testOpenings), ...stage.openings.all()],
      splitNotes: [...split.describe, ...devices.flatMap(withoutModel)],
      counts: { train: countByClass(training, labels), select: countByClass(held, labels) },
    };
  } finally {
    model.dispose();
  }
}

/** What the parts of the second stage share. */
interface SecondStage {
  run: RespirenetRun;
  context: RunContext;
  training: readonly Example<"train">[];
  cycles: OpenedCycles;
  /** Holds the weights of whichever device is at work. */
  model: TensorFlow.LayersModel;
  firstWeights: ReturnType<typeof weightsIn>;
  openings: TestOpenings;
}

interface TrainedDevice {
  device: FineTunedDevice;
  /** Absent where it has no model of its own. */
  result?: RunResult;
}

const folderOf = ({ context }: SecondStage, device: string) => path.join(context.runFolder, "devices", device);

function weightsIn(folder: string) {
  return decodeSafetensors(readFileSync(path.join(folder, "model", "weights.safetensors")));
}

function openTests(purpose: string, { run: { split, recipe }, openings }: SecondStage): readonly Example<"test">[] {
  const opened = split.tests.test.open(purpose, (touch) => openings.record(touch));
  return evenly(opened, recipe.testItems);
}

async function trainDevice(device: IcbhiDevice, stage: SecondStage): Promise<TrainedDevice> {
  const { run, context, cycles, model } = stage;
  const { split, recipe } = run;
  const of = <R extends Example>(examples: readonly R[]) => examples.filter((one) => one.device === device);
  const evaluated = evaluatedIcbhi(run);
  const { published } = evaluated;
  const training = of(stage.training);
  const select = of(evaluated.select);
  const tested = published ? of(openTests(`cycles of ${device}, to choose its epoch by, as published`, stage)) : [];
  const chooseBy = published ? tested.length : select.length;
  const counts = { train: countByClass(training, split.labels), chooseBy };
  const without = reasonWithout(training, chooseBy, published);
  if (without) return { device: { device, without, counts } };

  writeWeights(model, stage.firstWeights);
  const runFolder = folderOf(stage, device);
  mkdirSync(runFolder, { recursive: true });
  const tests: Record<string, SealedTestSet> = published
    ? { test: new SealedTestSet(`${split.tests.test.name} ${device}`, tested) }
    : {};
  const result = await trainOn(model, {
    run: {
      ...run,
      recipe: { ...recipe, ...recipe.fineTuning! },
      stepsPerEpoch: stepsOf(training, recipe),
      looks: false,
    },
    ...{ cycles, training, purpose: `${device} `, evaluated: { ...evaluated, select, tests } },
    context: {
      ...{ ...context, runFolder, recorder: prefixed(context.recorder, device), onEpoch() {} },
      progress: (report) => context.progress({ ...report, detail: `${device}: ${report.detail ?? ""}` }),
    },
  });
  const { chosenEpoch, chosenBy } = result;
  return { device: { device, counts, chosenEpoch, chosenBy }, result };
}

/** Each cycle through its device's model. */
async function answersOfAll(
  examples: readonly Example[],
  devices: readonly FineTunedDevice[],
  stage: SecondStage,
): Promise<SetRequest> {
  const { run, model, firstWeights } = stage;
  const { labels } = run.split;
  const classes = labels.length;
  const logits = new Float32Array(examples.length * classes);
  const decisions = new Int32Array(examples.length);
  for (const { device, without } of devices) {
    const places = examples.flatMap((one, i) => (one.device === device ? [i] : []));
    if (places.length === 0) continue;
    writeWeights(model, without ? firstWeights : weightsIn(folderOf(stage, device)));
    const own = await answersOf(
      places.map((i) => examples[i]!),
      stage,
    );
    for (const [k, i] of places.entries()) {
      logits.set(own.logits.subarray(k * classes, (k + 1) * classes), i * classes);
      decisions[i] = own.decisions[k]!;
    }
  }
  return { examples, logits, decisions, labels };
}

/**
 * Why a device has no model of its own; undefined where it has.
 *
 * @param train its training cycles
 * @param chooseBy how many cycles an epoch could be chosen by
 */
export function reasonWithout(
  train: readonly Pick<Example, "label" | "className">[],
  chooseBy: number,
  published: boolean,
): string | undefined {
  if (train.length === 0) return "no training cycles";
  if (train.every(({ label }) => label === train[0]!.label))
    return `training cycles of one class alone, ${train[0]!.className}`;
  if (chooseBy === 0) return `no ${published ? "test" : "held-out"} cycles to choose an epoch by`;
  return undefined;
}

const withoutModel = ({ device, without }: FineTunedDevice) =>
  without ? [`${device}: ${without}; its cycles go through the model of the first stage.`] : [];

const inWords = ({ device, without, chosenEpoch }: FineTunedDevice) =>
  without ? `${device} none (${without})` : `${device} ${chosenEpoch}`;

/** As many steps as a device's cycles fill, and never more than the first stage has. */
function stepsOf(train: readonly Example[], { batchSize, stepsPerEpoch }: RespirenetRun["recipe"]): number {
  const all = Math.ceil(train.length / batchSize);
  return Math.max(1, Math.min(all, stepsPerEpoch ?? all));
}

async function answersOf(examples: readonly Example[], { run, model, cycles, context }: SecondStage) {
  const { split, recipe } = run;
  const windows = examples.map((example) => cycles.evaluated.count(example));
  const seen = windowsSeen(windows);
  const classes = split.labels.length;
  const inputShape = respirenetInputShape(recipe);
  const predictor = new Predictor({ model, inputShape, classes, batchSize: EVALUATED_AT_ONCE });
  try {
    const logits = await predictor.logits({
      ...{ count: seen.length, signal: context.signal },
      writeInput(k, out, offset) {
        const { index, window } = seen[k]!;
        cycles.evaluated.write(examples[index]!, window, out, offset);
      },
    });
    return windowAnswers(logits, windows, classes);
  } finally {
    predictor.dispose();
  }
}

/** Metrics under the device's name. */
function prefixed(recorder: Recorder, device: string): Recorder {
  return {
    ...recorder,
    parameters() {},
    tags() {},
    description() {},
    end() {},
    metrics: (values, step) =>
      recorder.metrics(
        Object.fromEntries(Object.entries(values).map(([name, value]) => [`${device}/${name}`, value])),
        step,
      ),
  };
}

const MEAN_SCORE = "devices/score";

/** Epochs of all devices beside each other, and the mean of their Scores. */
function together(trained: readonly TrainedDevice[]): EpochRecord[] {
  const histories = trained.flatMap(({ device, result }) => (result ? [{ ...device, history: result.history }] : []));
  const epochs = Math.max(0, ...histories.map(({ history }) => history.length));
  return Array.from({ length: epochs }, (_, i) => {
    const records = histories.map(({ device, history }) => ({ device, record: history[i]! }));
    const metrics = records.flatMap(({ device, record }) =>
      Object.entries(record.metrics).map(([name, value]) => [`${device}/${name}`, value] as const),
    );
    const scores = records.map(({ record }) => record.metrics["select/score"] ?? record.metrics["test/score"]!);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const seconds = records.reduce((sum, { record }) => sum + record.seconds, 0);
    return { epoch: i + 1, seconds, metrics: { ...Object.fromEntries(metrics), [MEAN_SCORE]: mean } };
  });
}
