import { Contestant } from "../contestant.js";
import { ownCommand } from "../ownCommand.js";
import type { WriterOptions } from "./writer.js";

/** Starts writers, each a process of its own. */
export async function startWriters(count: number, options: Omit<WriterOptions, "name">): Promise<Contestant[]> {
  const writers = Array.from({ length: count }, (_, i) => {
    const about: WriterOptions = { ...options, name: `writer-${i}` };
    // The server of the folder is meant, whatever the environment names.
    const command = ownCommand("tracking-child", JSON.stringify(about), { MLFLOW_TRACKING_URI: "" });
    return new Contestant(`writer ${i}`, command);
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
