import type { TrainingWork } from "../../papers/trainingWork.js";
import { secondsOf } from "../../papers/trainingWork.js";
import type { ExperimentEntry } from "../entry.js";
import type { PlannedRun } from "../plan.js";
import { type KnownCost, knownCosts } from "./costStore.js";
import { type RunCost, runCost } from "./runCost.js";
import { type OwnPoints, pointsOf, pointsOfFinished, systemPoints, USUAL_POINTS } from "./trackedPoints.js";

/** What a run, or a stage that runs share, takes from its start to its end, wherever it is carried out. */
export interface Needs {
  /** By the clock, without the making of features; undefined where nothing is known. */
  wallHours?: number;
  /** That times the threads of the run. */
  threadHours?: number;
  hoursAre: RunCost["how"];
  /** On a GPU, where a step of such work was measured on one. Never computed from another machine's time. */
  gpuHours?: number;
  gpu: "measured" | "not known";
  /** The GPU that it was measured on. */
  gpuModel?: string;
  /** Of its folder once it is done. */
  folderBytes?: number;
  /** "measured": of such a run; "of its network", "of its paper": the middle of those, with another input or another network. */
  folderIs: "measured" | "of its network" | "of its paper" | "not known";
  /** Metric points for the tracker, with those of the machine; a stage has none. */
  points: number;
  /** Of them, of the machine while it runs. */
  systemPoints: number;
  /** "finished runs": of the same paper here. */
  pointsAre: "finished runs" | "usual numbers" | "none";
}

/**
 * Of a run folder two checkpoints of four arrays as large as the weights each (the weights, those of the best epoch, the optimiser's two
 * moments) and the model are 9 such arrays; found so in folders of ResNet-18, CNN14 and BiGRU + attention.
 */
export const CHECKPOINT_SHARE = 4 / 9;

const NO_POINTS = { points: 0, systemPoints: 0, pointsAre: "none" } as const;

/** Says what runs of a plan take; what was measured is read once. */
export class Programme {
  private readonly known: readonly KnownCost[] = knownCosts();
  private readonly points = new Map<string, OwnPoints | undefined>();

  /** @param finished folders of finished runs, by paper: their records tell how many points a run writes */
  constructor(finished: ReadonlyMap<string, readonly string[]>) {
    for (const [paper, folders] of finished) this.points.set(paper, pointsOfFinished(folders));
  }

  /** @param stage where it is not the run itself */
  needsOf(run: PlannedRun, entry: ExperimentEntry | undefined, stage?: { work?: TrainingWork }): Needs {
    const work = stage ? stage.work : run.prepared.work;
    if (stage && !work) return { hoursAre: "not known", gpu: "not known", folderIs: "not known", ...NO_POINTS };
    const cost = runCost(run, entry, work);
    const { seconds } = cost;
    return {
      ...(seconds !== undefined && { wallHours: seconds / 3600, threadHours: (seconds * run.threads) / 3600 }),
      hoursAre: cost.how,
      ...this.gpuOf(run, work),
      ...this.folderOf(run, work, cost.folderBytes),
      ...(stage ? NO_POINTS : this.pointsOf(run, work, seconds ?? 0)),
    };
  }

  private gpuOf(run: PlannedRun, work: TrainingWork | undefined): Pick<Needs, "gpuHours" | "gpu" | "gpuModel"> {
    const found =
      work &&
      this.known.find(
        ({ paper, network, input, batchSize, precision, gpus }) =>
          gpus.length > 0 &&
          paper === paperOf(run) &&
          network === work.network &&
          String(input) === String(work.input) &&
          batchSize === work.batchSize &&
          precision === run.precision,
      );
    if (!found) return { gpu: "not known" };
    return { gpu: "measured", gpuHours: secondsOf(work, found.measured) / 3600, gpuModel: found.gpus.join(", ") };
  }

  private folderOf(
    run: PlannedRun,
    work: TrainingWork | undefined,
    measured: number | undefined,
  ): Pick<Needs, "folderBytes" | "folderIs"> {
    if (measured !== undefined) return { folderBytes: measured, folderIs: "measured" };
    const ofPaper = this.known.filter(({ paper }) => paper === paperOf(run));
    const ofNetwork = ofPaper.filter(({ network }) => work && network === work.network);
    for (const [folderIs, costs] of [
      ["of its network", ofNetwork],
      ["of its paper", ofPaper],
    ] as const) {
      const bytes = costs.flatMap((one) => one.measured.folderBytes ?? []).sort((a, b) => a - b);
      if (bytes.length > 0) return { folderBytes: bytes[Math.floor(bytes.length / 2)]!, folderIs };
    }
    return { folderIs: "not known" };
  }

  private pointsOf(
    run: PlannedRun,
    work: TrainingWork | undefined,
    seconds: number,
  ): Pick<Needs, "points" | "systemPoints" | "pointsAre"> {
    const own = this.points.get(paperOf(run));
    const ofMachine = systemPoints(seconds);
    return {
      ...{ points: pointsOf(own ?? USUAL_POINTS, work?.epochs ?? 0) + ofMachine, systemPoints: ofMachine },
      pointsAre: own ? "finished runs" : "usual numbers",
    };
  }
}

/** What several pieces of work take together. */
export interface TotalNeeds {
  wallHours: number;
  threadHours: number;
  /** Pieces whose time is measured, estimated, not known. */
  hours: { measured: number; estimated: number; unknown: number };
  /** Of those pieces whose step was measured on a GPU; undefined where none was. */
  gpuHours?: number;
  gpuUnknown: number;
  folderBytes: number;
  /** Pieces whose folder is measured, estimated, not known. */
  folders: { measured: number; estimated: number; unknown: number };
  points: number;
  systemPoints: number;
}

export function totalOf(all: readonly Needs[]): TotalNeeds {
  const sum = (of: (one: Needs) => number | undefined) => all.reduce((total, one) => total + (of(one) ?? 0), 0);
  const count = (is: (one: Needs) => boolean) => all.filter(is).length;
  const onGpu = count(({ gpu }) => gpu === "measured");
  return {
    ...{ wallHours: sum((one) => one.wallHours), threadHours: sum((one) => one.threadHours) },
    hours: {
      measured: count(({ hoursAre }) => hoursAre === "measured"),
      estimated: count(({ hoursAre }) => hoursAre === "estimated"),
      unknown: count(({ hoursAre }) => hoursAre === "not known"),
    },
    ...(onGpu > 0 && { gpuHours: sum((one) => one.gpuHours) }),
    gpuUnknown: all.length - onGpu,
    folderBytes: sum((one) => one.folderBytes),
    folders: {
      measured: count(({ folderIs }) => folderIs === "measured"),
      estimated: count(({ folderIs }) => folderIs.startsWith("of its")),
      unknown: count(({ folderIs }) => folderIs === "not known"),
    },
    points: sum((one) => one.points),
    systemPoints: sum((one) => one.systemPoints),
  };
}

export function paperOf({ prepared, request }: PlannedRun): string {
  return String(prepared.identity.paper ?? request.experiment.split("/")[0]);
}
