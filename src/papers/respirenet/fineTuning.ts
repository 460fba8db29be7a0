import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ICBHI_DEVICES, type IcbhiDevice } from "../../datasets/icbhi/labels.js";
import { type Example, SealedTestSet } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import { assessIcbhi } from "../../evaluation/icbhiAssessment.js";
import { lastTenth } from "../../evaluation/median.js";
import { calibrated } from "../../evaluation/runCalibration.js";
import type { SetRequest } from "../../evaluation/setAssessment.js";
import { windowAnswers } from "../../evaluation/windowAnswers.js";
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
import { keepModel, type OpenedCycles, openCycles, type RespirenetRun, trainOn } from "./respirenetRun.js";

/**
 * Stage 2 (papers.md 5.6): for each device the first stage's model is trained on with that device's cycles, and each test cycle goes through its
 * device's model. Where a device has no training cycles, or none to choose an epoch by, its test cycles go through the first stage's.
 *
 * @param run of the row, whose recipe's epochs are the first stage's
 */
export async function runFineTuned(run: RespirenetRun, context: RunContext): Promise<RunResult> {
  const { split, recipe } = run;
  const { labels } = split;
  const folder = context.stages[FIRST_STAGE]!;
  const first = readFirstStage(folder);
  const openings = new TestOpenings(path.join(context.runFolder, "testOpenings.jsonl"));
  const training = evenly(split.train, recipe.trainItems);
  const evaluated = evaluatedIcbhi(run);
  const cycles = await openCycles(run, training, { ...context, runFolder: folder });
  const model = respirenetNetwork({ classes: labels.length, inputShape: respirenetInputShape(recipe) });
  const weightsOf = (of: string) => decodeSafetensors(readFileSync(path.join(of, "model", "weights.safetensors")));
  const firstWeights = weightsOf(folder);
  const started = performance.now();
  const devices: FineTunedDevice[] = [];
  const histories: { device: IcbhiDevice; history: EpochRecord[] }[] = [];
  const results: RunResult[] = [];
  const openTests = (purpose: string) =>
    evenly(
      split.tests.test.open(purpose, (touch) => openings.record(touch)),
      recipe.testItems,
    );
  try {
    // ---- a model for each device ----------------------------------------------------------------------
    for (const device of ICBHI_DEVICES) {
      const own = <R extends Example>(examples: readonly R[]) => examples.filter((one) => one.device === device);
      const train = own(training);
      const select = own(evaluated.select);
      const tested = evaluated.published
        ? own(openTests(`cycles of ${device}, to choose its epoch by, as published`))
        : [];
      const chooseBy = evaluated.published ? tested.length : select.length;
      const counts = { train: countByClass(train, labels), chooseBy };
      const without = reasonWithout(train, chooseBy, evaluated.published);
      if (without) {
        devices.push({ device, without, counts });
        continue;
      }
      writeWeights(model, firstWeights);
      const ofDevice = path.join(context.runFolder, "devices", device);
      mkdirSync(ofDevice, { recursive: true });
      const result = await trainOn(model, {
        run: { ...run, recipe: { ...recipe, ...recipe.fineTuning! }, stepsPerEpoch: stepsOf(train, recipe) },
        ...{ cycles, training: train, purpose: `${device} ` },
        evaluated: {
          ...{ ...evaluated, select },
          tests: evaluated.published ? { test: new SealedTestSet(`${split.tests.test.name} ${device}`, tested) } : {},
        } as ReturnType<typeof evaluatedIcbhi>,
        context: {
          ...context,
          runFolder: ofDevice,
          recorder: prefixed(context.recorder, device),
          onEpoch() {},
          progress: (report) => context.progress({ ...report, detail: `${device}: ${report.detail ?? ""}` }),
        },
      });
      const { chosenEpoch, chosenBy, history } = result;
      devices.push({ device, counts, chosenEpoch, chosenBy });
      histories.push({ device, history });
      results.push(result);
    }

    // ---- all of them together -------------------------------------------------------------------------
    const answered = async (examples: readonly Example[]): Promise<SetRequest> => {
      const answers = examples.map(() => new Float32Array(labels.length));
      const decisions = new Int32Array(examples.length);
      for (const device of ICBHI_DEVICES) {
        const places = examples.flatMap((one, i) => (one.device === device ? [i] : []));
        if (places.length === 0) continue;
        const tuned = devices.find((one) => one.device === device && !one.without);
        writeWeights(model, tuned ? weightsOf(path.join(context.runFolder, "devices", device)) : firstWeights);
        const own = await answersOf(
          model,
          run,
          cycles,
          places.map((i) => examples[i]!),
          context,
        );
        for (const [k, i] of places.entries()) {
          answers[i]!.set(own.logits.subarray(k * labels.length, (k + 1) * labels.length));
          decisions[i] = own.decisions[k]!;
        }
      }
      const logits = new Float32Array(examples.length * labels.length);
      for (const [i, answer] of answers.entries()) logits.set(answer, i * labels.length);
      return { examples, logits, decisions, labels };
    };
    const test = await answered(openTests("models of all devices"));
    const select = evaluated.published ? undefined : await answered(evaluated.select);
    writeWeights(model, firstWeights);
    keepModel(model, run, cycles.standard, context);
    const resampling = { draws: RESAMPLES, streams: new Streams(run.seed) };
    const history = together(histories);
    const scores = history.map(({ metrics }) => metrics["stage2/score"]!);
    return {
      epochs: recipe.fineTuning!.epochs,
      stepsPerEpoch: Math.max(0, ...results.map(({ stepsPerEpoch }) => stepsPerEpoch)),
      parameters: first.parameters,
      seconds: (performance.now() - started) / 1000,
      chosenEpoch: Math.max(0, ...results.map(({ chosenEpoch }) => chosenEpoch)),
      chosenBy: `each device's own epoch: ${devices.map(inWords).join("; ")}`,
      tests: { test: assessIcbhi({ ...test, resampling }) },
      lastEpochs: {
        role: evaluated.published ? "test" : "select",
        ...lastTenth(scores.length > 0 ? scores : [Number.NaN]),
      },
      lastEpochScore: scores.at(-1) ?? Number.NaN,
      history,
      ...(select && { calibration: calibrated(select, { test }) }),
      imageStatistics: cycles.standard,
      fineTuning: {
        firstStage: {
          ...{
            id: path.basename(folder),
            epochs: first.epochs,
            chosenEpoch: first.chosenEpoch,
            seconds: first.seconds,
          },
          tests: first.tests,
        },
        devices,
      },
      testOpenings: [...first.testOpenings, ...results.flatMap(({ testOpenings }) => testOpenings), ...openings.all()],
      splitNotes: [...split.describe, ...devices.flatMap(({ device, without }) => (without ? [`${device}: ${without}; its cycles go through the model of the first stage.`] : []))], // biome-ignore format: one line
      counts: { train: countByClass(training, labels), select: countByClass(evaluated.select, labels) },
    };
  } finally {
    model.dispose();
  }
}

