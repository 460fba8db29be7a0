import { describe, expect, test } from "vitest";
import { type ModelIdentity, NO_DEVICE, type RecordingResults } from "../../src/web/listening/results.js";
import { csvField, resultsCsv } from "../../src/web/listening/resultsCsv.js";
import { resultsJson } from "../../src/web/listening/resultsJson.js";

const model: ModelIdentity = {
  ...{ run: "run-1", experiment: "made-up", row: "tiny", task: "icbhi/4-class", version: "0.1.0" },
  ...{ labels: ["Normal", "Crackle", "Wheeze", "Both"], outputs: ["Crackle", "Wheeze, high"] },
  ...{ calibrated: false, temperature: null, inputDigest: "d", data: "made-up", madeUp: true, protocol: "honest" },
};
const recording: RecordingResults = {
  ...{
    name: '=1+1,"x"\n.wav',
    source: "file",
    sampleRateHz: 8000,
    seconds: 4,
    hopSeconds: 1,
    precision: "int8",
    complete: true,
    notes: [],
  },
  results: [
    {
      kind: "cycle",
      startSeconds: 0.5,
      endSeconds: 2.25,
      cut: "annotated",
      annotated: "Both",
      label: "Wheeze",
      probabilities: [1 / 3, 1e-9],
      silent: false,
    },
  ],
};

/** RFC 4180, letter by letter. */
function parsedCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (let i = 0, field = "", quoted = false; i <= text.length; i++) {
    const sign = text[i];
    if (quoted && sign === '"' && text[i + 1] === '"') field += text[++i];
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === "," || sign === undefined || (sign === "\r" && text[i + 1] === "\n"))) {
      rows.at(-1)!.push(field);
      field = "";
      if (sign === "\r") {
        i++;
        rows.push([]);
      }
    } else field += sign;
  }
  return rows.slice(0, -1);
}

describe("resultsCsv", () => {
  test("comes back from a parser of CSV, with a name that is no formula any more", () => {
    const [head, row, ...rest] = parsedCsv(resultsCsv(model, [recording]));
    expect(rest).toEqual([]);
    const read = Object.fromEntries(head!.map((name, i) => [name, row![i]]));
    expect(read).toEqual({
      ...{ recording: `'=1+1,"x"\n.wav`, source: "file", kind: "cycle", start_seconds: "0.500", end_seconds: "2.250" },
      ...{
        cut: "annotated",
        annotated: "Both",
        label: "Wheeze",
        probability_Crackle: "0.333333",
        "probability_Wheeze, high": "0.000000",
      },
      ...{ silent: "false", calibrated: "false", precision: "int8", run: "run-1" },
    });
  });

  test.each([
    ["plain.wav", "plain.wav"],
    ["-1.5", "-1.5"],
    ["-1+cmd", "'-1+cmd"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\tx"],
    ['a"b', '"a""b"'],
    ["a\rb", '"a\rb"'],
  ])("a field %j is written %j", (text, written) => expect(csvField(text)).toBe(written));
});

describe("resultsJson", () => {
  test("says what the model is, that it is no device, and probabilities by name", () => {
    const read = JSON.parse(resultsJson(model, [recording], new Date("2026-01-02T03:04:05Z")));
    expect(read).toMatchObject({
      format: 1,
      notice: NO_DEVICE,
      madeAt: "2026-01-02T03:04:05.000Z",
      model: { calibrated: false, madeUp: true },
    });
    expect(read.recordings[0]).toMatchObject({
      name: recording.name,
      precision: "int8",
      hopSeconds: 1,
      complete: true,
    });
    expect(read.recordings[0].results[0].probabilities).toEqual({ Crackle: 1 / 3, "Wheeze, high": 1e-9 });
  });
});
