/**
 * Refuses notebooks that carry what a run left behind (outputs may hold recordings), or a path of one machine. Needs nothing but Node;
 * part of `npm run check`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** A folder of one machine: /home/..., /tmp/..., C:\...; not an address, and not a path below something. */
const absolutePath =
  /(?<![\w.$}:/])(?:\/(?:home|Users|root|tmp|mnt|media|data|work|var|opt|srv|scratch|kaggle|content)\/[^\s"'`)\\]+|[A-Za-z]:\\[^\s"'`)]+)/;

/** What is wrong with the notebooks of a folder, one sentence each. */
export function checkNotebooks(folder) {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".ipynb") && !name.includes(".ipynb_checkpoints"))
    .sort()
    .flatMap((name) => {
      const file = path.join(folder, name);
      try {
        const notebook = JSON.parse(readFileSync(file, "utf8"));
        return [...leftovers(notebook), ...paths(notebook)].map((problem) => `${file}: ${problem}`);
      } catch (error) {
        return [`${file} is not a notebook: ${error.message}`];
      }
    });
}

function leftovers({ cells, metadata }) {
  const count = (has) => cells.filter(has).length;
  const found = [
    [count((cell) => (cell.outputs ?? []).length > 0), "outputs"],
    [count((cell) => (cell.execution_count ?? null) !== null), "execution counts"],
    [count((cell) => Object.keys(cell.metadata ?? {}).some((key) => key !== "tags")), "marks of a front end"],
  ]
    .filter(([cellCount]) => cellCount > 0)
    .map(([cellCount, what]) => `${what} in ${cellCount} ${cellCount === 1 ? "cell" : "cells"}`);
  const more = Object.keys(metadata ?? {}).filter((key) => key !== "kernelspec" && key !== "language_info");
  if (more.length > 0) found.push(`${more.join(", ")} in its metadata`);
  return found.length === 0 ? [] : [`${found.join(", ")}. Remove them: npx auscult notebook strip`];
}

function paths({ cells }) {
  return cells.flatMap(({ id, source }) => {
    const found = absolutePath.exec([source].flat().join(""));
    if (!found) return [];
    return [
      `cell "${id}" names ${found[0]}, a place of one machine. Let data be found through AUSCULT_DATA, or make it a parameter`,
    ];
  });
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? fileURLToPath(new URL("../notebooks", import.meta.url));
  const problems = existsSync(folder) ? checkNotebooks(folder) : [];
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
