import { Streams } from "../../random/streams.js";
import { MissingData } from "../../userError.js";
import { HOLD_OUT_SEED, holdOut } from "../holdOut.js";
import { throwErrors } from "../problem.js";
import { FOLDS, type Fold } from "./foldList.js";
import { CYCLE_LABELS } from "./labels.js";
import { LIST_FILES } from "./layout.js";
import type { Icbhi } from "./load.js";
import { groupsByPatient } from "./patients.js";
import type { IcbhiRecording } from "./recording.js";
import type { BaseSplit, IcbhiSplitName } from "./splitName.js";
import { type CycleRef, cyclesOf } from "./tasks.js";

/** Who trains and who is tested, before roles are given. */
export interface TwoSides {
  train: CycleRef[];
  test: CycleRef[];
  /** What was drawn at random, and with what. */
  seed?: number;
  /** What the reader should know, one sentence each. */
  notes: string[];
}

/** Fixed, so that a random split is the same in every run; not the training seed. */
const RANDOM_SPLIT_SEED = 1;

/**
 * The two sides of a split (papers.md 6.3).
 * @throws UserError where a list that the split needs is not there or has errors, and where a side is empty
 */
export function sidesOf(data: Icbhi, name: IcbhiSplitName): TwoSides {
  switch (name.kind) {
    case "base":
      return baseSides(data, name.base);
    case "official-patient-leak":
      return patientLeakSides(data);
    case "random-cycle":
      return randomCycleSides(data, name.trainPercent / 100);
    case "device-only":
    case "device-excluded": {
      const { kind, device, base } = name;
      const all = cyclesOf(data.recordings);
      const from = base === "all" ? { train: all, test: all, notes: [] } : baseSides(data, base);
      const is = ({ recording }: CycleRef) => recording.device === device;
      const not = (ref: CycleRef) => !is(ref);
      if (kind === "device-excluded") return { ...from, train: from.train.filter(not), test: from.test.filter(is) };
      return { ...from, train: from.train.filter(is), test: base === "all" ? all.filter(not) : from.test };
    }
  }
}

function baseSides(data: Icbhi, base: BaseSplit): TwoSides {
  if (base === "official") return officialSides(data);
  if (base === "patient-70-30") return patientSides(data, 0.3);
  return foldSides(data, FOLDS.find((fold) => base === `fold${fold}`)!);
}

function officialSides(data: Icbhi): TwoSides {
  needList(data, "officialSplit");
  const side = (wanted: "train" | "test") =>
    cyclesOf(data.recordings.filter(({ officialSide }) => officialSide === wanted));
  const outside = data.recordings.filter(({ officialSide }) => officialSide === undefined).length;
  const notes = outside > 0 ? [`${outside} recordings are on neither side: the official list does not name them.`] : [];
  return { train: side("train"), test: side("test"), notes };
}

/** The official list read by patient: whoever has a recording on a side has all of them there (papers.md 0.1, 1.1). */
function patientLeakSides(data: Icbhi): TwoSides {
  needList(data, "officialSplit");
  const side = (wanted: "train" | "test") => {
    const named = data.recordings.filter(({ officialSide }) => officialSide === wanted);
    const patients = new Set(named.map(({ patient }) => patient));
    return cyclesOf(data.recordings.filter(({ patient }) => patients.has(patient)));
  };
  return { train: side("train"), test: side("test"), notes: [] };
}

function foldSides(data: Icbhi, fold: Fold): TwoSides {
  const { folds } = needList(data, "folds");
  const inFold = ({ patient }: IcbhiRecording) => folds.get(patient)?.fold === fold;
  return {
    train: cyclesOf(data.recordings.filter((recording) => !inFold(recording))),
    test: cyclesOf(data.recordings.filter(inFold)),
    notes: [],
  };
}

/** Whole patients, stratified by class and device. */
function patientSides(data: Icbhi, testShare: number): TwoSides {
  const held = holdOut(groupsByPatient(cyclesOf(data.recordings)), testShare);
  return {
    train: cyclesOf(data.recordings.filter(({ patient }) => !held.has(patient))),
    test: cyclesOf(data.recordings.filter(({ patient }) => held.has(patient))),
    seed: HOLD_OUT_SEED,
    notes: [],
  };
}

/** Single cycles, stratified by class; neighbours in one recording land on both sides (papers.md 2.1, 4.1). */
function randomCycleSides(data: Icbhi, trainShare: number): TwoSides {
  const all = cyclesOf(data.recordings);
  const streams = new Streams(RANDOM_SPLIT_SEED);
  const byClass = CYCLE_LABELS.map((label) =>
    all.filter(({ recording, index }) => recording.cycles[index]!.label === label),
  );
  const counts = largestRemainder(
    byClass.map((refs) => refs.length * trainShare),
    Math.round(all.length * trainShare),
  );
  const train = new Set<CycleRef>();
  byClass.forEach((refs, label) => {
    for (const ref of streams.stream("random-cycle", label).shuffle(refs).slice(0, counts[label])) train.add(ref);
  });
  return {
    train: all.filter((ref) => train.has(ref)),
    test: all.filter((ref) => !train.has(ref)),
    seed: RANDOM_SPLIT_SEED,
    notes: [],
  };
}

/** Whole numbers near the wanted ones that sum to `total` (Hamilton's method); equal remainders go to the first. */
function largestRemainder(wanted: readonly number[], total: number): number[] {
  const counts = wanted.map(Math.floor);
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[b]! % 1) - (wanted[a]! % 1) || a - b);
  const missing = total - counts.reduce((sum, count) => sum + count, 0);
  for (const index of order.slice(0, missing)) counts[index]!++;
  return counts;
}

/** A list that is there and has no errors. */
function needList<L extends "officialSplit" | "folds">(data: Icbhi, list: L): NonNullable<Icbhi["lists"][L]> {
  const names = LIST_FILES[list];
  const errors = data.problems.filter(
    ({ severity, file }) => severity === "error" && names.some((name) => file.endsWith(name)),
  );
  throwErrors(`${names[0]} cannot be used`, errors);
  const found = data.lists[list];
  if (!found) {
    throw new MissingData(
      `this split needs ${names[0]} in ${data.root}, which is not there; \`auscult data fetch icbhi\` downloads it`,
    );
  }
  return found;
}
