import { MissingData } from "../../userError.js";
import { HOLD_OUT_SEED, holdOut } from "../holdOut.js";
import { whoIsOnBothSides } from "../overlap.js";
import { type Example, type Role, SealedTestSet } from "../roles.js";
import { countByClass, digestOfSplit, type Protocol, patientsOf, type Split } from "../split.js";
import type { Icbhi } from "./load.js";
import { devicesByPatient, groupsByPatient } from "./patients.js";
import type { IcbhiRecording } from "./recording.js";
import { sidesOf } from "./sides.js";
import { type IcbhiSplitName, parseIcbhiSplit } from "./splitName.js";
import { type CycleRef, cycleExample, type IcbhiClasses, icbhiLabels } from "./tasks.js";

export interface IcbhiSplit extends Split {
  readonly classes: IcbhiClasses;
  readonly labels: readonly string[];
  readonly tests: Readonly<{ test: SealedTestSet }>;
}

export interface IcbhiSplitOptions {
  /** Four classes, or normal against abnormal. Default 4. */
  classes?: IcbhiClasses;
  /**
   * The file that a recording's cycles are computed from; its cycles are absent where there is none. Default: its WAV file.
   * Stored maps of a whole set name their own file.
   */
  fileOf?: (recording: IcbhiRecording) => string | undefined;
  /**
   * Device splits under `published`: what becomes of training recordings of patients who were recorded with two devices
   * and are in the test set too. "drop" leaves them out, "keep" keeps them and names them as a leak. Default "drop".
   */
  twoDevicePatients?: "drop" | "keep";
}

/** The share of training patients that `honest` holds out to choose the epoch (house.md, section 2). */
const SELECT_SHARE = 0.2;

/**
 * A split of ICBHI by name, see `ICBHI_SPLIT_NAMES`. `published` trains on the whole training side and has no select role.
 * `honest` drops training recordings of patients who are tested too, and holds out 20 % of the training patients,
 * stratified by class and device; who is held out follows from the annotations alone, so that audio, stored maps and a
 * part of the audio have the same roles.
 *
 * @throws UserError for an unknown name, a list that is missing or wrong, a random-cycle or patient-leak split under
 *   `honest`, and a role that has no example of a class
 */
export function icbhiSplit(
  data: Icbhi,
  name: string,
  protocol: Protocol,
  { classes = 4, fileOf = ({ file }) => file, twoDevicePatients = "drop" }: IcbhiSplitOptions = {},
): IcbhiSplit {
  const parsed = parseIcbhiSplit(name);
  if (protocol === "honest" && (parsed.kind === "random-cycle" || parsed.kind === "official-patient-leak")) {
    throw new MissingData(
      `split "${name}" shares patients between training and test by construction, so it exists under --protocol published only; honest splits are official, fold0 to fold4, patient-70-30 and the device splits`,
    );
  }
  const { train: candidates, test, seed, notes } = sidesOf(data, parsed);
  const dropped = patientsToDrop(data, parsed, protocol, twoDevicePatients, test);
  const trainable = candidates.filter(({ recording }) => !dropped.has(recording.patient));
  const heldOut = protocol === "honest" ? heldOutPatients(name, trainable) : new Set<string>();
  const byRole: Record<Role, CycleRef[]> = {
    train: trainable.filter(({ recording }) => !heldOut.has(recording.patient)),
    select: trainable.filter(({ recording }) => heldOut.has(recording.patient)),
    test,
  };

  const train = present(byRole.train, classes, "train", fileOf);
  const select = present(byRole.select, classes, "select", fileOf);
  const tested = present(byRole.test, classes, "test", fileOf);
  const labels = icbhiLabels(classes);
  refuseMissing(name, byRole, { train, select, test: tested }, protocol, labels);

  const tests = { test: new SealedTestSet(`icbhi/${name}`, tested) };
  const absent = {
    train: byRole.train.length - train.length,
    select: byRole.select.length - select.length,
    test: byRole.test.length - tested.length,
  };
  const both = whoIsOnBothSides({ train, select, tests: { test: { examples: tested } } }, "cycles");
  const describe = [...both.describe, ...notes];
  if (dropped.size > 0) describe.push(droppedSentence(candidates, dropped));
  if (protocol === "honest") {
    describe.push(
      `Held out of training for select: ${heldOut.size} of ${new Set(trainable.map(({ recording }) => recording.patient)).size} training patients, stratified by class and device with the fixed seed ${HOLD_OUT_SEED}.`,
    );
  }
  if (seed !== undefined) describe.push(`Drawn at random with the fixed seed ${seed}.`);
  return {
    name: `icbhi/${name}/${classes === 2 ? "2-class/" : ""}${protocol}`,
    protocol,
    unit: "cycles",
    classes,
    labels,
    train,
    select,
    tests,
    digest: digestOfSplit([...train, ...select], tests),
    ...both,
    describe,
    ...(seed === undefined ? {} : { seed }),
    ...(absent.train + absent.select + absent.test > 0 ? { absent } : {}),
    counts: { train: countByClass(train, labels), select: countByClass(select, labels) },
  };
}

