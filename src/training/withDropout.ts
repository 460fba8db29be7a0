import { dropoutSeed } from "../nn/layers/dropout.js";
import type { Streams } from "../random/streams.js";
import type { Batch, StepSource } from "./runStep.js";

/** The same batches with what dropout draws from: a seed of their own for each step. @param stream whose name tells stages of one seed apart */
export function withDropout(
  batch: StepSource["batch"],
  streams: Streams,
  stream = "dropout",
): (epoch: number, step: number) => Promise<Batch> {
  return async (epoch, step) => {
    const made = await batch(epoch, step);
    return { ...made, draws: { ...made.draws, dropoutSeed: dropoutSeed(streams.stream(stream, epoch, step)) } };
  };
}
