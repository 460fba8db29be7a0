/** Items of a class in the test set of a split, by label. */
export type Supports = Readonly<Record<string, number>>;

/** Cycles by class in test sets of ICBHI, counted from the annotations (papers.md 0.1, `icbhi/ground-truth`). */
export const ICBHI_TESTS: Readonly<Record<string, Supports>> = {
  official: { Normal: 1579, Crackle: 649, Wheeze: 385, Both: 143 },
  "official-patient-leak": { Normal: 1589, Crackle: 678, Wheeze: 400, Both: 206 },
  fold4: { Normal: 775, Crackle: 391, Wheeze: 206, Both: 72 },
  "device-only:AKGC417L@fold4": { Normal: 775, Crackle: 391, Wheeze: 206, Both: 72 },
};

/** Fold 4's test cycles by device (papers.md 5.7, table 6, with the two Littmann names as in the annotations). */
export const FOLD4_BY_DEVICE: Readonly<Record<string, Supports>> = {
  AKGC417L: { Normal: 369, Crackle: 351, Wheeze: 151, Both: 39 },
  Meditron: { Normal: 146, Crackle: 13, Wheeze: 19, Both: 2 },
  LittC2SE: { Normal: 129, Crackle: 9, Wheeze: 29, Both: 30 },
  Litt3200: { Normal: 131, Crackle: 18, Wheeze: 7, Both: 1 },
};

/** SPRSound's inter set of 2022, counted from the annotations (papers.md 0.2), by task. */
export const SPRSOUND_INTER: Readonly<Record<string, Supports>> = {
  "11": { Normal: 1040, Adventitious: 389 },
  "12": { Normal: 1040, Wheeze: 305, "Coarse Crackle": 3, "Fine Crackle": 80, "Wheeze & Crackle": 1 },
  "21": { Normal: 241, "Poor Quality": 8, Adventitious: 106 },
  "22": { Normal: 241, "Poor Quality": 8, CAS: 65, DAS: 24, "CAS & DAS": 17 },
};

/** Every class but the first. */
export function abnormal(supports: Supports): number {
  return Object.values(supports)
    .slice(1)
    .reduce((sum, count) => sum + count, 0);
}