/** Why a device has no model of its own; undefined where it has. */
function reasonWithout(train: readonly Example[], chooseBy: number, published: boolean): string | undefined {
  if (train.length === 0) return "no training cycles";
  if (train.every(({ label }) => label === train[0]!.label))
    return `training cycles of one class alone, ${train[0]!.className}`;
  if (chooseBy === 0) return `no ${published ? "test" : "held-out"} cycles to choose an epoch by`;
  return undefined;
}

const inWords = ({ device, without, chosenEpoch }: FineTunedDevice) =>
  without ? `${device} none (${without})` : `${device} ${chosenEpoch}`;

/** As many steps as a device's cycles fill, and never more than the first stage has. */
function stepsOf(train: readonly Example[], { batchSize, stepsPerEpoch }: RespirenetRun["recipe"]): number {
  const all = Math.ceil(train.length / batchSize);
  return Math.max(1, Math.min(all, stepsPerEpoch ?? all));
}

async function answersOf(
  model: TensorFlow.LayersModel,
  { split, recipe }: RespirenetRun,
  { evaluated }: OpenedCycles,
  examples: readonly Example[],
  { signal }: Pick<RunContext, "signal">,
) {
  const windows = examples.map((example) => evaluated.count(example));
  const seen = windows.flatMap((count, i) => Array.from({ length: count }, (_, window) => [i, window] as const));
  const classes = split.labels.length;
  const predictor = new Predictor({ model, inputShape: respirenetInputShape(recipe), classes, batchSize: 16 });
  try {
    const logits = await predictor.logits({
      ...{ count: seen.length, signal },
      writeInput: (k, out, offset) => evaluated.write(examples[seen[k]![0]]!, seen[k]![1], out, offset),
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

/** Epochs of all devices beside each other, and the mean of what their epochs were chosen by. */
function together(histories: readonly { device: string; history: readonly EpochRecord[] }[]): EpochRecord[] {
  const epochs = Math.max(0, ...histories.map(({ history }) => history.length));
  return Array.from({ length: epochs }, (_, i) => {
    const records = histories.flatMap(({ device, history }) => (history[i] ? [{ device, record: history[i] }] : []));
    const metrics = records.flatMap(({ device, record }) =>
      Object.entries(record.metrics).map(([name, value]) => [`${device}/${name}`, value] as const),
    );
    const scores = records.map(({ record }) => record.metrics["select/score"] ?? record.metrics["test/score"]!);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const seconds = records.reduce((sum, { record }) => sum + record.seconds, 0);
    return { epoch: i + 1, seconds, metrics: { ...Object.fromEntries(metrics), "stage2/score": mean } };
  });
}
