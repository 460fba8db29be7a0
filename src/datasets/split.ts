import { createHash } from "node:crypto";
import type { LeakedPatient, Overlap } from "./overlap.js";
import { digestOfExamples, type Example, type Role, type SealedTestSet } from "./roles.js";

/** `published` follows the paper's own rule; `honest` holds out training patients and opens the test set once. */
export type Protocol = "published" | "honest";

/** Examples by role. Test sets are sealed: see `SealedTestSet.open`. */
export interface Split {
  /** Such as "sprsound/11/honest". */
  readonly name: string;
  readonly protocol: Protocol;
  /** What an example is, plural: "cycles", "events", "recordings". */
  readonly unit: string;
  readonly train: readonly Example<"train">[];
  readonly select: readonly Example<"select">[];
  readonly tests: Readonly<Record<string, SealedTestSet>>;
  /** 32 hex digits over all examples, roles and labels; the same split has the same digest on any machine. */
  readonly digest: string;
  /** Who is on both sides: see `whoIsOnBothSides`, which makes this and the next three. */
  readonly overlaps: readonly Overlap[];
  /** An overlap each, one sentence. */
  readonly describe: readonly string[];
  /** Those of the sentences that tell a leak; empty for a clean split. Whatever is computed with the split says them. */
  readonly leaks: readonly string[];
  /** The patients behind the leaks. */
  readonly leakedPatients: readonly LeakedPatient[];
  /** Of a split that is drawn at random, and with what it was drawn. */
  readonly seed?: number;
  /** Examples left out because their audio is not there; absent where there is all. Whatever is computed says so. */
  readonly absent?: Readonly<Record<Role, number>>;
  /** Examples of each class in index order, by role; of test sets only in total. */
  readonly counts: { readonly train: ClassCounts; readonly select: ClassCounts };
}

/** Number of examples by class name, every class of the task present, in index order. */
export type ClassCounts = Readonly<Record<string, number>>;

/** Counts examples by class; classes without any are there with 0. */
export function countByClass(examples: readonly Example[], labels: readonly string[]): ClassCounts {
  const counts: Record<string, number> = Object.fromEntries(labels.map((label) => [label, 0]));
  for (const { className } of examples) counts[className] = (counts[className] ?? 0) + 1;
  return counts;
}

/** One digest, 32 hex digits, over the examples in use and the sealed ones. */
export function digestOfSplit(open: readonly Example[], tests: Readonly<Record<string, SealedTestSet>>): string {
  const hash = createHash("sha256").update(digestOfExamples(open));
  for (const key of Object.keys(tests).sort()) hash.update(`\n${key}\t${tests[key]!.digest}`);
  return hash.digest("hex").slice(0, 32);
}

/**
 * How much of the data there is, such as "part of the data: 2,862 of 6,898 cycles have audio (train 1,563 of 4,142, test
 * 1,299 of 2,756)"; undefined where nothing is absent.
 */
export function partOfData({ unit, train, select, tests, absent }: Split): string | undefined {
  const missing = absent ? absent.train + absent.select + absent.test : 0;
  if (!absent || missing === 0) return undefined;
  const test = Object.values(tests).reduce((sum, { count }) => sum + count, 0);
  const present = { train: train.length, select: select.length, test };
  const share = (have: number, lack: number) => `${have.toLocaleString("en")} of ${(have + lack).toLocaleString("en")}`;
  const roles = (["train", "select", "test"] as const)
    .filter((role) => present[role] + absent[role] > 0)
    .map((role) => `${role} ${share(present[role], absent[role])}`);
  const all = present.train + present.select + present.test;
  return `part of the data: ${share(all, missing)} ${unit} have audio (${roles.join(", ")})`;
}

/** The patients of some examples. */
export function patientsOf(examples: readonly { readonly patient: string }[]): Set<string> {
  return new Set(examples.map((example) => example.patient));
}
