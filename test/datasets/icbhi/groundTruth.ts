/**
 * Counts of ICBHI, from papers.md 0.1, block `icbhi/ground-truth`: counted there from the released annotation totals, the
 * official recording-level list and the public five-fold patient list. A row is normal, crackle, wheeze, both, cycles,
 * recordings, patients.
 */
export type CountRow = readonly [number, number, number, number, number, number, number];

export const ALL: CountRow = [3642, 1864, 886, 506, 6898, 920, 126];

export const OFFICIAL: Readonly<Record<"train" | "test", CountRow>> = {
  train: [2063, 1215, 501, 363, 4142, 539, 79],
  test: [1579, 649, 385, 143, 2756, 381, 49],
};

/** By device: all, official training side, official test side. */
export const DEVICE: Readonly<Record<string, Readonly<Record<"all" | "train" | "test", CountRow>>>> = {
  AKGC417L: {
    all: [1922, 1543, 500, 381, 4346, 646, 32],
    train: [982, 996, 255, 277, 2510, 361, 17],
    test: [940, 547, 245, 104, 1836, 285, 16],
  },
  Meditron: {
    all: [1037, 215, 148, 56, 1456, 127, 64],
    train: [723, 139, 101, 34, 997, 86, 41],
    test: [314, 76, 47, 22, 459, 41, 24],
  },
  LittC2SE: {
    all: [347, 77, 126, 44, 594, 87, 23],
    train: [347, 77, 126, 44, 594, 87, 23],
    test: [0, 0, 0, 0, 0, 0, 0],
  },
  Litt3200: {
    all: [336, 29, 112, 25, 502, 60, 11],
    train: [11, 3, 19, 8, 41, 5, 2],
    test: [325, 26, 93, 17, 461, 55, 10],
  },
};

/** Patients on both sides of the official list, by side. */
export const LEAK_PATIENTS: Readonly<Record<string, Readonly<Record<"train" | "test", CountRow>>>> = {
  156: { train: [2, 14, 9, 44, 69, 9, 1], test: [8, 14, 6, 33, 61, 8, 1] },
  218: { train: [8, 15, 6, 19, 48, 4, 1], test: [11, 18, 6, 24, 59, 4, 1] },
};

/** The official list read by patient. */
export const PATIENT_LEVEL: Readonly<Record<"train" | "test", CountRow>> = {
  train: [2082, 1247, 513, 420, 4262, 551, 79],
  test: [1589, 678, 400, 206, 2873, 394, 49],
};

/** By fold: training side, test side, test cycles by device (AKGC417L, Meditron, LittC2SE, Litt3200). */
export const FOLD: readonly { train: CountRow; test: CountRow; testByDevice: readonly number[] }[] = [
  {
    train: [2076, 666, 537, 164, 3443, 408, 100],
    test: [1566, 1198, 349, 342, 3455, 512, 26],
    testByDevice: [3436, 8, 11, 0],
  },
  {
    train: [3185, 1777, 782, 450, 6194, 859, 101],
    test: [457, 87, 104, 56, 704, 61, 25],
    testByDevice: [0, 683, 0, 21],
  },
  {
    train: [3239, 1757, 864, 502, 6362, 870, 101],
    test: [403, 107, 22, 4, 536, 50, 25],
    testByDevice: [0, 536, 0, 0],
  },
  {
    train: [3201, 1783, 681, 474, 6139, 821, 101],
    test: [441, 81, 205, 32, 759, 99, 25],
    testByDevice: [0, 49, 386, 324],
  },
  {
    train: [2867, 1473, 680, 434, 5454, 722, 101],
    test: [775, 391, 206, 72, 1444, 198, 25],
    testByDevice: [910, 180, 197, 157],
  },
];
