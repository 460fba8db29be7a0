/** How many normal and abnormal items each patient of a test set has: counts of the released annotations, without names. */
export interface PatientSize {
  normal: number;
  abnormal: number;
}

/** Cycles of the 49 patients of ICBHI's official test set: 1,579 normal and 1,177 abnormal ones. */
export const icbhiOfficialTest = sizesOf(
  `
    120 120 116 98 89 76 70 63 54 50 46 45 44 42 35 33 31 29 29 28 27 23 20 20 19 18 18 17 16 15 14 14 13 11 11 11
    10 10 9 9 9 8 8 8 7 7 4 3 2`,
  `
    88 30 23 13 67 92 33 17 1 0 15 57 11 33 11 15 48 69 32 9 24 0 81 0 4 0 0 0 94 25 0 0 0 122 48 0 12 0 0 0 0 53
    5 0 10 0 19 11 5`,
);

/** Events of the 41 patients of SPRSound's inter set: 1,040 normal and 389 abnormal ones. */
export const sprSoundInter = sizesOf(
  `
    110 81 73 60 54 51 48 44 44 39 34 32 30 28 28 27 26 24 21 19 18 16 16 15 15 14 13 10 8 8 6 5 5 4 4 4 3 2 1 0 0`,
  `
    86 1 1 0 0 0 0 4 1 0 2 8 43 1 0 10 0 0 13 68 0 4 4 61 0 3 0 0 0 0 0 0 0 1 0 0 0 0 70 7 1`,
);

/** Events of the 162 patients of SPRSound's intra set: 688 normal and 316 abnormal ones. */
export const sprSoundIntra = sizesOf(
  `
    86 25 15 11 11 11 11 11 11 10 10 9 9 9 8 8 8 8 8 7 7 7 7 7 7 7 7 6 6 6 6 6 6 6 6 6 5 5 5 5 5 5 5 5 5 5 5 5 5 5
    5 5 5 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 2 2 2 2 2 2 2 2 2 2 2 2
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
    0 0`,
  `
    8 1 0 25 6 4 0 0 0 0 0 2 0 0 3 2 1 0 0 6 4 0 0 0 0 0 0 3 3 1 0 0 0 0 0 0 1 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 15
    3 2 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 5 3 2 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 12 12 10 9 7 5 4 2 1 1 0 0 0 0 0
    0 0 0 0 0 0 0 0 0 0 0 0 0 9 4 3 2 2 1 1 0 0 0 0 0 0 0 0 0 23 15 12 10 8 7 6 6 5 4 4 4 4 3 3 2 2 2 2 2 1 1 1 0
    0`,
);

function sizesOf(normal: string, abnormal: string): PatientSize[] {
  const numbers = (text: string) => text.trim().split(/\s+/).map(Number);
  const ofAbnormal = numbers(abnormal);
  return numbers(normal).map((count, p) => ({ normal: count, abnormal: ofAbnormal[p]! }));
}
