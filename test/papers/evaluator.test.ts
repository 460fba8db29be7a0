import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type Example, type Role, SealedTestSet } from "../../src/datasets/roles.js";
import { assessIcbhi, type IcbhiAssessment } from "../../src/evaluation/icbhiAssessment.js";
import { type Evaluated, Evaluator } from "../../src/papers/evaluator.js";
import { TestOpenings } from "../../src/papers/testOpenings.js";
import { Streams } from "../../src/random/streams.js";
import { tf } from "../../src/tensorflow.js";

const LABELS = ["Normal", "Crackle", "Wheeze", "Both"];

/** The network passes its input on; a cycle's input is the class after the "#" of its id. */
function example<R extends Role>(role: R, truth: number, decided: number, patient: string): Example<R> {
  const id = `${role}${patient}${truth}#${decided}`;
  const className = LABELS[truth]!;
  return { ...{ id, recording: patient, file: "", role, patient, label: truth, className, set: "icbhi" } };
}

function evaluator(published: boolean, select: Example<"select">[], more: Partial<Evaluated<IcbhiAssessment>> = {}) {
  const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [1, 4, 1] })] });
  const test = [
    ...[example("test", 0, 0, "a"), example("test", 0, 1, "b")],
    ...[example("test", 1, 1, "a"), example("test", 2, 1, "b"), example("test", 3, 3, "c"), example("test", 3, 0, "d")],
  ];
  const openings = new TestOpenings(path.join(mkdtempSync(path.join(tmpdir(), "auscult-icbhi-")), "openings.jsonl"));
  const made = new Evaluator(
    {
      ...{ inputShape: [1, 4, 1], labels: LABELS, epochs: 3, published, select, assess: assessIcbhi },
      tests: { test: new SealedTestSet("icbhi/test", test) },
      chooseBy: published ? "test" : "select",
      writeInput: ({ id }, _, out, offset) => {
        out[offset + Number(id.split("#")[1])] = 5;
      },
      ...more,
    },
    { model, openings, signal: new AbortController().signal, onItems: () => {} },
  );
  return { made, openings };
}

describe("Evaluator", () => {
  it("chooses by the test set under published, and keeps each opening", async () => {
    const { made, openings } = evaluator(true, []);
    const { metrics, selection } = await made.afterEpoch(2);
    // One of two normal cycles right; a crackle and one of two "Both" of four abnormal ones.
    expect([metrics["test/sp"], metrics["test/se"], metrics["test/score"]]).toEqual([0.5, 0.5, 0.5]);
    expect(selection).toBe(0.5);
    expect(Object.keys(metrics).filter((name) => name.startsWith("select"))).toEqual([]);
    expect(openings.all()).toEqual([{ set: "icbhi/test", purpose: "epoch 2, as published", count: 6 }]);
    expect(await made.atEnd(2, { draws: 50, streams: new Streams(0) })).not.toHaveProperty("calibration");
  });

  it("chooses by the select role under honest, and opens the test set at the end alone", async () => {
    const select = [example("select", 0, 0, "x"), example("select", 1, 2, "x"), example("select", 2, 2, "y")];
    const { made, openings } = evaluator(false, select);
    const { metrics, selection } = await made.afterEpoch(1);
    expect([metrics["select/sp"], metrics["select/se"], selection]).toEqual([1, 0.5, 0.75]);
    expect(openings.all()).toEqual([]);
    const { tests, calibration } = await made.atEnd(1, { draws: 50, streams: new Streams(0) });
    const onTest = tests.test!;
    expect(onTest.scores).toMatchObject({ sp: 0.5, se: 0.5, collapsedSe: 0.75, collapsedScore: 0.625 });
    expect(onTest.confusion.counts).toEqual([[1, 1, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0], [1, 0, 0, 1]]); // biome-ignore format: one line
    expect(onTest.intervals!.score.low).toBeLessThanOrEqual(0.5);
    expect(openings.all()).toHaveLength(1);
    // Two of three right at logits (5, 0, 0, 0): as sure as right where e^(5 / T) is 6.
    expect(calibration!.temperature).toBeCloseTo(5 / Math.log(6), 5);
    expect(calibration!.select.after.ece).toBeCloseTo(0, 5);
    expect(Object.keys(calibration!.tests)).toEqual(["test"]);
  });

  it("counts each item of the select role as often as it was drawn, and assesses the training role as well", async () => {
    const select = [example("select", 0, 0, "x"), example("select", 1, 0, "x"), example("select", 2, 2, "y")];
    const train = [example("train", 0, 1, "z"), example("train", 1, 1, "z")];
    const draw = (examples: readonly unknown[]) =>
      examples.length === 3 ? Int32Array.from([0, 1, 2, 2, 2]) : Int32Array.from([0, 1, 1]);
    const { made } = evaluator(true, select, { chooseBy: "select", train, draw });
    const { metrics, selection } = await made.afterEpoch(1);
    expect([metrics["select/sp"], metrics["select/se"], selection]).toEqual([1, 0.75, 0.875]);
    expect(metrics["test/score"]).toBe(0.5);
    const { roles } = await made.atEnd(1, { draws: 50, streams: new Streams(0) });
    expect(roles.select!.scores).toMatchObject({ sp: 1, se: 0.75 });
    expect(roles.train!.scores).toMatchObject({ sp: 0, se: 1 });
    expect(roles.train!.examples).toBe(3);
  });

  it("puts an epoch without a Score below all others, and refuses examples of another role", async () => {
    const { made } = evaluator(false, [example("select", 0, 0, "x")]);
    expect((await made.afterEpoch(1)).selection).toBe(-1);
    expect(() => evaluator(false, [example("train", 0, 0, "x") as never])).toThrow('has role "train"; only "select"');
    expect(() => evaluator(false, [example("test", 0, 0, "x") as never])).toThrow('has role "test"; only "select"');
    expect(() => evaluator(false, [], { chooseBy: "test" })).toThrow("under honest no epoch is chosen by a test set");
    expect(() => evaluator(false, [])).toThrow("there is no select example to choose by");
  });
});
