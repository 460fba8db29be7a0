import { mapShape } from "../../features/frontEnd.js";
import { answerRounds } from "../answerRounds.js";
import { benchClip, FEATURE_CASES } from "./cases.js";

const CLIPS = 4;
const WARM_UP = 30;

/**
 * The contestant that is us. A step is the front end of one clip, into the same memory
 * each time, as batches are filled; the references take theirs from NumPy and torch, which use it again too.
 */
export async function runOurFeatures(name: string): Promise<void> {
  const one = FEATURE_CASES.find((candidate) => candidate.name === name)!;
  const frontEnd = one.frontEnd();
  const clips = Array.from({ length: CLIPS }, (_, turn) => benchClip(one, turn));
  let done = 0;
  const out = new Float32Array(mapShape(frontEnd.compute(clips[0]!)).reduce((a, b) => a * b));
  const step = () => frontEnd.compute(clips[done++ % CLIPS]!, out).data[0]!;
  for (let i = 0; i < WARM_UP; i++) step();
  await answerRounds({}, step);
}
