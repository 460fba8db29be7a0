import { parseIcbhiName } from "../icbhi/fileName.js";
import { diagnosisAsCsv } from "./diagnosisAsCsv.js";
import type { FetchSource, SourceList } from "./source.js";

/** Folder of the publisher's site that holds the database; linked from https://bhichallenge.med.auth.gr/ICBHI_2017_Challenge. */
const SITE = "https://bhichallenge.med.auth.gr/sites/default/files/ICBHI_final_database";

/**
 * A copy of the zip file at Harvard Dataverse, dataset doi:10.7910/DVN/HT6PKI, file 7127117. It is used where the publisher's own
 * server refuses: its certificate has been reported as expired and as self-signed, and its site as closed (403).
 */
const DATAVERSE_COPY = "https://dataverse.harvard.edu/api/access/datafile/7127117";

/**
 * Copies of the lists in the repository of the Patch-Mix paper, at a fixed commit. Split: one line names 226_1b1_Pl_sc_LittC2SE, as the
 * recording is called, where the publisher's list says Meditron. Demographics have another form there, and are not taken.
 */
const PATCH_MIX =
  "https://raw.githubusercontent.com/raymin0223/patch-mix_contrastive_learning/23718c9e40781a151a656d5ea5133b184cd7b0a9/data/icbhi_dataset";

/** The five-fold patient list comes with the RespireNet code (papers.md 0.1), whose scripts/train_script_run.sh names it. */
const RESPIRENET = "https://raw.githubusercontent.com/microsoft/RespireNet/HEAD/data";

const MEBIBYTE = 2 ** 20;
const LIST = { kind: "list", part: "lists", maxBytes: 4 * MEBIBYTE } as const;

/**
 * ICBHI 2017. The publisher gives no digests and no sizes; sizes here are those that others report of the same addresses. The byte
 * identity of lists is not checked, their form is.
 */
export const ICBHI_SOURCE: FetchSource = {
  name: "icbhi",
  title: "ICBHI 2017 Respiratory Sound Database",
  home: "https://bhichallenge.med.auth.gr/ICBHI_2017_Challenge",
  terms: [
    "Made freely available for research by its publishers (Aristotle University of Thessaloniki, University of Coimbra, University of Aveiro); there is no licence text that allows to hand the recordings on.",
    "Who publishes results from it must cite the paper below. Questions: icbhi_challenge@med.auth.gr.",
    "The patient list of five folds is not the publisher's: it comes with the RespireNet code.",
  ],
  citation: [
    "B. M. Rocha et al., An open access database for the evaluation of respiratory sound classification algorithms, Physiological Measurement 40, 035001 (2019)",
  ],
  parts: { recordings: "audio and annotations, 2 GB", lists: "split, folds, diagnoses, demographics" },
  files: [
    {
      ...LIST,
      name: "ICBHI_challenge_train_test.txt",
      addresses: [`${SITE}/ICBHI_challenge_train_test.txt`, `${PATCH_MIX}/official_split.txt`],
      approximateBytes: 27_219,
      required: true,
      saveAs: "ICBHI_challenge_train_test.txt",
      problem: rows("recording and train or test", 920, /^\S+\s+(train|test)$/),
    },
    {
      ...LIST,
      name: "ICBHI_Challenge_demographic_information.txt",
      addresses: [`${SITE}/ICBHI_Challenge_demographic_information.txt`],
      approximateBytes: 2_586,
      required: false,
      saveAs: "demographic_info.txt",
      problem: rows("patient, age, sex, BMI, weight, height", 126, /^\d{3}(\s+\S+){5}$/),
    },
    {
      ...LIST,
      name: "ICBHI_Challenge_diagnosis.txt",
      addresses: [`${SITE}/ICBHI_Challenge_diagnosis.txt`, `${PATCH_MIX}/patient_diagnosis.txt`],
      approximateBytes: 1_368,
      required: false,
      saveAs: "patient_diagnosis.csv",
      convert: diagnosisAsCsv,
      problem: rows("patient and diagnosis", 126, /^\d{3},[A-Za-z]+$/, /^ID,CLASS$/),
    },
    {
      ...LIST,
      name: "filename_differences.txt",
      addresses: [`${SITE}/filename_differences.txt`, `${PATCH_MIX}/filename_differences.txt`],
      approximateBytes: 2_275,
      required: false,
      saveAs: "filename_differences.txt",
      // The publisher's page says 92 files, the list that is known holds 91.
      problem: rows("one file name", [91, 92], /^'?\d{3}_\w+'?$/),
    },
    {
      ...LIST,
      name: "patient_list_foldwise.txt",
      addresses: [`${RESPIRENET}/patient_list_foldwise.txt`, `${PATCH_MIX}/patient_list_foldwise.txt`],
      approximateBytes: 755,
      required: false,
      saveAs: "patient_list_foldwise.txt",
      problem: rows("patient and fold, 0 to 4", 126, /^\d{3}\s+[0-4]$/),
    },
    {
      kind: "archive",
      name: "ICBHI_final_database.zip",
      addresses: [`${SITE}/ICBHI_final_database.zip`, DATAVERSE_COPY],
      approximateBytes: 1_978_998_275,
      maxBytes: 4096 * MEBIBYTE,
      parts: ["recordings"],
      // The longest recording, 90 s at 44.1 kHz in 32 bits, has 16 MB.
      maxEntryBytes: 64 * MEBIBYTE,
      maxUnpackedBytes: 8192 * MEBIBYTE,
      place: (entryPath) => {
        const [, stem, ending] = /(?:^|\/)([^/]+)\.(wav|txt)$/.exec(entryPath) ?? [];
        if (stem === undefined || !parseIcbhiName(stem)) return undefined;
        return { part: "recordings", path: `ICBHI_final_database/${stem}.${ending}` };
      },
    },
  ],
  expected: [{ part: "recordings", folder: "ICBHI_final_database", counts: { ".wav": 920, ".txt": 920 } }],
};

/** A check that a list has so many lines of one form; blank lines, line ends and the order of lines are free. */
function rows(form: string, count: number | readonly number[], line: RegExp, head?: RegExp): SourceList["problem"] {
  const counts = typeof count === "number" ? [count] : count;
  return (text) => {
    const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
    const full = lines.map((content, index) => ({ content: content.trim(), index })).filter(({ content }) => content);
    if (head && full[0] && head.test(full[0].content)) full.shift();
    const odd = full.find(({ content }) => !line.test(content));
    if (odd) return `line ${odd.index + 1} is ${JSON.stringify(odd.content.slice(0, 60))}; each line should be ${form}`;
    if (!counts.includes(full.length))
      return `has ${full.length} lines of ${form}; there should be ${counts.join(" or ")}`;
    return undefined;
  };
}
