/** How a run ended, in MLflow's words. */
export type RunStatus = "FINISHED" | "FAILED" | "KILLED";

/** Data that a run was fed, and as what. */
export interface RecordedDataset {
  /** Such as "sprsound/train2022". */
  name: string;
  /** At most 36 characters (the tracking server's limit). */
  digest: string;
  /** Where it came from, in words or as an address; never a path of this machine. */
  source: string;
  role: "train" | "select" | "test";
  /** Counts by class and the like. */
  profile?: Record<string, unknown>;
}

/**
 * Where a run reports what it does. The engine knows only this; `src/tracking/` implements it over MLflow. No method
 * waits for a network, and none throws because a server is away.
 */
export interface Recorder {
  parameters(values: Record<string, string | number | boolean>): void;
  /** Finite or not, each value is kept. `step` is an integer: the epoch, counted from 1, or a step number. */
  metrics(values: Record<string, number>, step: number): void;
  tags(values: Record<string, string>): void;
  dataset(input: RecordedDataset): void;
  /** A file below the run's folder, which must stay there until it was sent; `folder` is its place among the artefacts. */
  artifact(file: string, folder?: string): void;
  /** The run's description, Markdown. */
  description(markdown: string): void;
  end(status: RunStatus, error?: string): void;
}
