import { namedRow } from "../namedRow.js";
import { BASELINES, type BaselineKind } from "./baselines.js";
import type { GlancegazePart } from "./networkOptions.js";

export type GlancegazeKind = BaselineKind | "Proposed";

/** What tells the rows of the tables apart. */
export interface GlancegazeRow {
  network: GlancegazeKind;
  /** Of the proposed network: what an ablation leaves out. */
  without?: GlancegazePart;
  frontEnd?: "mel" | "stft";
}

const PROPOSED: GlancegazeRow = { network: "Proposed" };
const EACH_BASELINE = Object.fromEntries(BASELINES.map((network) => [network, { network }]));

/** By experiment and row. */
const ROWS: Readonly<Record<string, Readonly<Record<string, GlancegazeRow>>>> = {
  table1: {
    "w/o glance": { ...PROPOSED, without: "glance" },
    "w/o gaze": { ...PROPOSED, without: "gaze" },
    "w/o FFM": { ...PROPOSED, without: "ffm" },
  },
  table2: { ...EACH_BASELINE, Proposed: PROPOSED },
  tune: EACH_BASELINE,
  stft: { "STFT input": { ...PROPOSED, frontEnd: "stft" } },
};

/**
 * @param experiment such as "glancegaze/table2"
 * @throws UserError for a row that is none
 */
export function glancegazeRow(experiment: string, row: string): GlancegazeRow {
  return namedRow(ROWS, experiment, row);
}
