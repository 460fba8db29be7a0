/**
 * Numbers of the whole release as its publishers print them: B. M. Rocha et al., Physiological Measurement 40, 035001 (2019); the
 * sides of the official split as the challenge's list has them.
 */
export const ICBHI_PUBLISHED = {
  recordings: 920,
  patients: 126,
  cycles: 6898,
  byClass: { Normal: 3642, Crackle: 1864, Wheeze: 886, Both: 506 },
  officialRecordings: { train: 539, test: 381 },
} as const;
