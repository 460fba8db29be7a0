import { describe, expect, it } from "vitest";
import { AnnotationError, parseSprSoundAnnotation } from "../../../src/datasets/sprsound/annotation.js";
import { parseSprSoundName } from "../../../src/datasets/sprsound/fileName.js";
import { recordLabelFromEvents } from "../../../src/datasets/sprsound/labels.js";

const event = (fields: object) =>
  JSON.stringify({
    record_annotation: "CAS",
    event_annotation: [{ start: "100", end: "900", type: "Wheeze", ...fields }],
  });

describe("parseSprSoundAnnotation", () => {
  it("reads the released spelling and the front page's alike", () => {
    const released = parseSprSoundAnnotation(
      '{"record_annotation": "CAS", "event_annotation": [{"start": "1180", "end": "2044", "type": "Wheeze"}]}',
    );
    const frontPage = parseSprSoundAnnotation(
      '{"recording_annotation": "CAS", "event_annotation": [{"start": 1180, "end": 2044, "type": "Wheeze"}]}',
    );
    const events = [{ type: "Wheeze", startSeconds: 1.18, endSeconds: 2.044 }];
    expect(released).toEqual({ recordLabel: "CAS", events });
    expect(frontPage).toEqual(released);
    expect(parseSprSoundAnnotation(`\ufeff{"record_annotation": "Poor Quality", "event_annotation": []}`)).toEqual({
      recordLabel: "Poor Quality",
      events: [],
    });
  });

  it.each(["Wheeze+Crackle", "Wheeze & Crackle", "Wheeze&Crackle"])("takes %s for the mixed type", (type) => {
    expect(parseSprSoundAnnotation(event({ type })).events[0]!.type).toBe("Wheeze+Crackle");
  });

  it.each([
    ["", "is empty; expected a JSON object"],
    ["  \n", "is empty"],
    ['{"record_annotation": "CAS",', "is not valid JSON"],
    ["null", "holds null where an object was expected"],
    ["[1]", "holds [1] where an object was expected"],
    ["{}", 'has neither "record_annotation" nor "recording_annotation"'],
    ['{"record_annotation": "cas"}', 'record_annotation is "cas"; expected one of "Normal", "CAS", "DAS"'],
    ['{"recording_annotation": 3}', "recording_annotation is 3; expected one of"],
    ['{"record_annotation": "CAS"}', "event_annotation is missing; expected a list of {start, end, type}"],
    ['{"record_annotation": "CAS", "event_annotation": {}}', "event_annotation is {}; expected a list"],
    [
      '{"record_annotation": "CAS", "event_annotation": ["Wheeze"]}',
      'event 1 is "Wheeze"; expected {start, end, type}',
    ],
    [event({ type: "Whistle" }), 'event 1: type is "Whistle"; expected one of "Normal", "Rhonchi"'],
    [event({ type: undefined }), "event 1: type is missing"],
    [event({ start: "" }), 'event 1: start is ""; expected milliseconds, 0 or more'],
    [event({ start: "-5" }), 'event 1: start is "-5"; expected milliseconds'],
    [event({ start: "0x10" }), 'event 1: start is "0x10"; expected milliseconds'],
    [event({ start: null }), "event 1: start is null; expected milliseconds"],
    [event({ end: true }), "event 1: end is true; expected milliseconds"],
    [event({ end: "1e3" }), 'event 1: end is "1e3"; expected milliseconds'],
    [event({ start: "900", end: "100" }), "event 1: ends at 100 ms, not after its start at 900 ms"],
    [event({ start: "900", end: "900" }), "event 1: ends at 900 ms, not after its start at 900 ms"],
  ])("refuses %j", (text, message) => {
    expect(() => parseSprSoundAnnotation(text)).toThrow(AnnotationError);
    expect(() => parseSprSoundAnnotation(text)).toThrow(message);
  });

  it("knows the line of a JSON error", () => {
    const noComma = '{\n  "record_annotation": "CAS",\n  "other": 1\n  "event_annotation": []\n}';
    expect(() => parseSprSoundAnnotation(noComma)).toThrow(expect.objectContaining({ line: 4 }));
    const cut = '{\n  "record_annotation": "CAS",\n';
    expect(() => parseSprSoundAnnotation(cut)).toThrow(expect.objectContaining({ line: 3 }));
  });
});

describe("parseSprSoundName", () => {
  it("reads patient, age, gender, location and number", () => {
    expect(parseSprSoundName("12345678_4.5_0_p1_27")).toEqual({
      patient: "12345678",
      ageYears: 4.5,
      gender: "male",
      location: "p1",
      recordingNumber: 27,
    });
    expect(parseSprSoundName("1_12_1_p8_3")).toMatchObject({ ageYears: 12, gender: "female", location: "p8" });
  });

  it.each(["12345678_4.5_0_p1", "12345678_4.5_2_p1_27", "12345678_4.5_0_p9_27", "a_4.5_0_p1_27", "1_-1_0_p1_27", ""])(
    "does not take %j",
    (name) => expect(parseSprSoundName(name)).toBeUndefined(),
  );
});

describe("recordLabelFromEvents", () => {
  it.each([
    [[], "Poor Quality"],
    [["Normal", "Normal"], "Normal"],
    [["Normal", "Rhonchi"], "CAS"],
    [["Wheeze", "Stridor"], "CAS"],
    [["Coarse Crackle"], "DAS"],
    [["Normal", "Fine Crackle"], "DAS"],
    [["Wheeze", "Fine Crackle"], "CAS & DAS"],
    [["Wheeze+Crackle"], "CAS & DAS"],
  ] as const)("%j make %s", (types, label) => expect(recordLabelFromEvents(types)).toBe(label));
});
