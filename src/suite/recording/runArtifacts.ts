import path from "node:path";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { caveatsOf } from "../caveats.js";
import { RESULT_FILE, type RunRecord } from "../runRecord.js";
import { runName, sentence } from "./runDescription.js";
import { writeRunFigures } from "./runFigures.js";
import { runTables } from "./runTables.js";

/** A file of a run's folder, and its folder among the artefacts of the tracker. */
export interface RunArtifact {
  file: string;
  folder?: string;
}

/**
 * Writes what people look at of a finished run below its folder: pictures, tables, and `README.md`, which says what is what. Answers
 * all its artefacts, `result.json` among them.
 */
export function writeRunArtifacts(folder: string, record: RunRecord): RunArtifact[] {
  const index: [string, string][] = [[RESULT_FILE, "everything that was kept of the run, as the report reads it"]];
  const artifacts: RunArtifact[] = [{ file: path.join(folder, RESULT_FILE) }];
  for (const { file, says } of writeRunFigures(folder, record)) {
    artifacts.push({ file, folder: "figures" });
    index.push([`figures/${path.basename(file)}`, says]);
  }
  for (const { name, says, csv } of runTables(record)) {
    const file = path.join(folder, "tables", `${name}.csv`);
    writeFileAtomic(file, csv);
    artifacts.push({ file, folder: "tables" });
    index.push([`tables/${name}.csv`, says]);
  }
  const readme = path.join(folder, "README.md");
  writeFileAtomic(readme, readmeOf(record, index));
  return [{ file: readme }, ...artifacts];
}

function readmeOf({ request, data, split, reduced }: RunRecord, index: readonly (readonly [string, string])[]): string {
  const notes = [
    ...(data.madeUp ? ["Made-up sounds: no number here says anything about patients."] : []),
    ...(reduced ? [sentence(reduced)] : []),
    ...caveatsOf(split).map(({ says }) => says),
  ];
  const lines = [
    `# ${runName(request, data.madeUp)}`,
    ...notes.flatMap((note) => ["", `**${note}**`]),
    ...["", "| file | what it is |", "| --- | --- |", ...index.map(([name, says]) => `| ${name} | ${says} |`)],
    ...[
      "",
      "Scores and shares run from 0 to 1; losses are cross-entropies in nats. The trained model, with its preprocessing, is",
    ],
    "among the logged models. The description of the run has its numbers beside the printed one, and the command that makes it again.",
  ];
  return `${lines.join("\n")}\n`;
}
