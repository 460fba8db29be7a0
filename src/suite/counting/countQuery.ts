import { CYCLE_LABELS, ICBHI_DEVICES } from "../../datasets/icbhi/labels.js";
import { EVENT_TYPES, RECORD_LABELS, SPRSOUND_SETS } from "../../datasets/sprsound/labels.js";
import type { SprSoundRecording } from "../../datasets/sprsound/load.js";
import { median } from "../../evaluation/median.js";
import type { CountQuery } from "../entry.js";
import type { CountedItem } from "./countedItem.js";
import { type CountingData, needWholeSet, RELEASE_2022 } from "./countingData.js";
import { integratedNumber } from "./integratedLabels.js";

/** How lengths are compared with the edges of a bin. */
export type LengthReading = "annotated" | "double precision";

/**
 * Evaluates a query on annotations, whether their sounds are there or not. A count, a share (0 to 1, null of nothing) or a length in
 * seconds (null of nothing).
 * @param reading lengths as annotated (default), or as end minus start comes out in double precision
 * @throws NotCounted where the data is not there or not whole; UserError where a split cannot be made; Error for a query that asks
 *   for what there is not
 */
export function countQuery(query: CountQuery, data: CountingData, reading: LengthReading = "annotated"): number | null {
  const { shareOf, length, integrated } = query;
  if (integrated) return integratedNumber(integrated, recordingsOf(query, data), data.sprsound().data);
  const items = itemsOf(query, data).filter(within(query, reading));
  if (length) return lengthOf(items, length);
  const found = howMany(items, query);
  if (!shareOf) return found;
  const whole = withoutRestriction(query, shareOf);
  const of = howMany(itemsOf(whole, data).filter(within(whole, reading)), whole);
  return of === 0 ? null : found / of;
}

function withoutRestriction(query: CountQuery, shareOf: NonNullable<CountQuery["shareOf"]>): CountQuery {
  const { dataset, of, split, side, device, class: label, lengthSeconds, includes, alsoIn } = query;
  const all = { dataset, of };
  if (shareOf === "all") return all;
  return {
    ...all,
    split,
    ...(shareOf === "side" ? {} : { side, alsoIn }),
    ...(shareOf === "device" ? {} : { device }),
    ...(shareOf === "class" ? {} : { class: label }),
    ...(shareOf === "length" ? {} : { lengthSeconds, includes }),
  };
}

function itemsOf(query: CountQuery, data: CountingData): CountedItem[] {
  refuseUnknown(query);
  const { alsoIn } = query;
  const here = query.dataset === "sprsound" ? partOfSprSound(query, data) : partOfIcbhi(query, data);
  const chosen = here.filter((item) => inClass(item, query.class) && (!query.device || item.device === query.device));
  if (!alsoIn) return chosen;
  const other: CountQuery = { ...query, alsoIn: undefined, split: alsoIn.split ?? query.split, side: alsoIn.side };
  const key = keyOf(query);
  const there = new Set(itemsOf(other, data).map(key));
  return chosen.filter((item) => there.has(key(item)));
}

function partOfIcbhi({ split, side }: CountQuery, data: CountingData): readonly CountedItem[] {
  const icbhi = data.icbhi();
  if (!split) return icbhi.cycles;
  if (side) return icbhi.side(split, side);
  return [...new Set([...icbhi.side(split, "train"), ...icbhi.side(split, "test")])];
}

function partOfSprSound(query: CountQuery, data: CountingData): readonly CountedItem[] {
  const { events, recordings } = data.sprsound();
  return inSets(ofWhat(query) === "events" ? events : recordings, query, data);
}

function recordingsOf(query: CountQuery, data: CountingData): SprSoundRecording[] {
  refuseUnknown(query);
  return [...inSets(data.sprsound().data.recordings, query, data)];
}

