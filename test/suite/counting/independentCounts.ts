/**
 * Counts of the released annotations by a program of its own: normal, crackle, wheeze, both, cycles, recordings, patients.
 *
 * ```python
 * import glob, json, os
 * from decimal import Decimal
 * root = os.environ["AUSCULT_DATA"] + "/icbhi/"
 * sides = {l.split()[0][:-8]: l.split()[1] for l in open(root + "ICBHI_challenge_train_test.txt")}
 * folds = {l.split()[0]: int(l.split()[1]) for l in open(root + "patient_list_foldwise.txt")}
 * cycles = []  # patient, device, recording, class, length, official side
 * for file in sorted(glob.glob(root + "annotations_all920/*.txt")):
 *     name = os.path.basename(file)[:-4]
 *     for line in open(file):
 *         start, end, crackle, wheeze = line.split()
 *         label = int(crackle) + 2 * int(wheeze)
 *         cycles.append((name[:3], name[-8:], name, label, Decimal(end) - Decimal(start), sides[name[:-8]]))
 * on = {side: {c[0] for c in cycles if c[5] == side} for side in ("train", "test")}
 * def row(some):
 *     "normal, crackle, wheeze, both, cycles, recordings, patients"
 *     some = list(some)
 *     return [sum(c[3] == k for c in some) for k in range(4)] + [len(some), len({c[2] for c in some}), len({c[0] for c in some})]
 * devices = ("AKGC417L", "Meditron", "LittC2SE", "Litt3200")
 * out = {
 *     "all": row(cycles),
 *     **{f"official {s}": row(c for c in cycles if c[5] == s) for s in on},
 *     **{f"by patient {s}": row(c for c in cycles if c[0] in on[s]) for s in on},
 *     "on both sides": row(c for c in cycles if c[0] in on["train"] & on["test"]),
 *     **{f"fold {f} {s}": row(c for c in cycles if (folds[c[0]] == f) == (s == "test")) for f in range(5) for s in on},
 *     **{d: row(c for c in cycles if c[1] == d) for d in devices},
 *     **{f"{d} by patient {s}": row(c for c in cycles if c[1] == d and c[0] in on[s]) for d in devices for s in on},
 * }
 * edges = [Decimal(e) for e in "0 0.1 0.2 0.3 0.6 1.5 99".split()]
 * for low, high in zip(edges, edges[1:]):
 *     out[f"above {low} to {high} s"] = row(c for c in cycles if low < c[4] <= high)
 * for low, high in zip(range(10), list(range(1, 10)) + [99]):
 *     out[f"{low} s and more, under {high} s"] = row(c for c in cycles if low <= c[4] < high)
 * out["above 3 to 6 s"] = row(c for c in cycles if 3 < c[4] <= 6)
 * for key, value in out.items():
 *     print(f"  {json.dumps(key)}: {value},")
 * ```
 */
