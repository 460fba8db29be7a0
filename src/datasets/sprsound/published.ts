/**
 * Numbers of the whole release of 2022 as its publishers print them: Q. Zhang et al., SPRSound, IEEE Transactions on Biomedical
 * Circuits and Systems 16, 867 (2022); the sets as the BioCAS challenge has them.
 */
export const SPRSOUND_PUBLISHED = {
  recordings: 2683,
  patients: 292,
  events: 9089,
  records: { Normal: 1785, CAS: 233, DAS: 347, "CAS & DAS": 131, "Poor Quality": 187 },
  eventTypes: {
    Normal: 6887,
    Rhonchi: 53,
    Wheeze: 865,
    Stridor: 17,
    "Coarse Crackle": 66,
    "Fine Crackle": 1167,
    "Wheeze+Crackle": 34,
  },
  setRecordings: { train2022: 1949, inter2022: 355, intra2022: 379 },
} as const;
