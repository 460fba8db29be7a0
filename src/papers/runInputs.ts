import { createHash } from "node:crypto";
import { digestOfExamples, type Example, type Role } from "../datasets/roles.js";
import { type ClassCounts, countByClass, patientsOf, type Split } from "../datasets/split.js";

/** The examples of one role, or of one test set, as the tracker names them. */
export interface RunInput {
  /** Such as "sprsound/11/honest/train". */
  name: string;
  role: Role;
  /** Of a test set: its name in the split. */
  set?: string;
  /** 32 hex digits over set, id and label of each example. */
  digest: string;
  examples: number;
  /** Of test sets neither patients nor classes are told, since that would open them. */
  patients?: number;
  classes?: ClassCounts;
}

/** What a run with a reduced budget uses of a split; all of what is not said. */
export interface UsedExamples {
  train?: readonly Example<"train">[];
  select?: readonly Example<"select">[];
  /** At most so many of each test set. */
  testItems?: number;
}

/**
 * What a run on this split is fed: one input for train, one for select, one for each test set, none of no examples. A part of a role
 * says so in its name, such as "sprsound/11/honest/train, 64 of 5406".
 */
export function runInputsOf(split: Split, used: UsedExamples = {}): RunInput[] {
  const open = (["train", "select"] as const).map((role): RunInput => {
    const examples: readonly Example[] = used[role] ?? split[role];
    return {
      ...{ name: `${split.name}/${role}${part(examples.length, split[role].length)}`, role },
      ...contentsOf(examples, Object.keys(split.counts[role])),
    };
  });
  const sealed = Object.entries(split.tests).map(([set, { digest, count }]): RunInput => {
    const examples = Math.min(used.testItems ?? count, count);
    // The part is not opened for its digest: which items it has follows from the whole and their number.
    const ofPart = createHash("sha256").update(`${digest} ${examples}`).digest("hex").slice(0, 32);
    const name = `${split.name}/test/${set}${part(examples, count)}`;
    return { name, role: "test", set, digest: examples < count ? ofPart : digest, examples };
  });
  return [...open, ...sealed].filter(({ examples }) => examples > 0);
}

type Contents = Required<Pick<RunInput, "digest" | "examples" | "patients" | "classes">>;

/** Of lists that were looked at. Plans of many runs on one split have one list, which nobody changes. */
const known = new WeakMap<readonly Example[], Contents>();

function contentsOf(examples: readonly Example[], labels: readonly string[]): Contents {
  const before = known.get(examples);
  if (before) return before;
  const contents = {
    ...{ digest: digestOfExamples(examples), examples: examples.length },
    ...{ patients: patientsOf(examples).size, classes: countByClass(examples, labels) },
  };
  known.set(examples, contents);
  return contents;
}

function part(examples: number, of: number): string {
  return examples < of ? `, ${examples} of ${of}` : "";
}
