import { digestOfExamples, type Role } from "../datasets/roles.js";
import { type ClassCounts, patientsOf, type Split } from "../datasets/split.js";

/** The examples of one role, or of one test set, as the tracker names them. */
export interface RunInput {
  /** Such as "sprsound/11/honest/train". */
  name: string;
  role: Role;
  /** 32 hex digits over set, id and label of each example. */
  digest: string;
  examples: number;
  /** Of test sets neither patients nor classes are told, since that would open them. */
  patients?: number;
  classes?: ClassCounts;
}

/** What a run on this split is fed: one input for train, one for select, one for each test set, none of no examples. */
export function runInputsOf(split: Split): RunInput[] {
  const open = (["train", "select"] as const).map((role): RunInput => {
    const examples = split[role];
    return {
      ...{ name: `${split.name}/${role}`, role, digest: digestOfExamples(examples), examples: examples.length },
      ...{ patients: patientsOf(examples).size, classes: split.counts[role] },
    };
  });
  const sealed = Object.entries(split.tests).map(
    ([set, { digest, count }]): RunInput => ({
      ...{ name: `${split.name}/test/${set}`, role: "test", digest, examples: count },
    }),
  );
  return [...open, ...sealed].filter(({ examples }) => examples > 0);
}
