import path from "node:path";
import { describe, expect, it } from "vitest";
import { writeIcbhiDemo } from "../../../src/datasets/demo/icbhi.js";
import { writeSprSoundDemo } from "../../../src/datasets/demo/sprsound.js";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { icbhiSplit } from "../../../src/datasets/icbhi/split.js";
import { loadSprSound } from "../../../src/datasets/sprsound/load.js";
import { sprSoundSplit } from "../../../src/datasets/sprsound/split.js";
import { sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";
import { confusionOf } from "../../../src/evaluation/confusion.js";
import { sprSoundScores } from "../../../src/evaluation/sprsoundScores.js";
import { Streams } from "../../../src/random/streams.js";
import { temporaryFolder } from "../sprsound/layoutFixture.js";
import { type Picture, picturesOf, trainAndPredict } from "./smallNet.js";

/*
 * The made-up sounds are there so that tests can tell learning from not learning. What a classifier gets that knows nothing
 * of the sounds is known: if it calls a share p of all clips Normal, Sp is p and Se at most 1 - p, so (Sp + Se) / 2 is 0.5 at
 * most, however rare the classes are; if it calls each of n classes equally often, as one trained on balanced draws does, it
 * is 1 / n.
 */
const LEARNT = [0.7, 0.95] as const;

const SEEDS = process.env.AUSCULT_TEST_SLOW ? [1, 2, 3, 4, 5, 6] : [1, 2];

interface Side {
  labels: readonly string[];
  train: Picture[];
  test: Picture[];
}

/** (Sp + Se) / 2, an abnormal clip being right when it gets its exact class: ICBHI's Score, SPRSound's AS. */
async function scoreOf({ labels, train, test }: Side, seed: number): Promise<number> {
  const predictions = await trainAndPredict(train, test, { classes: labels.length, seed });
  const truths = test.map(({ label }) => label);
  return sprSoundScores(confusionOf(labels, truths, predictions), 1).as;
}

function shuffled(side: Side, seed: number): Side {
  const labels = new Streams(seed).stream("shuffled labels").shuffle(side.train.map(({ label }) => label));
  return { ...side, train: side.train.map((picture, i) => ({ ...picture, label: labels[i]! })) };
}

/** Training patients, and unseen patients. */
function icbhiSide(seed: number, split: string): Side {
  const folder = temporaryFolder();
  writeIcbhiDemo(path.join(folder, "icbhi"), { seed });
  const { labels, train, select, tests } = icbhiSplit(loadIcbhi(folder), split, "honest");
  const test = tests.test.open("made-up sounds", () => {});
  return { labels, train: picturesOf([...train, ...select]), test: picturesOf(test) };
}

function sprSoundSide(seed: number): Side {
  const folder = temporaryFolder();
  writeSprSoundDemo(path.join(folder, "sprsound"), { seed });
  const task = sprSoundTask("11");
  const { train, select, tests } = sprSoundSplit(loadSprSound(folder), task, "honest", { seed });
  const test = tests.inter.open("made-up sounds", () => {});
  return { labels: task.labels, train: picturesOf([...train, ...select]), test: picturesOf(test) };
}

describe.each([
  ["ICBHI's layout, official split, four classes", (seed: number) => icbhiSide(seed, "official")],
  ["SPRSound's layout, unseen patients, normal or not", sprSoundSide],
] as const)("%s", (_, sideOf) => {
  it.each(SEEDS)("seed %i: a small net learns it, but not wholly, and nothing from shuffled labels", async (seed) => {
    const side = sideOf(seed);
    const score = await scoreOf(side, seed);
    expect(score).toBeGreaterThan(LEARNT[0]);
    expect(score).toBeLessThan(LEARNT[1]);
    if (seed > 1) return;
    const blind = await scoreOf(shuffled(side, seed), seed);
    expect(blind).toBeGreaterThan(1 / side.labels.length - 0.2);
    expect(blind).toBeLessThan(1 / side.labels.length + 0.15);
  });
});
