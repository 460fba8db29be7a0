import type { SprSoundAssessment } from "../evaluation/sprsoundAssessment.js";
import type { RunResult } from "../papers/runResult.js";

/** Scores of recordings, and of the mean over two sets of them; the latter has no items of its own. */
export type IntegratedSet = Pick<SprSoundAssessment, "scores" | "intervals"> &
  Partial<Pick<SprSoundAssessment, "examples">>;

/**
 * What a run's windows made of whole recordings, by names that can stand beside those of its test sets, such as "inter records" and
 * "inter records every 2 s"; none for runs that classify no windows.
 */
export function integratedSets({ records = [] }: Pick<RunResult, "records">): [name: string, set: IntegratedSet][] {
  return records.flatMap(({ stepSeconds, tests, mean }) => {
    const step = stepSeconds === 1 ? "" : ` every ${stepSeconds} s`;
    const sets: [string, IntegratedSet][] = Object.entries(tests).map(([set, { scores, intervals, examples }]) => {
      return [`${set} records${step}`, { scores, ...(intervals && { intervals }), examples }];
    });
    return mean ? [...sets, [`mean of inter and intra records${step}`, mean]] : sets;
  });
}
