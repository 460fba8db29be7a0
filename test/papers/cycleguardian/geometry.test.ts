import { describe, expect, test } from "vitest";
import {
  encoderUnits,
  flattened,
  groupCount,
  multiplyAddsPerGroup,
  PRINTED_SHAPES,
  parameterCounts,
} from "../../../src/papers/cycleguardian/geometry.js";

const { paper, authors } = PRINTED_SHAPES;

describe("groups in a map", () => {
  test("as printed, and for the sweep without overlap (papers.md 1.7, figure 11)", () => {
    expect(groupCount(paper)).toBe(41);
    expect(groupCount(authors)).toBe(45);
    const sweep = [2, 5, 10, 15, 20, 25];
    expect(sweep.map((width) => groupCount({ frames: 626, framesPerGroup: width, stride: width }))).toEqual([
      313, 125, 62, 41, 31, 25,
    ]);
  });

  test.each([
    [
      { frames: 19, framesPerGroup: 20, stride: 15 },
      "groups of 20 frames do not fit into a map of 19 frames; at most 19 would",
    ],
    [
      { frames: 1, framesPerGroup: 2, stride: 2 },
      "groups of 2 frames do not fit into a map of 1 frames; no group does: the smallest has 2",
    ],
    [{ frames: 626, framesPerGroup: 1, stride: 1 }, "framesPerGroup must be at least 2, got 1"],
    [{ frames: 626, framesPerGroup: 20, stride: 0 }, "stride must be a whole number of at least 1, got 0"],
    [{ frames: 626.5, framesPerGroup: 20, stride: 15 }, "frames must be a whole number of at least 1, got 626.5"],
  ])("refuses %o", (grouping, message) => {
    expect(() => groupCount(grouping)).toThrow(new RangeError(message));
  });
});

describe("sizes in the encoder", () => {
  const sizes = (framesPerGroup: number) =>
    encoderUnits({ rows: 84, channels: 3, framesPerGroup }).map(({ rows, frames }) => [rows, frames]);
  const strided = (framesPerGroup: number) => [1, 3, 4].map((i) => sizes(framesPerGroup)[i]![1]);

  test("as printed for 20 frames (papers.md 1.3)", () => {
    expect(sizes(20)).toEqual([
      [84, 20],
      [41, 9],
      [41, 9],
      [20, 4],
      [10, 2],
    ]);
    expect(flattened(encoderUnits(paper))).toBe(5120);
  });

  test("widths as printed from 7 frames on, kept below (papers.md 1.7, decision 21)", () => {
    expect([25, 22, 20, 15, 10, 7].map(strided)).toEqual([
      [12, 5, 3],
      [10, 4, 2],
      [9, 4, 2],
      [7, 3, 2],
      [4, 1, 1],
      [3, 1, 1],
    ]);
    expect([2, 3, 4, 5, 6].map(strided)).toEqual([2, 3, 4, 5, 6].map((width) => [width, width, width]));
    expect(sizes(2).map(([rows]) => rows)).toEqual([84, 41, 41, 20, 10]);
  });

  test("refuses what nothing would be left of", () => {
    expect(() => encoderUnits({ rows: 6, channels: 3, framesPerGroup: 20 })).toThrow(
      "a map must have at least 7 rows, got 6",
    );
    expect(() => encoderUnits({ rows: 84, channels: 3, framesPerGroup: 1 })).toThrow(
      "framesPerGroup must be at least 2",
    );
  });
});

test("multiply-adds of a group and of 41", () => {
  expect(multiplyAddsPerGroup(paper)).toBe(20_362_496);
  expect(multiplyAddsPerGroup(paper) * groupCount(paper)).toBe(834_862_336);
});

test("parameters are those of cycleguardian/params (papers.md 1.3)", () => {
  expect(parameterCounts(paper, { clusters: 5, classes: 4 })).toEqual({
    total: 6_725_556,
    breakdown: {
      gfeConv: 376_832,
      gfeLinear: 5_245_952,
      stateProjection: 787_200,
      autoencoder: 197_504,
      centres: 640,
      similarityMatrix: 16_384,
      groupFusion: 100_266,
      clusterFusion: 262,
      head: 516,
    },
    projectorNotCounted: 33_280,
  });
  // The authors' total has a gate fusion of 65,536 that is never used.
  expect(parameterCounts(authors, { clusters: 4, classes: 4 }).total).toBe(6_790_967 - 65_536);
});
