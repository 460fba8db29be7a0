import { describe, expect, test } from "vitest";
import { countIcbhi } from "../../src/datasets/icbhi/counts.js";
import { loadIcbhi } from "../../src/datasets/icbhi/load.js";
import { ICBHI_PUBLISHED } from "../../src/datasets/icbhi/published.js";
import { loadSprSound } from "../../src/datasets/sprsound/load.js";
import { SPRSOUND_PUBLISHED } from "../../src/datasets/sprsound/published.js";

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);

test("the classes and sets that are printed make the totals that are printed", () => {
  const { byClass, cycles, officialRecordings, recordings } = ICBHI_PUBLISHED;
  expect([sum(byClass), sum(officialRecordings)]).toEqual([cycles, recordings]);
  const spr = SPRSOUND_PUBLISHED;
  expect(sum(spr.eventTypes)).toBe(spr.events);
  expect([sum(spr.records), sum(spr.setRecordings)]).toEqual([spr.recordings, spr.recordings]);
});

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: the releases have the printed numbers", () => {
  const dataDir = process.env.AUSCULT_DATA!;

  test("ICBHI", () => {
    const { recordings, patients, cycles, byClass } = ICBHI_PUBLISHED;
    expect(countIcbhi(loadIcbhi(dataDir).recordings)).toEqual({ recordings, patients, cycles, byClass });
  });

  test("SPRSound", () => {
    const { recordings, counts } = loadSprSound(dataDir);
    expect(recordings.length).toBe(SPRSOUND_PUBLISHED.recordings);
    expect(new Set(recordings.map(({ patient }) => patient)).size).toBe(SPRSOUND_PUBLISHED.patients);
    for (const of of ["records", "eventTypes"] as const) {
      const totals = Object.keys(SPRSOUND_PUBLISHED[of]).map((name) => [
        name,
        Object.values(counts).reduce((total, set) => total + (set[of] as Record<string, number>)[name]!, 0),
      ]);
      expect(Object.fromEntries(totals)).toEqual(SPRSOUND_PUBLISHED[of]);
    }
    const sets = Object.entries(counts).map(([set, one]) => [set, one.recordings]);
    expect(Object.fromEntries(sets)).toEqual(SPRSOUND_PUBLISHED.setRecordings);
  });
});
