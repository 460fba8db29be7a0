import path from "node:path";
import { UserError } from "../../userError.js";
import { type Clip, readClip } from "./clip.js";
import type { LabellingModel } from "./modelToLabel.js";
import type { ClipAnswer } from "./partialLabels.js";

export interface LabelledClip extends ClipAnswer {
  name: string;
  clip: Clip;
}

/**
 * Labels some files together.
 * @param onBad takes a file that cannot be classified, and why
 */
export async function labelBatch(
  model: LabellingModel,
  folder: string,
  names: readonly string[],
  onBad: (name: string, what: string) => void,
): Promise<LabelledClip[]> {
  const read: { name: string; clip: Clip; silent: boolean; maps: Float32Array[]; seconds: number }[] = [];
  for (const name of names) {
    const began = performance.now();
    try {
      const { samples, clip } = await readClip(path.join(folder, name), model.path.keeps);
      const maps = model.path.maps(samples, clip.header.sampleRateHz).map(({ data }) => data);
      const silent = samples.every((value) => value === samples[0]);
      read.push({ name, clip, silent, maps, seconds: (performance.now() - began) / 1000 });
    } catch (error) {
      onBad(name, whatIsWrong(error));
    }
  }
  const began = performance.now();
  const answers = await model.classifyMaps(read.flatMap(({ maps }) => maps));
  const perMap = (performance.now() - began) / 1000 / answers.length;
  let at = 0;
  return read.map(({ name, clip, silent, maps, seconds }) => {
    const own = answers.slice(at, at + maps.length);
    at += maps.length;
    return { name, clip, silent, label: model.labelOf(own), seconds: seconds + maps.length * perMap };
  });
}

/** The first answer of a process takes several times as long as the next. */
export async function warmUp({ path: { frontEnd, maps }, classifyMaps }: LabellingModel): Promise<void> {
  const tone = Float32Array.from({ length: frontEnd.sampleRateHz }, (_, i) => 0.1 * Math.sin(i / 3));
  await classifyMaps(maps(tone, frontEnd.sampleRateHz).map(({ data }) => data));
}

/**
 * The end of a sentence that begins with the file.
 * @throws what is no fault of the file
 */
export function whatIsWrong(error: unknown): string {
  if (error instanceof UserError || error instanceof RangeError) return error.message;
  throw error;
}
