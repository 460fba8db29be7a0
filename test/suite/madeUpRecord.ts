import type { RunResult } from "../../src/papers/runResult.js";
import { RECORD_FORMAT, type RunRecord } from "../../src/suite/runRecord.js";

interface Parts {
  request?: Partial<RunRecord["request"]>;
  data?: Partial<RunRecord["data"]>;
  reduced?: string;
  split?: Partial<RunRecord["split"]>;
  score?: number;
  runId?: string;
}

/** A finished run's record whose every number is invented. Full budget, real recordings and the printed test set unless said. */
export function madeUpRecord({
  request = {},
  data = {},
  reduced,
  split = {},
  score = 0.7,
  runId = "run",
}: Parts = {}): RunRecord {
  const scores = { se: 0.8, sp: 0.6, as: 0.7, hs: 0.69, score, normalCount: 10, adventitiousCount: 5 };
  const interval = { low: score - 0.02, high: score + 0.02, draws: 2000, degenerate: 0 };
  const intervals = { se: interval, sp: interval, score: interval };
  const confusion = { labels: ["Normal", "Adventitious"], counts: [[6, 4], [1, 4]] }; // biome-ignore format: one line
  const test = { scores, intervals, auc: 0.75, loss: 0.6, examples: 15, confusion, byPatient: [] };
  const result: RunResult = {
    epochs: 100,
    stepsPerEpoch: 167,
    parameters: 11_171_266,
    seconds: 1,
    chosenEpoch: 40,
    chosenBy: "best select Score",
    tests: { inter: test, intra: test },
    mean: { scores, intervals },
    lastEpochs: { role: "select", epochs: 10, median: 0.6, mean: 0.6, low: 0.5, high: 0.7 },
    lastEpochScore: 0.6,
    history: [{ epoch: 1, seconds: 1, metrics: { "train/loss": 0.7, "select/score": 0.6 } }],
    testOpenings: [{ set: "sprsound/inter2022", purpose: "chosen epoch", count: 15 }],
    splitNotes: ["none of the select patients is in train"],
    counts: { train: { Normal: 1 }, select: { Normal: 1 } },
  };
  return {
    format: RECORD_FORMAT,
    runId,
    signature: "0123456789abcdef",
    request: {
      experiment: "supcon-sprs/table3",
      row: "ResNet 18",
      task: "11",
      protocol: "honest",
      preset: "paper",
      profile: "full",
      seed: 0,
      ...request,
    },
    data: {
      name: "sprsound",
      digest: "d1",
      madeUp: false,
      source: "SPRSound",
      description: "SPRSound: 6,656 training events",
      hasPrintedTestSet: true,
      ...data,
    },
    split: { name: "sprsound/11/honest", digest: "s1", leaks: [], ...split },
    ...(reduced && { reduced }),
    codeRevision: "0000000",
    threads: 2,
    engine: "made up",
    result,
  };
}