/** Those of the query's sets, which must be there as a whole. */
function inSets<T extends { set: string }>(
  items: readonly T[],
  { split }: CountQuery,
  data: CountingData,
): readonly T[] {
  const sets: readonly string[] = split === "release2022" ? RELEASE_2022 : split ? [split] : [];
  for (const set of sets) needWholeSet(data.sprsound(), set);
  return split ? items.filter(({ set }) => sets.includes(set)) : items;
}

/** Classes that stand for several. */
const SEVERAL: Readonly<Record<string, (label: string) => boolean>> = {
  Abnormal: (label) => label !== "Normal",
  Adventitious: (label) => label !== "Normal" && label !== "Poor Quality",
};

function inClass(item: CountedItem, label: string | undefined): boolean {
  return label === undefined || item.class === label || SEVERAL[label]?.(item.class) === true;
}

function within({ lengthSeconds, includes = "from" }: CountQuery, reading: LengthReading) {
  if (!lengthSeconds) return () => true;
  const scale = reading === "annotated" ? 1e6 : 1;
  const edge = (seconds: number | null, open: number) =>
    seconds === null ? open : reading === "annotated" ? Math.round(seconds * scale) : seconds;
  const from = edge(lengthSeconds[0], Number.NEGATIVE_INFINITY);
  const to = edge(lengthSeconds[1], Number.POSITIVE_INFINITY);
  return (item: CountedItem) => {
    const length = reading === "annotated" ? item.lengthMicroseconds : item.lengthSeconds;
    return includes === "from" ? from <= length && length < to : from < length && length <= to;
  };
}

function howMany(items: readonly CountedItem[], query: CountQuery): number {
  const what = ofWhat(query);
  if (what === "cycles" || what === "events") return items.length;
  return new Set(items.map(keyOf(query))).size;
}

function keyOf(query: CountQuery): (item: CountedItem) => string {
  switch (ofWhat(query)) {
    case "patients":
      return ({ patient }) => patient;
    case "recordings":
      return ({ recording }) => recording;
    case "devices":
      return ({ device }) => device;
    default:
      return ({ id }) => id;
  }
}

function ofWhat({ of, dataset }: CountQuery): NonNullable<CountQuery["of"]> {
  return of ?? (dataset === "sprsound" ? "events" : "cycles");
}

function lengthOf(items: readonly CountedItem[], which: NonNullable<CountQuery["length"]>): number | null {
  if (items.length === 0) return null;
  const lengths = items.map(({ lengthMicroseconds }) => lengthMicroseconds);
  const microseconds = {
    shortest: () => lengths.reduce((least, one) => Math.min(least, one)),
    longest: () => lengths.reduce((most, one) => Math.max(most, one)),
    mean: () => lengths.reduce((sum, one) => sum + one, 0) / lengths.length,
    median: () => median(lengths),
  }[which]();
  return microseconds / 1e6;
}

/** A name that nothing has would count as 0 and look like a misprint. */
function refuseUnknown({ dataset, split, side, device, class: label, of, integrated }: CountQuery): void {
  const refuse = (what: string, value: string) => {
    throw new Error(`a query of ${dataset ?? "icbhi"} asks for ${what} "${value}", which there is not`);
  };
  const icbhi = dataset !== "sprsound";
  if (icbhi && integrated) refuse("labels integrated from", integrated.from);
  const labels: readonly string[] = icbhi
    ? CYCLE_LABELS
    : of === undefined || of === "events"
      ? EVENT_TYPES
      : RECORD_LABELS;
  if (label !== undefined && !labels.includes(label) && !(label in SEVERAL)) refuse("class", label);
  const devices: readonly string[] = icbhi ? ICBHI_DEVICES : [];
  if (device !== undefined && !devices.includes(device)) refuse("device", device);
  if (side !== undefined && (split === undefined || !icbhi)) refuse("side", `${side} of ${split}`);
  const sets: readonly string[] = [...SPRSOUND_SETS, "release2022"];
  if (!icbhi && split !== undefined && !sets.includes(split)) refuse("set", split);
  if (icbhi ? of === "events" : of === "cycles" || of === "devices") refuse("number of", of ?? "");
}