/** Patients whose training recordings are left out because they are tested too. */
function patientsToDrop(
  data: Icbhi,
  name: IcbhiSplitName,
  protocol: Protocol,
  twoDevicePatients: "drop" | "keep",
  test: readonly CycleRef[],
): Set<string> {
  const tested = new Set(test.map(({ recording }) => recording.patient));
  if (protocol === "honest") return tested;
  const byDevice = name.kind === "device-only" || name.kind === "device-excluded";
  if (!byDevice || twoDevicePatients === "keep") return new Set();
  const devices = devicesByPatient(data.recordings);
  return new Set([...tested].filter((patient) => devices.get(patient)!.size > 1));
}

/** Such as "Left out of training, since they are tested too: patients 156, 218 (13 recordings, 117 cycles)." */
function droppedSentence(candidates: readonly CycleRef[], dropped: ReadonlySet<string>): string {
  const out = candidates.filter(({ recording }) => dropped.has(recording.patient));
  const patients = [...new Set(out.map(({ recording }) => recording.patient))].sort();
  if (patients.length === 0) return "No training recording had to be left out: no patient is tested too.";
  const recordings = new Set(out.map(({ recording }) => recording.name)).size;
  return `Left out of training, since they are tested too: patient${patients.length === 1 ? "" : "s"} ${patients.join(", ")} (${recordings} recordings, ${out.length} cycles).`;
}

function heldOutPatients(name: string, trainable: readonly CycleRef[]): Set<string> {
  const groups = groupsByPatient(trainable);
  if (groups.length < 2) {
    throw new MissingData(
      `split "${name}": the training side has ${groups.length} patient(s); the honest hold-out needs two or more`,
    );
  }
  return holdOut(groups, SELECT_SHARE);
}

function present<R extends Role>(
  cycles: readonly CycleRef[],
  classes: IcbhiClasses,
  role: R,
  fileOf: (recording: IcbhiRecording) => string | undefined,
): Example<R>[] {
  return cycles.flatMap((ref) => {
    const file = fileOf(ref.recording);
    return file === undefined ? [] : [cycleExample(ref, classes, role, file)];
  });
}

/** Training and select need every class; a test set needs at least something in it. */
function refuseMissing(
  name: string,
  byRole: Readonly<Record<Role, readonly CycleRef[]>>,
  examples: Readonly<Record<Role, readonly Example[]>>,
  protocol: Protocol,
  labels: readonly string[],
): void {
  for (const role of ["train", "test"] as const) {
    if (examples[role].length > 0) continue;
    const why =
      byRole[role].length === 0
        ? "no recording belongs there (LittC2SE, for one, has none in the official test set); name another base, such as @fold4"
        : `its ${byRole[role].length} cycles have no audio here; icbhi-logmel has maps of all cycles`;
    throw new MissingData(`split "${name}": the ${role} side is empty: ${why}`);
  }
  for (const role of protocol === "honest" ? (["train", "select"] as const) : (["train"] as const)) {
    const missing = labels.filter((label) => !examples[role].some(({ className }) => className === label));
    if (missing.length > 0) {
      throw new MissingData(
        `split "${name}": no ${role} cycle of class ${missing.join(", ")} (${examples[role].length} cycles of ${patientsOf(examples[role]).size} patients); ${protocol === "honest" ? "the honest hold-out needs each class in two training patients or more" : "every class must be there"}`,
      );
    }
  }
}
