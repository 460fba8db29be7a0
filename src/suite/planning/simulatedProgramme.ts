import { UserError } from "../../userError.js";
import { LEASE_MS } from "../running/attempt.js";
import { type ExpectedTimes, expectedTimes, type SharedLimits, type SharingWork } from "./expectedTimes.js";
import { CHECKPOINT_SHARE, type Needs } from "./programme.js";
import { durationWords } from "./runCost.js";
import type { SimulatedNodes } from "./simulatePlacement.js";
import { alignedLines } from "./textTable.js";
import { RECORD_BYTES } from "./trackedPoints.js";

/** What `--nodes` asks for. */
export interface AskedNodes {
  /** Numbers of nodes to compare. */
  nodes: readonly number[];
  slotsPerNode?: number;
  hoursBetweenLosses?: number;
  limits?: Partial<SharedLimits>;
}

/**
 * Metric points that one local tracking server (MLflow 3.17 on SQLite, one worker) takes in a second from 16 writers of 10,000 each: the
 * middle of five rounds of `npx auscult bench tracking` on two processors (x86-64, AVX-512) that writers, server and other work shared. In
 * requests of up to 1000 points; what waits while the server is busy goes into larger requests, so this is what it comes to when it is full.
 */
export const TRACKING_POINTS_PER_SECOND = 4300;

/** Assumed, not measured: a gigabit link to the shared folder, nine tenths used. `--folder-limit` says another. */
export const FOLDER_MEGABYTES_PER_SECOND = 110;

/** Assumed, not measured: a node lost every six weeks, an hour until it or another is there. Nodes that may be taken away are lost more often. */
const USUAL: Omit<SimulatedNodes, "nodes" | "startUpSeconds"> = {
  ...{ slotsPerNode: 1, hoursBetweenLosses: 1000, repairSeconds: 3600 },
  // Where an engine does not say that a node is gone, the lease does.
  noticeSeconds: LEASE_MS / 1000,
};

/**
 * Of a run's process beside its training. In 60 finished runs on two processors an attempt took 1.5 to 25 s more than its training, 6 s in
 * the middle; the start of its process comes before that.
 */
const START_UP_SECONDS = 10;

/** A piece of work that is left, as a plan sees it. */
export interface PieceLeft {
  needs: Needs;
  epochs: number | undefined;
  /** Undefined where nothing is known: it is left out. */
  secondsLeft: number | undefined;
  /** Indices of pieces before it. */
  after: readonly number[];
}

/** What is left of a programme on several numbers of nodes. */
export interface SimulatedProgrammes extends ExpectedTimes {
  model: Omit<SimulatedNodes, "nodes">;
  limits: SharedLimits;
  pieces: number;
  /** Pieces of unknown cost, which are not in it. */
  leftOut: number;
}

/** Throws UserError for numbers that make no sense together, such as nodes that are lost before a checkpoint comes. */
export function simulatedProgramme(pieces: readonly PieceLeft[], asked: AskedNodes): SimulatedProgrammes {
  const { nodes, slotsPerNode = USUAL.slotsPerNode, hoursBetweenLosses = USUAL.hoursBetweenLosses } = asked;
  const model = { ...USUAL, slotsPerNode, hoursBetweenLosses, startUpSeconds: START_UP_SECONDS };
  const limits = {
    ...{ pointsPerSecond: TRACKING_POINTS_PER_SECOND, megabytesPerSecond: FOLDER_MEGABYTES_PER_SECOND },
    ...asked.limits,
  };
  const places = new Map<number, number>();
  const works = pieces.flatMap(({ needs, epochs, secondsLeft, after }, i): SharingWork[] => {
    if (secondsLeft === undefined) return [];
    places.set(i, places.size);
    return [
      {
        seconds: secondsLeft,
        ...sharedBy(needs, epochs, secondsLeft),
        ...(epochs && needs.wallHours ? { checkpointSeconds: (needs.wallHours * 3600) / epochs } : {}),
        after: after.flatMap((one) => places.get(one) ?? []),
      },
    ];
  });
  return {
    ...expectedOrRefused(works, model, nodes, limits),
    model,
    limits,
    pieces: works.length,
    leftOut: pieces.length - works.length,
  };
}

