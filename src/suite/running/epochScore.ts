import type { EpochRecord } from "../../training/trainingState.js";

/** The Score of an epoch by which it is chosen, or that is watched: of the select role, else of the tests; undefined where neither is told. */
export function epochScore({ metrics }: EpochRecord): number | undefined {
  const names = [
    "select/score",
    "test/mean/score",
    ...Object.keys(metrics).filter((key) => /^test\b.*\/score$/.test(key)),
  ];
  return names.map((name) => metrics[name]).find((value) => value !== undefined && Number.isFinite(value));
}
