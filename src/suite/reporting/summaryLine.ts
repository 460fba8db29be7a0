import { sumConfusions } from "../../evaluation/confusion.js";
import type { DeviceConfusion } from "../../evaluation/confusionByDevice.js";
import { bestEpochOf } from "../../evaluation/optimism.js";
import type { RunResult } from "../../papers/runResult.js";
import type { RunRecord } from "../runRecord.js";
import { compactPatients, expandPatients, namesIn } from "./compactPatients.js";

type Test = RunResult["tests"][string];

/** A finished run without its epochs, reliability bins and leaking patients: all that tables need. A whole record is one, too. */
export type RunSummary = Omit<RunRecord, "result"> & {
  result: Omit<RunResult, "history"> & Partial<Pick<RunResult, "history">>;
  /** Of a run that looked at the test sets in each epoch: the best Score that it saw there. */
  bestTestScore?: number;
};

type CompactTests = Record<string, Omit<Test, "byPatient"> & { patients: string }>;
type Records = NonNullable<RunResult["records"]>[number];

/** A summary as a line of the index: patients as text. */
type Compact = Omit<RunSummary, "result"> & {
  result: Omit<RunSummary["result"], "tests" | "roles" | "records"> & {
    tests: CompactTests;
    roles?: CompactTests;
    records?: (Omit<Records, "tests"> & { tests: CompactTests })[];
  };
};

/** The patients' counts of a summary that was read from the index, unexpanded. */
const texts = new WeakMap<object, string>();

/** The patients' counts of a set as `compactPatients` writes them. */
export function patientsText(test: Test): string {
  return texts.get(test) ?? compactPatients(test.byPatient);
}

export function summaryText(record: RunRecord): string {
  const { history, calibration, tests, roles, records, pretraining, ...rest } = record.result;
  const { leakedPatients, ...split } = record.split;
  const compact: Compact = {
    ...record,
    split,
    result: {
      ...rest,
      tests: compactTests(tests),
      ...(roles && { roles: compactTests(roles) }),
      ...(pretraining && { pretraining: { ...pretraining, history: [] } }),
      ...(records && { records: records.map((one) => ({ ...one, tests: compactTests(one.tests) })) }),
    },
  };
  const best = bestTestScore(record);
  return JSON.stringify({ ...compact, ...(best !== undefined && { bestTestScore: best }) });
}

function compactTests(tests: Record<string, Test>): CompactTests {
  const compact = Object.entries(tests).map(([name, { byPatient, ...test }]) => {
    return [name, { ...test, patients: compactPatients(byPatient) }] as const;
  });
  return Object.fromEntries(compact);
}

/** What `summaryText` wrote. */
export function summaryOf(compact: Compact): RunSummary {
  const { tests, roles, records, ...rest } = compact.result;
  const integrated = records?.map((one) => ({ ...one, tests: expandedTests(one.tests) as Records["tests"] }));
  return {
    ...compact,
    result: {
      ...rest,
      tests: expandedTests(tests),
      ...(roles && { roles: expandedTests(roles) }),
      ...(integrated && { records: integrated }),
    },
  };
}

function expandedTests(compact: CompactTests): Record<string, Test> {
  return Object.fromEntries(
    Object.entries(compact).map(([name, { patients, ...test }]) => [name, withPatients(test, patients)]),
  );
}

/** A set whose patients' counts are expanded when they are first asked for. */
function withPatients(test: Omit<Test, "byPatient">, text: string): Test {
  let expanded: Test["byPatient"] | undefined;
  texts.set(test, text);
  return Object.defineProperty(test as Test, "byPatient", {
    enumerable: true,
    configurable: true,
    get() {
      expanded ??= expandPatients(text, test.confusion.labels);
      return expanded;
    },
  });
}

/** How many patients a set has, without expanding them. */
export function patientCount(test: Test): number {
  const text = texts.get(test);
  if (text === undefined) return test.byPatient.length;
  return text === "" ? 0 : text.split(";").length;
}

/** Who a set's patients are, without expanding their counts. */
export function patientNames(test: Test): string[] {
  const text = texts.get(test);
  if (text === undefined) return test.byPatient.map(({ patient }) => patient);
  return namesIn(text);
}

/** The best Score of the test sets (of their mean, where there are several) over the epochs of a run that logged it; else undefined. */
export function bestTestScore({ bestTestScore: known, result }: RunSummary): number | undefined {
  if (known !== undefined) return known;
  if (result.lastEpochs.role !== "test" || !result.history) return undefined;
  const scores = result.history.flatMap(({ metrics }) => {
    const own = Object.keys(metrics).filter((key) => /^test\/(.*\/)?score$/.test(key));
    const key = own.find((one) => one === "test/mean/score") ?? (own.length === 1 ? own[0] : undefined);
    const value = key === undefined ? undefined : metrics[key];
    return typeof value === "number" ? [value] : [];
  });
  return bestEpochOf(scores);
}

/** The sets of a cross-validation's folds as one; see `requireEachOnce` for what may not be pooled. */
export function pooledFolds(folds: readonly Test[]): Test {
  const [first] = folds;
  if (folds.length === 1) return first!;
  const text = folds.map(patientsText).join(";");
  const { byPatient: _, byDevice: __, ...rest } = Object.getOwnPropertyDescriptors(first!);
  const pooled = Object.defineProperties({}, rest) as Omit<Test, "byPatient" | "byDevice">;
  const confusion = sumConfusions(folds.map((fold) => fold.confusion));
  const byDevice = pooledDevices(folds);
  return withPatients({ ...pooled, confusion, ...(byDevice && { byDevice }) } as Test, text);
}

/** Undefined where a fold does not name its devices. */
function pooledDevices(folds: readonly Test[]): DeviceConfusion[] | undefined {
  const parts = folds.map(({ byDevice }) => byDevice);
  if (parts.includes(undefined)) return undefined;
  const all = parts.flatMap((part) => part!);
  return [...new Set(all.map(({ device }) => device))].sort().map((device) => {
    return { device, matrix: sumConfusions(all.filter((one) => one.device === device).map(({ matrix }) => matrix)) };
  });
}
