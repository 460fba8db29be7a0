/** Event types, in the publisher's spelling. */
export const EVENT_TYPES = [
  "Normal",
  "Rhonchi",
  "Wheeze",
  "Stridor",
  "Coarse Crackle",
  "Fine Crackle",
  "Wheeze+Crackle",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Record labels: continuous (CAS) and discontinuous (DAS) adventitious sounds, both, none, or unusable. */
export const RECORD_LABELS = ["Normal", "CAS", "DAS", "CAS & DAS", "Poor Quality"] as const;
export type RecordLabel = (typeof RECORD_LABELS)[number];

/** The publisher's sets, in the order in which recordings are listed. */
export const SPRSOUND_SETS = ["train2022", "inter2022", "intra2022", "test2023"] as const;
export type SprSoundSet = (typeof SPRSOUND_SETS)[number];

/** The event type for a text, or undefined; the mixed type has three spellings in data and code (papers.md 0.2). */
export function eventTypeOf(text: string): EventType | undefined {
  if (text === "Wheeze & Crackle" || text === "Wheeze&Crackle") return "Wheeze+Crackle";
  return EVENT_TYPES.find((type) => type === text);
}

/** The record label for a text, or undefined. */
export function recordLabelOf(text: string): RecordLabel | undefined {
  return RECORD_LABELS.find((label) => label === text);
}

/**
 * The record label that follows from the events: none, Poor Quality; continuous and discontinuous types, or the mixed
 * one, CAS & DAS; only continuous, CAS; only discontinuous, DAS; else Normal. Exact on all 2,683 recordings of 2022
 * (papers.md 3.8).
 */
export function recordLabelFromEvents(types: readonly EventType[]): RecordLabel {
  if (types.length === 0) return "Poor Quality";
  const mixed = types.includes("Wheeze+Crackle");
  const continuous = mixed || types.some((type) => type === "Rhonchi" || type === "Wheeze" || type === "Stridor");
  const discontinuous = mixed || types.some((type) => type === "Coarse Crackle" || type === "Fine Crackle");
  if (continuous && discontinuous) return "CAS & DAS";
  if (continuous) return "CAS";
  return discontinuous ? "DAS" : "Normal";
}
