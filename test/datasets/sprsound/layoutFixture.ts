import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { encodeWav } from "../../../src/audio/encodeWav.js";

export interface MadeUpFile {
  set: "train2022" | "inter2022" | "intra2022" | "test2023";
  name: string;
  /** Annotation: a record label with events as [type, startMs, endMs], or the text of the file, or none. */
  json?: { record: string; events: [string, number, number][] } | string;
  /** Length of the recording, or the bytes of the file, or none. */
  wav?: number | Uint8Array;
}

const JSON_FOLDER = {
  train2022: "BioCAS2022/train2022_json",
  inter2022: "BioCAS2022/test2022_json/inter_test_json",
  intra2022: "BioCAS2022/test2022_json/intra_test_json",
  test2023: "BioCAS2023/test2023_json",
};
const WAV_FOLDER = {
  train2022: "BioCAS2022/train2022_wav",
  inter2022: "BioCAS2022/test2022_wav",
  intra2022: "BioCAS2022/test2022_wav",
  test2023: "BioCAS2023/test2023_wav",
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder, removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-datasets-"));
  folders.push(folder);
  return folder;
}

/** Writes a data set in SPRSound's layout; returns the folder that holds `sprsound/`. */
export function writeLayout(files: readonly MadeUpFile[], root = "sprsound"): string {
  const folder = temporaryFolder();
  files.forEach(({ set, name, json, wav }, index) => {
    const put = (place: string, content: string | Uint8Array) => {
      const file = path.join(folder, root, place);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    };
    if (typeof json === "string") put(`${JSON_FOLDER[set]}/${name}.json`, json);
    else if (json) {
      const events = json.events.map(([type, start, end]) => ({ start: `${start}`, end: `${end}`, type }));
      const text = JSON.stringify({ record_annotation: json.record, event_annotation: events });
      put(`${JSON_FOLDER[set]}/${name}.json`, text);
    }
    const variant = Number(/\d+$/.exec(name)?.[0] ?? index);
    if (typeof wav === "number") put(`${WAV_FOLDER[set]}/${name}.wav`, sound(wav, variant));
    else if (wav) put(`${WAV_FOLDER[set]}/${name}.wav`, wav);
  });
  return folder;
}

/** A made-up WAV file at 8 kHz; another `variant` is another sound. */
export function sound(seconds: number, variant: number, sampleRateHz = 8000): Uint8Array {
  const samples = new Float32Array(Math.round(seconds * sampleRateHz));
  return encodeWav(
    samples.map((_, i) => 0.5 * Math.sin(0.01 * (variant + 1) * i)),
    sampleRateHz,
  );
}

/** A data set without a fault: two training patients, one unseen patient in inter, one known in intra. */
export function soundLayout(): Required<MadeUpFile>[] {
  return [
    {
      set: "train2022",
      name: "11_4.5_0_p1_1",
      json: {
        record: "CAS",
        events: [
          ["Wheeze", 200, 1000],
          ["Normal", 1000, 1900],
        ],
      },
      wav: 9.216,
    },
    { set: "train2022", name: "12_0.5_1_p4_2", json: { record: "Normal", events: [["Normal", 0, 700]] }, wav: 15.36 },
    { set: "train2022", name: "12_0.5_1_p4_3", json: { record: "Poor Quality", events: [] }, wav: 9.216 },
    {
      set: "inter2022",
      name: "21_7.0_0_p2_4",
      json: { record: "DAS", events: [["Fine Crackle", 10, 900]] },
      wav: 9.216,
    },
    {
      set: "intra2022",
      name: "11_4.6_0_p3_5",
      json: { record: "CAS & DAS", events: [["Wheeze & Crackle", 50, 950]] },
      wav: 9.216,
    },
  ];
}
