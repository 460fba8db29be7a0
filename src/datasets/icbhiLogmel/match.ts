import { UserError } from "../../userError.js";
import type { Icbhi } from "../icbhi/load.js";
import type { IcbhiRecording } from "../icbhi/recording.js";
import { type Problem, problemText } from "../problem.js";
import { INDEX_FILE } from "./format.js";
import type { IcbhiLogmel } from "./load.js";

/** Where the index of the maps says something else than annotations and official list; nothing is thrown. */
export function compareWithAnnotations(
  maps: Pick<IcbhiLogmel, "rows">,
  recordings: readonly IcbhiRecording[],
): Problem[] {
  const byName = new Map(recordings.map((recording) => [recording.name, recording]));
  const problems: Problem[] = [];
  for (const { recording: name, cycle, crackle, wheeze, officialSide, line } of maps.rows) {
    const report = (what: string) => problems.push({ file: INDEX_FILE, line, what, severity: "error" });
    const recording = byName.get(name);
    const annotated = recording?.cycles[cycle];
    if (!recording) {
      report(`there is no annotation of ${name}`);
    } else if (!annotated) {
      report(`${name} has ${recording.cycles.length} annotated cycles, so there is no cycle ${cycle} (from 0)`);
    } else if (annotated.crackle !== crackle || annotated.wheeze !== wheeze) {
      const flags = (of: { crackle: boolean; wheeze: boolean }) => `${Number(of.crackle)},${Number(of.wheeze)}`;
      report(`crackle,wheeze is ${flags({ crackle, wheeze })}; ${name}.txt:${annotated.line} says ${flags(annotated)}`);
    } else if (officialSide && recording.officialSide && officialSide !== recording.officialSide) {
      report(`split is ${officialSide}; the official list has ${name} on the ${recording.officialSide} side`);
    }
  }
  return problems;
}

/**
 * The `fileOf` with which `icbhiSplit` makes every split from stored maps: same ids, folds and devices as from audio. A
 * recording counts as present where all its cycles have maps.
 *
 * @throws UserError naming the first lines where index and annotations disagree
 */
export function logmelFileOf(maps: IcbhiLogmel, data: Icbhi): (recording: IcbhiRecording) => string | undefined {
  const problems = compareWithAnnotations(maps, data.recordings);
  if (problems.length > 0) {
    const shown = problems.slice(0, 5).map((problem) => `  ${problemText(problem)}`);
    const rest = problems.length > 5 ? [`  and ${problems.length - 5} more`] : [];
    throw new UserError(
      [`the maps in ${maps.root} are not of the annotations in ${data.root}:`, ...shown, ...rest].join("\n"),
    );
  }
  return ({ name, cycles }) =>
    cycles.every((_, index) => maps.rowOf(`${name}#${index}`) !== undefined) ? maps.file : undefined;
}
