import type { FetchSource } from "./source.js";

/**
 * The publisher's repository is the release. A fixed commit keeps the content; the branch is asked for where that commit is gone. GitHub
 * packs the archive when asked: it states no length and does not resume, so that a broken download begins again.
 */
const REPOSITORY = "https://github.com/SJTU-YONGFU-RESEARCH-GRP/SPRSound";
const ARCHIVES = [
  "https://codeload.github.com/SJTU-YONGFU-RESEARCH-GRP/SPRSound/zip/bca1e51422a42a042441010081519610ef3845d0",
  "https://codeload.github.com/SJTU-YONGFU-RESEARCH-GRP/SPRSound/zip/refs/heads/main",
];

const MEBIBYTE = 2 ** 20;

/** Year and folder of the release, by the name of the folder that a file lies in. The archive may nest these anywhere. */
const FOLDERS: readonly { part: string; place: string; pattern: RegExp }[] = [
  { part: "2022", place: "BioCAS2022/train2022_wav", pattern: /(?:^|\/)train2022_wav\/([^/]+\.wav)$/ },
  { part: "2022", place: "BioCAS2022/train2022_json", pattern: /(?:^|\/)train2022_json\/([^/]+\.json)$/ },
  { part: "2022", place: "BioCAS2022/test2022_wav", pattern: /(?:^|\/)test2022_wav\/([^/]+\.wav)$/ },
  {
    part: "2022",
    place: "BioCAS2022/test2022_json",
    pattern: /(?:^|\/)test2022_json\/((?:inter|intra)_test_json\/[^/]+\.json)$/,
  },
  { part: "2023", place: "BioCAS2023/test2023_wav", pattern: /(?:^|\/)test2023_wav\/([^/]+\.wav)$/ },
  { part: "2023", place: "BioCAS2023/test2023_json", pattern: /(?:^|\/)test2023_json\/([^/]+\.json)$/ },
];

/**
 * SPRSound, the sets of 2022 and the test set of 2023. The publisher gives no digests. Those of the 2022 folders are of a copy known
 * to be byte-identical to the release:
 *
 *   cd BioCAS2022/train2022_wav
 *   find . -type f -printf '%P\n' | LC_ALL=C sort | while read -r p; do echo "$p $(sha256sum < "$p" | cut -d' ' -f1)"; done | sha256sum
 */
export const SPRSOUND_SOURCE: FetchSource = {
  name: "sprsound",
  title: "SPRSound, SJTU Paediatric Respiratory Sound Database (BioCAS 2022 and 2023)",
  home: REPOSITORY,
  terms: [
    "Published openly by Shanghai Jiao Tong University; the repository is marked as Creative Commons Attribution 4.0 (CC BY 4.0): use and sharing are free if the authors are named. Its LICENSE file is what counts.",
    "The recordings are of children in hospital; treat them as what they are.",
  ],
  citation: [
    "Q. Zhang et al., SPRSound: Open-Source SJTU Paediatric Respiratory Sound Database, IEEE Transactions on Biomedical Circuits and Systems 16(5), 867-881 (2022)",
    "Q. Zhang et al., Grand Challenge on Respiratory Sound Classification for SPRSound Dataset II, IEEE BioCAS (2023)",
  ],
  parts: { "2022": "training, inter and intra test sets", "2023": "the former blind test set" },
  files: [
    {
      kind: "archive",
      name: "SPRSound-main.zip",
      addresses: ARCHIVES,
      maxBytes: 16_384 * MEBIBYTE,
      parts: ["2022", "2023"],
      maxEntryBytes: 16 * MEBIBYTE,
      maxUnpackedBytes: 4096 * MEBIBYTE,
      place: (entryPath) => {
        for (const { part, place, pattern } of FOLDERS) {
          const name = pattern.exec(entryPath)?.[1];
          if (name !== undefined && !/(^|\/)\./.test(name)) return { part, path: `${place}/${name}` };
        }
        return undefined;
      },
    },
  ],
  expected: [
    {
      part: "2022",
      folder: "BioCAS2022/train2022_wav",
      counts: { ".wav": 1949 },
      digest: "55f7948f21f1a65d0604191d0be392b089e248ae4792b5b034cdd2b525861036",
    },
    {
      part: "2022",
      folder: "BioCAS2022/train2022_json",
      counts: { ".json": 1949 },
      digest: "b2edfa6c3ff67a0d4ea761a049f13ca1f9587c875a6aecfbdf725654abc20b4c",
    },
    {
      part: "2022",
      folder: "BioCAS2022/test2022_wav",
      counts: { ".wav": 734 },
      digest: "05e08a1f56a139e430de2714055e4d2408b73c5e2d464e4de01790ba774f5435",
    },
    {
      part: "2022",
      folder: "BioCAS2022/test2022_json",
      counts: { ".json": 734 },
      digest: "b3efb3696f464cb2c24441871c6e4034e8ef1f30ed3bdd7b98cb8652dd467247",
    },
    { part: "2023", folder: "BioCAS2023/test2023_wav", counts: { ".wav": 871 } },
    { part: "2023", folder: "BioCAS2023/test2023_json", counts: { ".json": 871 } },
  ],
};
