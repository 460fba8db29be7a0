import { expect, test } from "vitest";
import { runTables } from "../../../src/suite/recording/runTables.js";
import { madeUpRecord } from "../madeUpRecord.js";

/** Counted by hand: 10 Normal of which 6 are right, 5 Wheeze of which 4 are right, no Stridor. */
const labels = ["Normal", "Wheeze", "Stridor"];
const matrix = (counts: number[][]) => ({ labels, counts });
const confusion = matrix([[6, 3, 1], [1, 4, 0], [0, 0, 0]]); // biome-ignore format: one line

function tables() {
  const record = madeUpRecord({ reduced: "reduced budget: 1 epoch", split: { leaks: ["1 patient is in both."] } });
  const test = {
    ...record.result.tests.inter!,
    confusion,
    byPatient: [
      { patient: "p1", matrix: matrix([[6, 2, 0], [0, 0, 0], [0, 0, 0]]) }, // biome-ignore format: one line
      { patient: "p2", matrix: matrix([[0, 1, 1], [1, 4, 0], [0, 0, 0]]) }, // biome-ignore format: one line
    ],
    byDevice: [{ device: "Meditron", matrix: confusion }],
  };
  record.result.tests = { inter: test };
  record.result.counts = { train: { Normal: 7, Wheeze: 2, Stridor: 1 }, select: { Normal: 3, Wheeze: 1, Stridor: 0 } };
  record.result.history = [
    { epoch: 1, seconds: 2.00049, metrics: { "train/loss": 0.7, "select/score": 0.6 } },
    { epoch: 2, seconds: 3, metrics: { "train/loss": 0.5, "select/score": Number.NaN, "select/auc": 0.5 } },
  ];
  return Object.fromEntries(runTables(record).map(({ name, csv }) => [name, csv.trimEnd().split("\n")]));
}

test("the tables of a run: counts and shares by class, patient and device, scores, epochs, examples", () => {
  const all = tables();
  expect(Object.keys(all).sort()).toEqual([
    ...["confusion-inter", "epochs", "examples", "per-class-inter", "per-device-inter", "per-patient-inter", "scores"],
  ]);
  expect(all["confusion-inter"]).toEqual([
    "true class,items,as Normal,as Wheeze,as Stridor,share as Normal,share as Wheeze,share as Stridor",
    "Normal,10,6,3,1,0.6,0.3,0.1",
    "Wheeze,5,1,4,0,0.2,0.8,0",
    // No items: no shares, rather than zeros.
    "Stridor,0,0,0,0,,,",
  ]);
  // Precision 6/7 and 4/7, recall 6/10 and 4/5, F1 12/17 and 8/12; means over the two that have items.
  expect(all["per-class-inter"]).toEqual([
    "class,items,precision,recall,F1",
    "Normal,10,0.8571,0.6,0.7059",
    "Wheeze,5,0.5714,0.8,0.6667",
    "Stridor,0,,,",
    "mean of the classes that have items,,0.7143,0.7,0.6863",
  ]);
  expect(all["per-patient-inter"]).toEqual([
    "patient,items,right,share right,Normal items,Normal right,Wheeze items,Wheeze right,Stridor items,Stridor right",
    "p1,8,6,0.75,8,6,0,0,0,0",
    "p2,7,4,0.5714,2,0,5,4,0,0",
  ]);
  expect(all["per-device-inter"]![1]).toBe("Meditron,15,10,0.6667,10,6,5,4,0,0");
  expect(all.examples).toEqual(["class,train,select,test inter", "Normal,7,3,10", "Wheeze,2,1,5", "Stridor,1,0,0"]);
  expect(all.epochs).toEqual(["epoch,seconds,train/loss,select/score,select/auc", "1,2,0.7,0.6,", "2,3,0.5,,0.5"]);
  expect(all.scores).toEqual([
    "set,items,patients,Score,Score low,Score high,SE,SE low,SE high,SP,SP low,SP high,AS,HS,AUC,loss (nats),to be said",
    "inter,15,2,0.7,0.68,0.72,0.8,0.68,0.72,0.6,0.68,0.72,0.7,0.69,0.75,0.6,reduced budget; leaking split",
    "mean of inter and intra,,,0.7,0.68,0.72,0.8,0.68,0.72,0.6,0.68,0.72,0.7,0.69,,,reduced budget; leaking split",
  ]);
});
