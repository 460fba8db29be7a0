import path from "node:path";
import { loadIcbhi } from "../../datasets/icbhi/load.js";
import { icbhiSplit } from "../../datasets/icbhi/split.js";
import type { Example, SealedTestSet, TestTouch } from "../../datasets/roles.js";
import { loadSprSound } from "../../datasets/sprsound/load.js";
import { sprSoundSplit } from "../../datasets/sprsound/split.js";
import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { openWavFile } from "../../node/wavFile.js";
import { evenly } from "../../papers/evenly.js";
import type { TestPath } from "../../papers/testPath.js";
import { Streams } from "../../random/streams.js";
import { UserError } from "../../userError.js";
import type { RunRecord } from "../runRecord.js";

/** Clips whose answers are compared between formats, as their maps. */
export interface TestInputs {
  /** In words. */
  what: string;
  /** Each [rows, frames, channels]. */
  maps: Float32Array[];
  /** Which maps are of one clip, and the clip's true label where it is known. */
  items: { first: number; count: number; label?: number }[];
  /** The test set that was opened for their labels. */
  opened?: TestTouch;
}

interface Options {
  record: Pick<RunRecord, "request">;
  /** Such as "icbhi/4-class". */
  task: string;
  testPath: TestPath;
  dataDir: string;
  /** At most so many clips. */
  limit: number;
  signal?: AbortSignal;
  onClip(done: number, of: number): void;
}

/**
 * Clips of the run's own test set, evenly; where its data are not at hand, made-up sounds without labels.
 *
 * @throws UserError for a recording that cannot be read
 */
export async function testInputs(options: Options): Promise<TestInputs> {
  const { testPath, limit, signal, onClip } = options;
  let set: SealedTestSet;
  try {
    set = testSetOf(options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return madeUpInputs(testPath, error.message);
  }
  let opened: TestTouch | undefined;
  const all = set.open("agreement of exported formats", (touch) => {
    opened = touch;
  });
  const examples = evenly(all, limit);
  const maps: Float32Array[] = [];
  const items: TestInputs["items"] = [];
  for (const [i, example] of examples.entries()) {
    if (signal?.aborted) break;
    onClip(i, examples.length);
    const own = await mapsOf(example, testPath);
    items.push({ first: maps.length, count: own.length, label: example.label });
    maps.push(...own);
  }
  const what = `${examples.length} of ${set.count} items of the test set ${set.name} whose audio is at hand`;
  return { what, maps, items, ...(opened && { opened }) };
}

function testSetOf({ record, task, dataDir }: Options): SealedTestSet {
  const { fold = "official", protocol, seed } = record.request;
  const [dataset, id] = [task.slice(0, task.indexOf("/")), task.slice(task.indexOf("/") + 1)];
  if (dataset === "sprsound") {
    const own = sprSoundTask(id.replace(/-windows$/, ""));
    return sprSoundSplit(loadSprSound(dataDir), own, protocol, { seed }).tests.inter;
  }
  return icbhiSplit(loadIcbhi(dataDir), fold, protocol, { classes: id === "2-class" ? 2 : 4 }).tests.test;
}

async function mapsOf({ file, startSeconds = 0, endSeconds }: Example, testPath: TestPath): Promise<Float32Array[]> {
  const opened = await openWavFile(file);
  try {
    const { frames, sampleRateHz } = opened.header;
    const first = Math.min(Math.round(startSeconds * sampleRateHz), frames - 1);
    const end = endSeconds === undefined ? frames : Math.min(Math.round(endSeconds * sampleRateHz), frames);
    const samples = await opened.read(first, Math.max(end, first + 1));
    return testPath.maps(samples, sampleRateHz).map(({ data }) => data);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path.basename(file)}: ${(error as Error).message}`);
  } finally {
    await opened.close();
  }
}

const MADE_UP_CLIPS = 12;
const MADE_UP_SECONDS = 4;

/** Noise that swells as breath does, with a tone in every second clip. */
function madeUpInputs(testPath: TestPath, why: string): TestInputs {
  const { sampleRateHz } = testPath.frontEnd;
  const maps: Float32Array[] = [];
  const items: TestInputs["items"] = [];
  for (let clip = 0; clip < MADE_UP_CLIPS; clip++) {
    const rng = new Streams(0).stream("made-up clip of an export", clip);
    const samples = Float32Array.from({ length: MADE_UP_SECONDS * sampleRateHz }, (_, i) => {
      const breath = Math.sin((Math.PI * i) / (2 * sampleRateHz)) ** 2;
      const tone = clip % 2 === 0 ? 0 : 0.2 * Math.sin((2 * Math.PI * (150 + 40 * clip) * i) / sampleRateHz);
      return breath * (0.1 * rng.normal() + tone);
    });
    const own = testPath.maps(samples, sampleRateHz).map(({ data }) => data);
    items.push({ first: maps.length, count: own.length });
    maps.push(...own);
  }
  return { what: `${MADE_UP_CLIPS} made-up sounds (the run's test set is not at hand: ${why})`, maps, items };
}
