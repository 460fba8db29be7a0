import { createHash } from "node:crypto";

/** What an example may be used for: to learn from, to choose an epoch or a setting by, to report. */
export type Role = "train" | "select" | "test";

/** What is needed to compute the features of an example: everything but what it is. */
export interface Item {
  /** Unique within its data set, such as "41066730_2.5_0_p4_92#3" (event 3, counted from 0). */
  readonly id: string;
  /** Base name of the recording, without folder and ending. */
  readonly recording: string;
  /** Path of the WAV file on this machine. */
  readonly file: string;
  /** Bounds within the recording; both absent where the example is the whole recording. */
  readonly startSeconds?: number;
  readonly endSeconds?: number;
}

/** One labelled clip or recording. The role is part of the type: training code takes `readonly Example<"train">[]`. */
export interface Example<R extends Role = Role> extends Item {
  readonly role: R;
  readonly patient: string;
  /** Index into the task's labels. */
  readonly label: number;
  /** The label in words: the task's label at that index. */
  readonly className: string;
  /** The publisher's set it comes from, such as "train2022". */
  readonly set: string;
  /** What it was recorded with, in sets with several devices. */
  readonly device?: string;
}

/** Reported each time a test set is opened. */
export interface TestTouch {
  set: string;
  purpose: string;
  count: number;
}

/**
 * Narrows examples to a role at run time, for examples that come from where the compiler did not look.
 * @throws TypeError naming the first example of another role
 */
export function assertRole<R extends Role>(
  examples: readonly Example[],
  role: R,
): asserts examples is readonly Example<R>[] {
  const stranger = examples.find((example) => example.role !== role);
  if (stranger) {
    throw new TypeError(`example ${stranger.id} has role "${stranger.role}"; only "${role}" examples may be used here`);
  }
}

/** The example without its label, patient and role, for computing features of sealed data. */
export function itemOf(example: Item): Item {
  const { id, recording, file, startSeconds, endSeconds } = example;
  return { id, recording, file, ...(startSeconds === undefined ? {} : { startSeconds, endSeconds }) };
}

/**
 * A test set whose labels can only be had by opening it, with a purpose, and each opening is reported. Name, size, digest
 * and the items (without labels) are open.
 */
export class SealedTestSet {
  readonly name: string;
  readonly count: number;
  /** 32 hex digits over id and label of each example, whatever their order. */
  readonly digest: string;
  readonly #examples: readonly Example<"test">[];

  /** @throws TypeError where an example has another role */
  constructor(name: string, examples: readonly Example<"test">[]) {
    assertRole(examples, "test");
    this.name = name;
    this.count = examples.length;
    this.digest = digestOfExamples(examples);
    this.#examples = Object.freeze(examples.map((example) => Object.freeze({ ...example })));
  }

  /** The examples without labels, in the order of `open`, so that features can be stored without opening. */
  items(): Item[] {
    return this.#examples.map(itemOf);
  }

  /**
   * The labelled examples.
   * @param purpose why, in a few words, such as "final evaluation, epoch 20"
   * @param log takes the report of this opening, before the examples are handed out
   */
  open(purpose: string, log: (touch: TestTouch) => void): readonly Example<"test">[] {
    log({ set: this.name, purpose, count: this.count });
    return this.#examples;
  }
}

/** 32 hex digits of the SHA-256 over role, set, id and label of each example; neither order nor folder matters. */
export function digestOfExamples(examples: readonly Example[]): string {
  const lines = examples.map(({ role, set, id, label }) => [role, set, id, label].join("\t")).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 32);
}
