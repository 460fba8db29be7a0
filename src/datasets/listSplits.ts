import { UserError } from "../userError.js";
import { loadIcbhi } from "./icbhi/load.js";
import { type IcbhiSplitOptions, icbhiSplit } from "./icbhi/split.js";
import { ICBHI_SPLIT_NAMES } from "./icbhi/splitName.js";
import type { ClassCounts, Protocol, Split } from "./split.js";
import { loadSprSound } from "./sprsound/load.js";
import { sprSoundSplit } from "./sprsound/split.js";
import { SPRSOUND_TASK_IDS, sprSoundTask } from "./sprsound/tasks.js";

/** A split in numbers; of test sets only the size, since more would open them. */
export interface SplitSummary {
  split: string;
  protocol: Protocol;
  unit: string;
  train: { count: number; byClass: ClassCounts };
  select: { count: number; byClass: ClassCounts };
  tests: Record<string, number>;
  digest: string;
  seed?: number;
  leaks: readonly string[];
  describe: readonly string[];
  /** How many of each role can be loaded; absent where all can. */
  withAudio?: { train: number; select: number; test: number };
}

/** A split that these data or this protocol do not have. */
export interface RefusedSplit {
  split: string;
  protocol: Protocol;
  refused: string;
}

export interface SplitRequest {
  /** One split by name (icbhi) or task (sprsound); all of them without. */
  split?: string;
  protocol?: Protocol;
  icbhi?: Pick<IcbhiSplitOptions, "classes" | "twoDevicePatients">;
}

/** Data sets that have splits. */
export const SPLIT_DATASETS = ["icbhi", "sprsound"] as const;

/**
 * The splits of a data set, as far as annotations tell; recordings without audio count.
 * @param dataDir the folder that holds the data sets
 * @throws UserError for an unknown data set, missing data, and a split asked for by name that cannot be made
 */
export function listSplits(
  dataset: string,
  dataDir: string,
  { split: only, protocol, icbhi }: SplitRequest = {},
): (SplitSummary | RefusedSplit)[] {
  const make = makerOf(dataset, dataDir, icbhi ?? {});
  const protocols = protocol ? [protocol] : (["honest", "published"] as const);
  const splits = (only === undefined ? make.names : [only]).flatMap((name) =>
    protocols.map((one): SplitSummary | RefusedSplit => {
      try {
        return make.split(name, one);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { split: name, protocol: one, refused: error.message };
      }
    }),
  );
  const [first] = splits;
  if (only !== undefined && first && splits.every((one) => "refused" in one)) {
    throw new UserError((first as RefusedSplit).refused);
  }
  return splits;
}

interface SplitMaker {
  names: readonly string[];
  split(name: string, protocol: Protocol): SplitSummary;
}

function makerOf(dataset: string, dataDir: string, options: NonNullable<SplitRequest["icbhi"]>): SplitMaker {
  if (dataset === "icbhi") {
    const data = loadIcbhi(dataDir);
    const partial = data.recordings.some(({ file }) => file === undefined);
    return {
      names: ICBHI_SPLIT_NAMES,
      split(name, protocol) {
        const whole = icbhiSplit(data, name, protocol, { ...options, fileOf: ({ annotationFile }) => annotationFile });
        return {
          ...summarise(name, whole),
          ...(partial && { withAudio: countWithAudio(data, name, protocol, options) }),
        };
      },
    };
  }
  if (dataset === "sprsound") {
    const data = loadSprSound(dataDir);
    return {
      names: SPRSOUND_TASK_IDS,
      // The published split follows the training seed; 0 is the one that runs start with.
      split: (name, protocol) => summarise(name, sprSoundSplit(data, sprSoundTask(name), protocol, { seed: 0 })),
    };
  }
  throw new UserError(`unknown data set "${dataset}"; those with splits: ${SPLIT_DATASETS.join(", ")}`);
}

function countWithAudio(
  data: ReturnType<typeof loadIcbhi>,
  name: string,
  protocol: Protocol,
  options: IcbhiSplitOptions,
): { train: number; select: number; test: number } {
  try {
    const { train, select, tests } = icbhiSplit(data, name, protocol, options);
    return { train: train.length, select: select.length, test: tests.test.count };
  } catch (error) {
    // Too little audio for this split: a class or a side is missing.
    if (error instanceof UserError) return { train: 0, select: 0, test: 0 };
    throw error;
  }
}

function summarise(name: string, split: Split): SplitSummary {
  const { protocol, unit, train, select, tests, digest, seed, leaks, describe, counts } = split;
  return {
    split: name,
    protocol,
    unit,
    train: { count: train.length, byClass: counts.train },
    select: { count: select.length, byClass: counts.select },
    tests: Object.fromEntries(Object.entries(tests).map(([key, { count }]) => [key, count])),
    digest,
    ...(seed === undefined ? {} : { seed }),
    leaks,
    describe,
  };
}
