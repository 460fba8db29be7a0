import { createHash } from "node:crypto";
import { digestOfExamples, type Example, type SealedTestSet } from "./roles.js";

/** `published` follows the paper's own rule; `honest` holds out training patients and opens the test set once. */
export type Protocol = "published" | "honest";

/** Examples by role. Test sets are sealed: see `SealedTestSet.open`. */
export interface Split {
  /** Such as "sprsound/11/honest". */
  readonly name: string;
  readonly protocol: Protocol;
  readonly train: readonly Example<"train">[];
  readonly select: readonly Example<"select">[];
  readonly tests: Readonly<Record<string, SealedTestSet>>;
  /** 32 hex digits over all examples, roles and labels; the same split has the same digest on any machine. */
  readonly digest: string;
  /** Who is on both sides, one sentence each. */
  readonly describe: readonly string[];
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

/** Such as "162 of the 162 patients of intra2022 are also in train."; `what` is the plural, such as "patients". */
export function describeOverlap(
  what: string,
  name: string,
  ids: ReadonlySet<string>,
  otherName: string,
  others: ReadonlySet<string>,
): string {
  let shared = 0;
  for (const id of ids) if (others.has(id)) shared++;
  return shared === 0
    ? `None of the ${ids.size} ${what} of ${name} is in ${otherName}.`
    : `${shared} of the ${ids.size} ${what} of ${name} are also in ${otherName}.`;
}

/** The patients of some examples. */
export function patientsOf(examples: readonly { readonly patient: string }[]): Set<string> {
  return new Set(examples.map((example) => example.patient));
}
