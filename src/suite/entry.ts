/**
 * The type of a file in `experiments/`: one printed table or figure, as data. Nothing in such a file is computed.
 */
export interface ExperimentEntry {
  /** Such as "supcon-sprs/table3": the folder's name and the file's. */
  id: string;
  paper: string;
  kind: "ablation" | "result" | "dataset" | "figure";
  title: string;
  citation: string;
  /** What differs between the rows. */
  vary: string;
  /** What the printed numbers are, such as "Score on the final test set". */
  metric: string;
  /** The test set of the printed numbers; a run without it is not comparable. */
  testSet: string;
  columns: { key: string; title: string }[];
  rows: ExperimentRow[];
  /** Remarks on misprints and contradictions. */
  flags: string[];
  /** Numbers of the decided ambiguities in the project's list that bear on this entry. */
  ambiguities: number[];
  /** What a run of one row and one column costs, by profile, in words. */
  cost: Record<"smoke" | "quick" | "full", string>;
  /** The exact command that reproduces one cell. */
  command: string;
}

export interface ExperimentRow {
  name: string;
  /** By column key, as printed, from 0 to 1. */
  printed: Record<string, number>;
  /** Whether `run` can make it now; a row that is not built is listed, never hidden. */
  state: "built" | "not built";
}
