/** Refuses notebooks that carry outputs: they may hold recordings. Needs nothing but Node; part of `npm run check`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** What is wrong with the notebooks of a folder, one sentence each. */
export function checkNotebooks(folder) {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".ipynb") && !name.includes(".ipynb_checkpoints"));
  return files.sort().flatMap((name) => {
    const file = path.join(folder, name);
    let cells;
    try {
      cells = JSON.parse(readFileSync(file, "utf8")).cells.filter((cell) => cell.cell_type === "code");
    } catch (error) {
      return [`${file} is not a notebook: ${error.message}`];
    }
    const dirty = cells.filter((cell) => (cell.outputs ?? []).length > 0 || (cell.execution_count ?? null) !== null);
    if (dirty.length === 0) return [];
    return [
      `${file}: ${dirty.length} cells carry outputs or execution counts. Remove them: npx auscult notebook strip`,
    ];
  });
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? fileURLToPath(new URL("../notebooks", import.meta.url));
  const problems = existsSync(folder) ? checkNotebooks(folder) : [];
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
