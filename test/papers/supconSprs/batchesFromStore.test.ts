import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { encodeWav } from "../../../src/audio/encodeWav.js";
import { decodeWav } from "../../../src/audio/wav.js";
import type { Example } from "../../../src/datasets/roles.js";
import { BatchRing } from "../../../src/node/batches/batchRing.js";
import { openOrBuildFeatures } from "../../../src/node/featureStore/openOrBuild.js";
import { supconClips, supconClipsPlace } from "../../../src/papers/supconSprs/clipBuilder.js";
import { supconMfcc } from "../../../src/papers/supconSprs/frontEnd.js";
import { ItemMaps, supconItems, trainingItems } from "../../../src/papers/supconSprs/inputs.js";
import { supconRecipe } from "../../../src/papers/supconSprs/recipe.js";
import { Streams } from "../../../src/random/streams.js";
import { madeUp } from "../../features/madeUp.js";

const PLAIN = { network: "resnet18", mixUp: false, pretrained: false } as const;

let folder: string;
const cacheBefore = process.env.AUSCULT_CACHE;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "supcon-store-"));
  process.env.AUSCULT_CACHE = path.join(folder, "cache");
});

afterEach(() => {
  if (cacheBefore === undefined) delete process.env.AUSCULT_CACHE;
  else process.env.AUSCULT_CACHE = cacheBefore;
  rmSync(folder, { recursive: true, force: true });
});

/** Each as long as the input, so that there is one place for it. */
function examplesOf(seconds: number): Example<"train">[] {
  return [0, 1, 2, 3, 4, 5].map((i) => {
    const file = path.join(folder, `r${i}.wav`);
    writeFileSync(
      file,
      encodeWav(
        madeUp(8000 * seconds).map((x, t) => x * Math.sin((i + 1) * t)),
        8000,
      ),
    );
    const id = `r${i}`;
    return { id, recording: id, file, role: "train", patient: id, label: i % 2, className: `${i % 2}`, set: "made up" };
  });
}

it("without flips, batches hold the front end's maps bit for bit; with them, any number of workers gives the same", async () => {
  const frames = 187;
  const examples = examplesOf((186 * 128) / 8000);
  const features = await openOrBuildFeatures({
    items: examples,
    builder: supconClips,
    place: supconClipsPlace,
    workers: 2,
  });
  const maps = new ItemMaps(features, examples);
  const plain = examples.map(({ file }) => {
    const { samples } = decodeWav(readFileSync(file), file);
    return Array.from(supconMfcc.compute(samples).data);
  });
  const base = { ...supconRecipe(PLAIN, "event", "paper", "full"), frames, batchSize: 8 };
  const batchesOf = async (flipProbability: number, workers: number) => {
    const options = trainingItems(examples, maps, { ...base, flipProbability }, 2, 3, new Streams(4));
    const ring = await BatchRing.open({ program: supconItems, options, workers, epochs: 2, stepsPerEpoch: 3 });
    const batches: { inputs: number[][]; targets: number[] }[] = [];
    for (const epoch of [1, 2]) {
      for (const step of [0, 1, 2]) {
        const { inputs, targets } = await ring.take(epoch, step);
        const size = inputs.length / base.batchSize;
        const items = Array.from({ length: base.batchSize }, (_, i) => [...inputs.subarray(i * size, (i + 1) * size)]);
        batches.push({ inputs: items, targets: [...targets] });
      }
    }
    await ring.close();
    return batches;
  };
  for (const { inputs, targets } of await batchesOf(0, 1)) {
    inputs.forEach((input, i) => {
      const which = plain.findIndex((map) => map[0] === input[0]);
      expect(input).toEqual(plain[which]);
      expect(targets.slice(2 * i, 2 * i + 2)).toEqual(which % 2 === 0 ? [1, 0] : [0, 1]);
    });
  }
  const flipped = await batchesOf(0.5, 0);
  for (const workers of [1, 3]) expect(await batchesOf(0.5, workers)).toEqual(flipped);
});
