import type { Example } from "./roles.js";

/** What one side of a split has in common with another. */
export interface Overlap {
  readonly what: "patients" | "recordings" | "items";
  /** The side whose members are counted, such as "test". */
  readonly of: string;
  /** The side in which they are looked for, such as "train". */
  readonly in: string;
  readonly shared: number;
  /** Members of `of`, shared or not. */
  readonly total: number;
  /** The shared ones in order of code units, at most the first six. */
  readonly names: readonly string[];
  /** Examples of `of` that belong to the shared ones, and all of its examples. */
  readonly items: number;
  readonly allItems: number;
  /**
   * "leak": a test set that is not declared otherwise shares with train or select. "selection leak": select shares with
   * train, so that the choice of the epoch is optimistic. "known patients": the test set is declared to have them.
   */
  readonly kind: "disjoint" | "known patients" | "selection leak" | "leak";
}

/** A patient on both sides of a split that should not be: examples by role. */
export interface LeakedPatient {
  readonly patient: string;
  readonly train: number;
  readonly select: number;
  /** In the test sets that leak, together. */
  readonly test: number;
}

/** An example as far as its belonging is concerned. */
export type Belonging = Pick<Example, "id" | "patient" | "recording">;

export interface Sides {
  readonly train: readonly Belonging[];
  readonly select: readonly Belonging[];
  /** By name. `knownPatients` declares that patients are shared on purpose; shared recordings are a leak all the same. */
  readonly tests: Readonly<
    Record<string, { readonly examples: readonly Belonging[]; readonly knownPatients?: boolean }>
  >;
}

/** More of the shared ones are counted in words, not named. */
const NAMED = 6;

/**
 * Who is on both sides: select against train, then each test set against train and select. Patients are always compared;
 * recordings where patients are shared, and items where recordings are. A side without examples is left out.
 */
export function overlapsOf({ train, select, tests }: Sides): Overlap[] {
  const open = { train, select };
  const overlaps = compare("select", select, "train", train, false);
  for (const [name, { examples, knownPatients = false }] of Object.entries(tests)) {
    for (const side of ["train", "select"] as const) {
      overlaps.push(...compare(name, examples, side, open[side], knownPatients));
    }
  }
  return overlaps;
}

/**
 * The overlaps of a split with their sentences: `describe` has one of each, `leaks` those that are leaks (papers.md 0.1, 3.1).
 * @param unit what an example is, plural, such as "cycles"
 */
export function whoIsOnBothSides(
  sides: Sides,
  unit: string,
): {
  overlaps: readonly Overlap[];
  leaks: readonly string[];
  describe: readonly string[];
  leakedPatients: readonly LeakedPatient[];
} {
  const overlaps = overlapsOf(sides);
  const leaking = overlaps.filter(({ kind }) => kind === "leak" || kind === "selection leak");
  const say = (overlap: Overlap) => overlapSentence(overlap, unit);
  return {
    overlaps,
    leaks: leaking.map(say),
    describe: overlaps.map(say),
    leakedPatients: leakedPatientsOf(sides, leaking),
  };
}

/** Ordered by patient. Of a set that is declared to have known patients, those alone whose recordings are in train or select. */
function leakedPatientsOf({ train, select, tests }: Sides, leaking: readonly Overlap[]): LeakedPatient[] {
  const open: Record<string, readonly Belonging[]> = { train, select };
  const members = (side: string) => open[side] ?? tests[side]!.examples;
  const leaked = new Set<string>();
  for (const { what, of, in: other } of leaking) {
    const key = KEYS[what];
    const there = new Set(members(other).map((example) => example[key]));
    for (const example of members(of)) if (there.has(example[key])) leaked.add(example.patient);
  }
  const count = (examples: readonly Belonging[]) => {
    const counts = new Map<string, number>();
    for (const { patient } of examples) counts.set(patient, (counts.get(patient) ?? 0) + 1);
    return (patient: string) => counts.get(patient) ?? 0;
  };
  const ofTests = [...new Set(leaking.map(({ of }) => of))].filter((of) => of !== "select").flatMap(members);
  const [inTrain, inSelect, inTests] = [train, select, ofTests].map(count) as [Count, Count, Count];
  return [...leaked].sort().map((patient) => ({
    patient,
    train: inTrain(patient),
    select: inSelect(patient),
    test: inTests(patient),
  }));
}

type Count = (patient: string) => number;

/** Begins the sentence of a selection leak, and no other. */
export const SELECTION_LEAK = "Selection leak: ";

/** Such as "2 of the 49 patients of test are also in train: 156, 218 (120 of its 2,756 cycles)." */
export function overlapSentence(overlap: Overlap, unit: string): string {
  const { shared, total, names, items, allItems, kind } = overlap;
  const what = overlap.what === "items" ? unit : overlap.what;
  const number = (value: number) => value.toLocaleString("en");
  if (shared === 0) return `None of the ${number(total)} ${what} of ${overlap.of} is in ${overlap.in}.`;
  // Some of many names would tell nothing.
  const who = shared > names.length ? "" : `: ${names.join(", ")}`;
  const part = overlap.what === "items" ? "" : ` (${number(items)} of its ${number(allItems)} ${unit})`;
  const sentence = `${number(shared)} of the ${number(total)} ${what} of ${overlap.of} are also in ${overlap.in}${who}${part}.`;
  if (kind === "selection leak") return SELECTION_LEAK + sentence;
  return kind === "known patients" ? `Known patients: ${sentence}` : sentence;
}

const KEYS = { patients: "patient", recordings: "recording", items: "id" } as const;

function compare(
  of: string,
  examples: readonly Belonging[],
  other: string,
  others: readonly Belonging[],
  knownPatients: boolean,
): Overlap[] {
  const overlaps: Overlap[] = [];
  if (examples.length === 0 || others.length === 0) return overlaps;
  for (const what of ["patients", "recordings", "items"] as const) {
    const key = KEYS[what];
    const there = new Set(others.map((example) => example[key]));
    const here = new Set(examples.map((example) => example[key]));
    const shared = [...here].filter((one) => there.has(one)).sort();
    // None of the items is there twice in most splits; that goes without saying.
    if (what === "items" && shared.length === 0) break;
    const items = examples.filter((example) => there.has(example[key])).length;
    const leak = of === "select" ? "selection leak" : what === "patients" && knownPatients ? "known patients" : "leak";
    overlaps.push({
      what,
      of,
      in: other,
      shared: shared.length,
      total: here.size,
      names: shared.slice(0, NAMED),
      items,
      allItems: examples.length,
      kind: shared.length === 0 ? "disjoint" : leak,
    });
    if (shared.length === 0) break;
  }
  return overlaps;
}
