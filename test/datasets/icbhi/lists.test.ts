import { describe, expect, it } from "vitest";
import { parseCorrections } from "../../../src/datasets/icbhi/corrections.js";
import { parseDemographics } from "../../../src/datasets/icbhi/demographics.js";
import { parseDiagnoses } from "../../../src/datasets/icbhi/diagnoses.js";
import { parseIcbhiName } from "../../../src/datasets/icbhi/fileName.js";
import { parseFoldList } from "../../../src/datasets/icbhi/foldList.js";
import { parseSplitList } from "../../../src/datasets/icbhi/splitList.js";

const told = (problems: readonly { line?: number; what: string; severity: string }[]) =>
  problems.map(({ line, what, severity }) => `${severity} ${line ?? "-"}: ${what}`);

describe("parseIcbhiName", () => {
  it("reads patient, recording, location, mode and device", () => {
    expect(parseIcbhiName("226_1b1_Pl_sc_LittC2SE")).toEqual({
      patient: "226",
      recordingIndex: "1b1",
      chestLocation: "Pl",
      mode: "sc",
      device: "LittC2SE",
    });
  });
  it.each([
    "226_1b1_Pl_sc",
    "226_1b1_Xx_sc_Meditron",
    "226_1b1_Pl_xx_Meditron",
    "226_1b1_Pl_sc_Meditrom",
    "",
    "22_1b1_Pl_sc_Meditron",
  ])("does not read %j", (name) => expect(parseIcbhiName(name)).toBeUndefined());
});

describe("parseSplitList", () => {
  it("reads sides and lines", () => {
    const { sides, problems } = parseSplitList("101_1b1_Al_sc_Meditron\ttest\r\n102_1b1_Ar_sc_Meditron\ttrain\r\n");
    expect([...sides]).toEqual([
      ["101_1b1_Al_sc_Meditron", { side: "test", line: 1 }],
      ["102_1b1_Ar_sc_Meditron", { side: "train", line: 2 }],
    ]);
    expect(told(problems)).toEqual(["note 1: lines end with a carriage return"]);
  });
  it("refuses a recording named twice, on one side or on both", () => {
    expect(told(parseSplitList("a\ttrain\nb\ttest\na\ttrain\nb\ttrain\n").problems)).toEqual([
      "error 3: names a, as line 1 does",
      "error 4: names b, as line 2 does, there as test, here as train",
    ]);
  });
  it("refuses other sides and other forms", () => {
    expect(told(parseSplitList("a\tvalidation\nb\nc\ttrain\textra\n").problems)).toEqual([
      'error 1: is "a\\tvalidation"; expected a recording and "train" or "test"',
      'error 2: is "b"; expected a recording and "train" or "test"',
      'error 3: is "c\\ttrain\\textra"; expected a recording and "train" or "test"',
    ]);
  });
});

describe("parseFoldList", () => {
  const all = "101 0\n102 1\n103 2\n104 3\n105 4\n";
  it("reads patients and folds", () => {
    const { folds, problems } = parseFoldList(all);
    expect(problems).toEqual([]);
    expect(folds.get("104")).toEqual({ fold: 3, line: 4 });
  });
  it("refuses a patient in two folds, since the folds leak", () => {
    expect(told(parseFoldList(`${all}102 4\n`).problems)).toEqual([
      "error 6: puts patient 102 into fold 4, line 2 into fold 1: the folds leak",
    ]);
  });
  it("refuses other folds, other forms and an empty fold", () => {
    expect(told(parseFoldList("101 5\n1012 1\n").problems)).toEqual([
      'error 1: is "101 5"; expected a patient (three digits) and a fold, 0 to 4',
      'error 2: is "1012 1"; expected a patient (three digits) and a fold, 0 to 4',
      "error -: has no patient in fold 0, 1, 2, 3, 4",
    ]);
  });
});

describe("parseCorrections", () => {
  it("gives each wrong name its right one", () => {
    const { names, problems } = parseCorrections("'101_1b1_Al_sc_AKGC417L'\n'105_1b1_Tc_sc_LittC2SE'\n\"oops\"\n");
    expect(Object.fromEntries(names)).toEqual({
      "101_1b1_Al_sc_AKGC417L": "101_1b1_Al_sc_Meditron",
      "105_1b1_Tc_sc_LittC2SE": "105_1b1_Tc_sc_Meditron",
    });
    expect(told(problems)).toEqual(['warning 3: is "\\"oops\\""; expected the name of a recording']);
  });
});

describe("parseDemographics", () => {
  it("reads what is known", () => {
    const { patients, problems } = parseDemographics("101 3 F NA 19 99\n103 70 M 33 NA NA\n223 NA NA NA NA NA\n");
    expect(problems).toEqual([]);
    expect(Object.fromEntries(patients)).toEqual({
      101: { ageYears: 3, sex: "female", weightKg: 19, heightCm: 99 },
      103: { ageYears: 70, sex: "male", bmi: 33 },
      223: {},
    });
  });
  it("warns of ages that nobody has and of what it cannot read", () => {
    expect(told(parseDemographics("101 300 F NA 19 99\n102 x F NA 1 99\n103 4 D NA 5 99\n104 1 F\n").problems)).toEqual(
      [
        "warning 1: ageYears of patient 101 is 300; 0 to 110 would be plausible",
        'warning 2: ageYears is "x"; expected a number or NA',
        'warning 3: sex is "D"; expected F, M or NA',
        'warning 4: is "104 1 F"; expected patient, age, sex, BMI, weight, height',
      ],
    );
  });
});

describe("parseDiagnoses", () => {
  it("reads commas and tabs, with and without a heading", () => {
    const expected = { 101: "URTI", 102: "Healthy" };
    expect(Object.fromEntries(parseDiagnoses("ID,CLASS\n101,URTI\n102,Healthy\n").patients)).toEqual(expected);
    expect(Object.fromEntries(parseDiagnoses("101\tURTI\n102\tHealthy\n").patients)).toEqual(expected);
  });
  it("warns of unknown diagnoses and patients named twice", () => {
    expect(told(parseDiagnoses("101,Flu\n102,COPD\n102,URTI\n").problems)).toEqual([
      'warning 1: is "101,Flu"; expected a patient and one of Asthma, Bronchiectasis, Bronchiolitis, COPD, Healthy, LRTI, Pneumonia, URTI',
      "warning 3: names patient 102 again, before as COPD",
    ]);
  });
});
