import path from "node:path";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { projectRoot } from "../../node/paths.js";
import type { ExperimentEntry } from "../entry.js";
import { COUNTS_FORMAT, type CountsFile, countsFile } from "./committedCounts.js";
import { countEntries } from "./countEntry.js";
import type { CountedEntry } from "./countedEntry.js";

/**
 * Counts the given data set tables and writes what was counted from whole annotations, for a commit. Answers the files, relative to the
 * project; a table of which nothing could be counted here has none.
 */
export function exportCounts(entries: readonly ExperimentEntry[], dataDir: string): string[] {
  return countEntries(entries, dataDir).flatMap((counted) => {
    const content = contentOf(counted);
    if (content.cells.length === 0) return [];
    const file = countsFile(counted.id);
    writeFileAtomic(file, lineByLine(content));
    return [path.relative(projectRoot(), file)];
  });
}

function contentOf({ id, cells, datasets }: CountedEntry): CountsFile {
  return {
    format: COUNTS_FORMAT,
    experiment: id,
    datasets: datasets
      .filter(({ from, madeUp }) => from === "annotations" && !madeUp)
      .map(({ name, recordings, annotationsDigest }) => ({ name, recordings, annotationsDigest })),
    cells: cells.flatMap(({ row, column, printed, query, counted, from, outcome, flag }) => {
      if (from !== "annotations" || outcome === "made up" || !query) return [];
      return [{ row, column, query, printed, counted, ...(flag && { flag: { kind: flag.kind, says: flag.says } }) }];
    }),
  };
}

/** JSON with a line for each cell, so that a difference between commits can be read. */
function lineByLine({ format, experiment, datasets, cells }: CountsFile): string {
  const list = (items: readonly unknown[]) => `[\n  ${items.map((item) => JSON.stringify(item)).join(",\n  ")}\n ]`;
  return `{\n "format": ${format},\n "experiment": ${JSON.stringify(experiment)},\n "datasets": ${list(datasets)},\n "cells": ${list(cells)}\n}\n`;
}
