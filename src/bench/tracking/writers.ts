import path from "node:path";
import { projectRoot } from "../../node/paths.js";
import { Contestant } from "../contestant.js";
import type { WriterOptions } from "./writer.js";

/** Starts writers, each a process of its own. */
export async function startWriters(count: number, options: Omit<WriterOptions, "name">): Promise<Contestant[]> {
  const launcher = path.join(projectRoot(), "scripts", "auscult.mjs");
  const writers = Array.from({ length: count }, (_, i) => {
    const args = [
      launcher,
      "bench",
      "tracking-child",
      JSON.stringify({ ...options, name: `writer-${i}` } satisfies WriterOptions),
    ];
    // The server of the folder is meant, whatever the environment names.
    return new Contestant(`writer ${i}`, { program: process.execPath, args, env: { MLFLOW_TRACKING_URI: "" } });
  });
  await Promise.all(writers.map((writer) => writer.ready()));
  return writers;
}

/**
 * Lets writers write at once, each so many points into a run of its own.
 *
 * @returns seconds from the first point until the server has all; that runs are begun is not counted
 */
export async function writeAtOnce(writers: readonly Contestant[], points: number): Promise<number> {
  await Promise.all(writers.map((writer) => writer.run(0)));
  const started = performance.now();
  await Promise.all(writers.map((writer) => writer.run(points)));
  return (performance.now() - started) / 1000;
}