export const ICBHI_COUNTS = {
  all: [3642, 1864, 886, 506, 6898, 920, 126],
  "official train": [2063, 1215, 501, 363, 4142, 539, 79],
  "official test": [1579, 649, 385, 143, 2756, 381, 49],
  "by patient train": [2082, 1247, 513, 420, 4262, 551, 79],
  "by patient test": [1589, 678, 400, 206, 2873, 394, 49],
  "on both sides": [29, 61, 27, 120, 237, 25, 2],
  "fold 0 train": [2076, 666, 537, 164, 3443, 408, 100],
  "fold 0 test": [1566, 1198, 349, 342, 3455, 512, 26],
  "fold 1 train": [3185, 1777, 782, 450, 6194, 859, 101],
  "fold 1 test": [457, 87, 104, 56, 704, 61, 25],
  "fold 2 train": [3239, 1757, 864, 502, 6362, 870, 101],
  "fold 2 test": [403, 107, 22, 4, 536, 50, 25],
  "fold 3 train": [3201, 1783, 681, 474, 6139, 821, 101],
  "fold 3 test": [441, 81, 205, 32, 759, 99, 25],
  "fold 4 train": [2867, 1473, 680, 434, 5454, 722, 101],
  "fold 4 test": [775, 391, 206, 72, 1444, 198, 25],
  AKGC417L: [1922, 1543, 500, 381, 4346, 646, 32],
  Meditron: [1037, 215, 148, 56, 1456, 127, 64],
  LittC2SE: [347, 77, 126, 44, 594, 87, 23],
  Litt3200: [336, 29, 112, 25, 502, 60, 11],
  "AKGC417L by patient train": [990, 1010, 261, 310, 2571, 369, 17],
  "AKGC417L by patient test": [942, 561, 254, 148, 1905, 294, 16],
  "Meditron by patient train": [732, 155, 107, 54, 1048, 89, 41],
  "Meditron by patient test": [318, 89, 50, 37, 494, 43, 24],
  "LittC2SE by patient train": [347, 77, 126, 44, 594, 87, 23],
  "LittC2SE by patient test": [0, 0, 0, 0, 0, 0, 0],
  "Litt3200 by patient train": [13, 5, 19, 12, 49, 6, 2],
  "Litt3200 by patient test": [329, 28, 96, 21, 474, 57, 10],
  "above 0 to 0.1 s": [0, 0, 0, 0, 0, 0, 0],
  "above 0.1 to 0.2 s": [1, 0, 0, 0, 1, 1, 1],
  "above 0.2 to 0.3 s": [8, 0, 2, 0, 10, 10, 9],
  "above 0.3 to 0.6 s": [41, 5, 6, 2, 54, 50, 35],
  "above 0.6 to 1.5 s": [629, 113, 112, 14, 868, 398, 97],
  "above 1.5 to 99 s": [2963, 1746, 766, 490, 5965, 915, 125],
  "0 s and more, under 1 s": [233, 34, 27, 3, 297, 214, 74],
  "1 s and more, under 2 s": [975, 332, 226, 44, 1577, 514, 99],
  "2 s and more, under 3 s": [1255, 819, 305, 215, 2594, 590, 110],
  "3 s and more, under 4 s": [778, 476, 222, 160, 1636, 556, 86],
  "4 s and more, under 5 s": [242, 179, 83, 56, 560, 263, 51],
  "5 s and more, under 6 s": [68, 10, 15, 22, 115, 77, 26],
  "6 s and more, under 7 s": [62, 11, 3, 0, 76, 54, 15],
  "7 s and more, under 8 s": [20, 2, 2, 4, 28, 17, 9],
  "8 s and more, under 9 s": [5, 1, 2, 2, 10, 7, 3],
  "9 s and more, under 99 s": [4, 0, 1, 0, 5, 4, 4],
  "above 3 to 6 s": [1083, 665, 320, 238, 2306, 616, 92],
} as const satisfies Readonly<Record<string, readonly number[]>>;

/**
 * Counts of the sets of 2022: recordings, patients, events; records Normal, Poor Quality, CAS, DAS, CAS & DAS; events by type; lengths in
 * milliseconds (shortest, median, mean, longest) and how many are above 3 s.
 *
 * ```python
 * import glob, json, os
 * from collections import Counter
 * from statistics import mean, median
 * release = os.environ["AUSCULT_DATA"] + "/sprsound/BioCAS2022/"
 * where = {"train2022": "train2022_json", "inter2022": "test2022_json/inter_test_json", "intra2022": "test2022_json/intra_test_json"}
 * patients = {}
 * for name, folder in where.items():
 *     files = glob.glob(release + folder + "/*.json")
 *     read = [json.load(open(file)) for file in files]
 *     patients[name] = {os.path.basename(file).split("_")[0] for file in files}
 *     records = Counter(one["record_annotation"] for one in read)
 *     events = [event for one in read for event in one["event_annotation"]]
 *     types = Counter(event["type"] for event in events)
 *     ms = [int(event["end"]) - int(event["start"]) for event in events]
 *     print(name, len(files), len(patients[name]), len(events))
 *     print([records[k] for k in ("Normal", "Poor Quality", "CAS", "DAS", "CAS & DAS")])
 *     print([types[k] for k in ("Normal", "Rhonchi", "Wheeze", "Stridor", "Coarse Crackle", "Fine Crackle", "Wheeze+Crackle")])
 *     print(min(ms), median(ms), round(mean(ms), 6), max(ms), sum(m > 3000 for m in ms))
 * print(len(set().union(*patients.values())), [len(patients[a] & patients[b]) for a, b in
 *       (("train2022", "inter2022"), ("train2022", "intra2022"), ("inter2022", "intra2022"))])
 * ```
 */