function expectedOrRefused(...asked: Parameters<typeof expectedTimes>): ExpectedTimes {
  try {
    return expectedTimes(...asked);
  } catch (error) {
    throw error instanceof RangeError ? new UserError(`--nodes: ${error.message}`) : error;
  }
}

/** What the rest of a piece gives to server and folder: a checkpoint each epoch, the model, the records. */
function sharedBy(needs: Needs, epochs = 1, secondsLeft: number): Pick<SharingWork, "points" | "bytes"> {
  const { points: all, folderBytes = 0, wallHours = 0 } = needs;
  const share = wallHours > 0 ? secondsLeft / (wallHours * 3600) : 1;
  const points = all * share;
  const model = folderBytes * (1 - 2 * CHECKPOINT_SHARE);
  return { points, bytes: CHECKPOINT_SHARE * folderBytes * epochs * share + model + points * RECORD_BYTES };
}

/** The table, and what it rests on. */
export function simulatedText({
  times,
  limitAt,
  programmes,
  model,
  limits,
  pieces,
  leftOut,
}: SimulatedProgrammes): string {
  const percent = (share: number) =>
    `${share === 0 || share >= 0.1 ? Math.round(100 * share) : (100 * share).toPrecision(2)} %`;
  const head = ["nodes", "expected time", "5 % to 95 %", "work lost", "points/s", "of limit", "MB/s", "of limit"];
  const body = times.map(({ nodes, seconds, lostShare, pointsPerSecond, megabytesPerSecond }) => [
    String(nodes),
    durationWords(seconds.mean),
    `${durationWords(seconds.low)} to ${durationWords(seconds.high)}`,
    percent(lostShare),
    pointsPerSecond.toPrecision(3),
    percent(pointsPerSecond / limits.pointsPerSecond),
    megabytesPerSecond.toPrecision(3),
    percent(megabytesPerSecond / limits.megabytesPerSecond),
  ]);
  const { slotsPerNode, hoursBetweenLosses, repairSeconds, noticeSeconds, startUpSeconds } = model;
  const losses =
    hoursBetweenLosses === Number.POSITIVE_INFINITY
      ? "no node is lost"
      : `a node is lost every ${hoursBetweenLosses} h on average and is back after ${durationWords(repairSeconds)}; its runs go on elsewhere after ${durationWords(noticeSeconds)} from their last checkpoint, one each epoch`;
  const late = times.filter(({ trackedSeconds, seconds }) => trackedSeconds > seconds.mean * 1.001);
  return [
    `What is left on several nodes (${pieces.toLocaleString("en")} runs and stages${leftOut > 0 ? `, ${leftOut} of unknown cost left out` : ""}; ${programmes} simulated programme${programmes === 1 ? "" : "s"} for each line):`,
    ...alignedLines([head, ...body], [0, 1, 2, 3, 4, 5, 6, 7]),
    `  ${slotsPerNode} run${slotsPerNode === 1 ? "" : "s"} at once on each node, as fast as here; ${startUpSeconds} s before the first step; ${losses}.`,
    `  The tracking server's limit, ${limits.pointsPerSecond.toLocaleString("en")} points/s, is reached at ${nodesWords(limitAt.tracking)}; training does not wait for it, its records do. The shared folder's, ${limits.megabytesPerSecond} MB/s, at ${nodesWords(limitAt.folder)}; beyond it checkpoints wait, which these times leave out; so is the reading of features.`,
    ...late.map(
      ({ nodes, trackedSeconds }) =>
        `  With ${nodes} nodes the tracking server has all points after ${durationWords(trackedSeconds)}.`,
    ),
  ].join("\n");
}

function nodesWords(nodes: number): string {
  if (!Number.isFinite(nodes)) return "no number of nodes";
  return `${Math.ceil(nodes).toLocaleString("en")} node${Math.ceil(nodes) === 1 ? "" : "s"}`;
}
