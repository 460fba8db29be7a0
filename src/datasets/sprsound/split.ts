import { Streams } from "../../random/streams.js";
import { MissingData } from "../../userError.js";
import { type HoldOutGroup, holdOut } from "../holdOut.js";
import { whoIsOnBothSides } from "../overlap.js";
import { type Example, type Role, SealedTestSet } from "../roles.js";
import { countByClass, digestOfSplit, type Protocol, patientsOf, type Split } from "../split.js";
import type { SprSoundSet } from "./labels.js";
import type { SprSound, SprSoundRecording } from "./load.js";
import { examplesOf, type SprSoundTask } from "./tasks.js";

export interface SprSoundSplit extends Split {
  readonly task: SprSoundTask;
  /** inter: unseen patients, the honest headline. intra: patients that are in training too. test2023: where it is there. */
  readonly tests: Readonly<{ inter: SealedTestSet; intra: SealedTestSet; test2023?: SealedTestSet }>;
}

/** The share of training patients (`honest`) or items (`published`) that chooses the epoch. */
const SELECT_SHARE = 0.2;

/**
 * The split of a task. `honest` holds out 20 % of the training patients, the same for all four tasks and all training
 * seeds. `published` holds out 20 % of the items at random, with the training seed, as the paper does (papers.md 3.1).
 *
 * @param seed the training seed; `honest` does not use it
 * @throws UserError when inter or intra is missing, and under `honest` when a class of the training set would be missing
 *   on either side
 */
export function sprSoundSplit(
  data: SprSound,
  task: SprSoundTask,
  protocol: Protocol,
  { seed }: { seed: number },
): SprSoundSplit {
  return splitOf(data, task, protocol, {
    seed,
    name: `sprsound/${task.id}/${protocol}`,
    unit: task.level === "event" ? "events" : "recordings",
    examples: (recordings, role) => examplesOf(recordings, task, role),
  });
}

/** What is split: how recordings become examples, and what the split and they are called. */
interface SplitOptions {
  seed: number;
  name: string;
  unit: string;
  examples: MakeExamples;
}

type MakeExamples = <R extends Role>(recordings: readonly SprSoundRecording[], role: R) => Example<R>[];

/** `sprSoundSplit` of any examples. */
export function splitOf(
  data: SprSound,
  task: SprSoundTask,
  protocol: Protocol,
  { seed, name, unit, examples: make }: SplitOptions,
): SprSoundSplit {
  const inSet = (set: SprSoundSet) => data.recordings.filter((recording) => recording.set === set);
  const training = inSet("train2022");
  const { train, select } =
    protocol === "honest"
      ? holdOutPatients(training, patientsToHoldOut(data, training), task, make)
      : holdOutItems(make(training, "train"), seed);

  for (const set of ["inter2022", "intra2022"] as const) {
    if (inSet(set).length === 0) {
      throw new MissingData(
        `the test set ${set} is missing in ${data.root}; expected BioCAS2022/test2022_json/${set.slice(0, 5)}_test_json and test2022_wav`,
      );
    }
  }
  const later = inSet("test2023");
  const examples = {
    inter2022: make(inSet("inter2022"), "test"),
    intra2022: make(inSet("intra2022"), "test"),
    ...(later.length > 0 ? { test2023: make(later, "test") } : {}),
  };
  const tests = {
    inter: new SealedTestSet("sprsound/inter2022", examples.inter2022),
    intra: new SealedTestSet("sprsound/intra2022", examples.intra2022),
    ...(examples.test2023 ? { test2023: new SealedTestSet("sprsound/test2023", examples.test2023) } : {}),
  };
  return {
    name,
    task,
    protocol,
    unit,
    train,
    select,
    tests,
    digest: digestOfSplit([...train, ...select], tests),
    ...whoIsOnBothSides(
      {
        train,
        select,
        tests: {
          inter2022: { examples: examples.inter2022 },
          intra2022: { examples: examples.intra2022, knownPatients: true },
          ...(examples.test2023 ? { test2023: { examples: examples.test2023 } } : {}),
        },
      },
      unit,
    ),
    ...(protocol === "published" && { seed }),
    counts: { train: countByClass(train, task.labels), select: countByClass(select, task.labels) },
  };
}

interface TwoSides {
  train: Example<"train">[];
  select: Example<"select">[];
}

/** Random items: one patient, even one recording, may be on both sides. */
function holdOutItems(examples: readonly Example<"train">[], seed: number): TwoSides {
  const order = new Streams(seed).stream("select-items").shuffle(examples.map((_, index) => index));
  const chosen = new Set(order.slice(0, Math.round(examples.length * SELECT_SHARE)));
  return {
    train: examples.filter((_, index) => !chosen.has(index)),
    select: examples.flatMap((example, index) => (chosen.has(index) ? [{ ...example, role: "select" as const }] : [])),
  };
}

/** Of data sets in memory: the hold-out is the same for all tasks, and drawn with some effort. */
const heldOut = new WeakMap<SprSound, Set<string>>();

/** Whole patients, stratified by event type and record label together, so that all tasks share one hold-out. */
function patientsToHoldOut(data: SprSound, training: readonly SprSoundRecording[]): Set<string> {
  const before = heldOut.get(data);
  if (before) return before;
  const groups = new Map<string, { id: string; counts: Record<string, number> }>();
  for (const { patient, recordLabel, events } of training) {
    const group = groups.get(patient) ?? { id: patient, counts: {} };
    groups.set(patient, group);
    for (const name of [`record ${recordLabel}`, ...events.map(({ type }) => `event ${type}`)]) {
      group.counts[name] = (group.counts[name] ?? 0) + 1;
    }
  }
  if (groups.size < 2) {
    throw new MissingData(`the training set has ${groups.size} patient(s); the honest hold-out needs two or more`);
  }
  const held = holdOut([...groups.values()] satisfies HoldOutGroup[], SELECT_SHARE);
  heldOut.set(data, held);
  return held;
}

function holdOutPatients(
  training: readonly SprSoundRecording[],
  held: Set<string>,
  task: SprSoundTask,
  make: MakeExamples,
): TwoSides {
  const train = make(
    training.filter(({ patient }) => !held.has(patient)),
    "train",
  );
  const select = make(
    training.filter(({ patient }) => held.has(patient)),
    "select",
  );
  const both: readonly (readonly Example[])[] = [train, select];
  for (const label of task.labels) {
    const sides = both.map((examples) => examples.filter(({ className }) => className === label));
    if (sides.every((side) => side.length === 0)) continue;
    if (sides.some((side) => side.length === 0)) {
      const patients = patientsOf(sides.flat()).size;
      throw new MissingData(
        `task ${task.id}: class "${label}" occurs in ${patients} training patient${patients === 1 ? "" : "s"} only, so the honest hold-out would leave ${sides[0]!.length === 0 ? "train" : "select"} without it; the class must occur in two patients or more (or use --protocol published)`,
      );
    }
  }
  return { train, select };
}