export const SPRSOUND_COUNTS = {
  train2022: [
    1949, 251, 6656, 1303, 177, 126, 248, 95, 5159, 39, 452, 15, 49, 912, 30, 126, 1210, 1278.005258, 7152, 104,
  ],
  inter2022: [355, 41, 1429, 241, 8, 65, 24, 17, 1040, 0, 305, 0, 3, 80, 1, 242, 1279, 1395.851645, 4967, 47],
  intra2022: [379, 162, 1004, 241, 2, 42, 75, 19, 688, 14, 108, 2, 14, 175, 3, 232, 1303, 1330.317729, 5665, 15],
} as const satisfies Readonly<Record<string, readonly number[]>>;

/** Patients of all three sets; of two sets at once: training and inter, training and intra, inter and intra. */
export const SPRSOUND_PATIENTS = { all: 292, both: [0, 162, 0] } as const;

/**
 * Perfect windows of each set: how many there are, and how many of the adventitious records get their own label by the rule of two in a
 * row in task 21 and in task 22, for steps of 1 s and 2 s. All Normal records get theirs. Counted from annotations and headers by:
 *
 * ```python
 * import glob, json, os, wave
 * release = os.environ["AUSCULT_DATA"] + "/sprsound/BioCAS2022/"
 * where = {"train2022": "train2022_json", "inter2022": "test2022_json/inter_test_json", "intra2022": "test2022_json/intra_test_json"}
 * KIND = {"Rhonchi": {"C"}, "Wheeze": {"C"}, "Stridor": {"C"}, "Wheeze+Crackle": {"C", "D"}, "Normal": set()}
 * LABEL = {"Normal": "", "Poor Quality": "P", "CAS": "C", "DAS": "D", "CAS & DAS": "CD"}
 * def record(windows, poor):
 *     n = min(2, len(windows))
 *     hit = lambda k: any(all(k in w for w in windows[i:i + n]) for i in range(len(windows) - n + 1))
 *     return "".join(filter(hit, "ACD")) or ("P" if poor or all(windows) else "")
 * for name, folder in where.items():
 *     for step in (8000, 16000):
 *         seen, right, normal = 0, {21: 0, 22: 0}, {21: 0, 22: 0}
 *         for file in glob.glob(release + folder + "/*.json"):
 *             note = json.load(open(file)); base = os.path.basename(file)[:-5]
 *             frames = wave.open(release + folder.split("_")[0] + "_wav/" + base + ".wav").getnframes()
 *             events = [(8 * int(e["start"]), 8 * int(e["end"]), KIND.get(e["type"], {"D"})) for e in note["event_annotation"]]
 *             starts = range(0, max(1, frames - 24000 + 1), step); seen += len(starts)
 *             kinds = [set().union(*(k for a, b, k in events if a < min(s + 24000, frames) and b > s)) for s in starts]
 *             truth = LABEL[note["record_annotation"]]
 *             for task, one in ((22, lambda k: k), (21, lambda k: {"A"} if k else set())):
 *                 want = truth if task == 22 or truth in ("", "P") else "A"
 *                 same = record([one(k) for k in kinds], not events) == want
 *                 if want == "": normal[task] += same
 *                 elif want != "P": right[task] += same
 *         print(name, seen, right[21], right[22], normal)
 * ```
 */
export const SPRSOUND_WINDOWS = {
  train2022: { "1s": [16744, 452, 446], "2s": [9346, 401, 379] },
  inter2022: { "1s": [3463, 100, 99], "2s": [1909, 92, 90] },
  intra2022: { "1s": [3125, 128, 126], "2s": [1751, 112, 107] },
} as const;
