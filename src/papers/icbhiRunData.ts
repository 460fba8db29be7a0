import { emptyBand } from "../datasets/icbhi/emptyBand.js";
import { loadIcbhi } from "../datasets/icbhi/load.js";
import { type IcbhiSplit, icbhiSplit } from "../datasets/icbhi/split.js";
import type { IcbhiClasses } from "../datasets/icbhi/tasks.js";
import type { Protocol } from "../datasets/split.js";
import { UserError } from "../userError.js";
import { icbhiMaps } from "./icbhiMaps.js";
import { loadedOnce } from "./loadedOnce.js";
import type { RunData } from "./paper.js";
import { type RunSplit, runSplitOf } from "./runSplit.js";

/** Where cycles come from: their audio, or the stored maps of all cycles. */
export type IcbhiInput = "audio" | "icbhi-logmel";

export interface IcbhiRunOptions {
  dataDir: string;
  /** A split's name, see `icbhiSplit`. */
  fold: string;
  protocol: Protocol;
  classes: IcbhiClasses;
  input: IcbhiInput;
  /** Of the spectra that are made of audio: what recordings of a lower rate lack is told. */
  sampleRateHz?: number;
}

/** What a run on ICBHI is on. */
export interface IcbhiRunData {
  split: IcbhiSplit;
  data: RunData;
  runSplit: RunSplit;
}

const CLASSES: Readonly<Record<string, IcbhiClasses>> = { "4-class": 4, "2-class": 2 };

/** @throws UserError for a task that is none of ICBHI's */
export function icbhiClassesOf(task: string): IcbhiClasses {
  const classes = CLASSES[task];
  if (classes === undefined)
    throw new UserError(`task "${task}" is not known; there are ${Object.keys(CLASSES).join(", ")}`);
  return classes;
}

/**
 * The split of ICBHI that a run is on, and how its record names data and split.
 * @throws UserError as `icbhiSplit` does, and where annotations, audio or maps are missing or wrong
 */
export function icbhiRunData({ dataDir, fold, protocol, classes, input, sampleRateHz }: IcbhiRunOptions): IcbhiRunData {
  const key = [dataDir, fold, protocol, classes] as const;
  if (input === "icbhi-logmel") {
    const { icbhi, digest, madeUp, fileOf } = icbhiMaps(dataDir);
    const split = loadedOnce(["icbhi split of maps", ...key], () =>
      icbhiSplit(icbhi, fold, protocol, { classes, fileOf }),
    );
    const source = "ICBHI 2017, log-mel maps of the cycles of all 920 recordings";
    const what = "ICBHI 2017, log-mel maps";
    return {
      ...{ split, runSplit: runSplitOf(split) },
      data: runData({ name: "icbhi-logmel", digest, madeUp, source, what, split, hasPrintedTestSet: false }),
    };
  }
  const icbhi = loadedOnce(["icbhi", dataDir], () => loadIcbhi(dataDir));
  const { digest, madeUp, recordings } = icbhi;
  const split = loadedOnce(["icbhi split", ...key], () => icbhiSplit(icbhi, fold, protocol, { classes }));
  const empty =
    sampleRateHz && loadedOnce(["empty band", dataDir, sampleRateHz], () => emptyBand(recordings, sampleRateHz));
  const withAudio = recordings.filter(({ file }) => file !== undefined).length;
  const part = withAudio === recordings.length ? "" : ` of ${withAudio} of ${recordings.length} recordings`;
  const source = `ICBHI 2017, audio${part}`;
  // Print has the leaky reading of the official list, and the folds.
  const hasPrintedTestSet = !madeUp && split.absent === undefined && fold !== "official";
  return {
    ...{ split, runSplit: runSplitOf(split, empty ? { emptyBand: empty } : {}) },
    data: runData({ name: "icbhi", digest, madeUp, source, what: source, split, hasPrintedTestSet }),
  };
}

function runData(of: Omit<RunData, "description"> & { what: string; split: IcbhiSplit }): RunData {
  const { what, split, ...data } = of;
  return {
    ...data,
    source: data.madeUp ? "made-up breath sounds (auscult data demo)" : data.source,
    description: `${data.madeUp ? "made-up sounds in ICBHI's layout" : what}: ${split.train.length} training cycles`,
  };
}
