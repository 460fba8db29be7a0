import type { Rng } from "../../random/streams.js";
import type { Condition, Patient } from "./patient.js";
import { addCrackle, addNoise, addTone, between, type Canvas, logUniform } from "./sounds.js";

/** What one breath carries. */
export type BreathSound = "normal" | "wheeze" | "rhonchi" | "stridor" | "fine" | "coarse" | "wheeze and crackle";

export interface MadeUpBreath {
  sound: BreathSound;
  startSeconds: number;
  endSeconds: number;
}

export interface RecordingForm {
  seconds: number;
  sampleRateHz: number;
  /** What breath `index`, counted from 0, carries. */
  soundOf(rng: Rng, index: number): BreathSound;
  /** Each breath begins where the one before ends; default false: there are pauses. */
  contiguous?: boolean;
}

/**
 * A made-up recording of one patient: breath after breath over background noise and heart beats. Healthy breaths may hold
 * a click or a voice, and adventitious sounds may be faint, so that telling them apart takes more than a threshold.
 *
 * @returns samples [samples] within full scale, and the breaths in order
 */
export function makeRecording(
  rng: Rng,
  patient: Patient,
  { seconds, sampleRateHz, soundOf, contiguous = false }: RecordingForm,
): { samples: Float32Array; breaths: MadeUpBreath[] } {
  const canvas: Canvas = { samples: new Float32Array(Math.round(seconds * sampleRateHz)), sampleRateHz };
  addSurroundings(canvas, rng, patient, seconds);
  const breaths: MadeUpBreath[] = [];
  for (let start = between(rng, 0.05, 0.6); ; ) {
    const length = patient.cycleSeconds * between(rng, 0.85, 1.15);
    if (start + length > seconds - 0.02) break;
    const sound = soundOf(rng, breaths.length);
    addBreath(canvas, rng, patient, sound, start, length);
    breaths.push({ sound, startSeconds: start, endSeconds: start + length });
    start += length + (contiguous ? 0 : between(rng, 0.05, 0.5));
  }
  return { samples: scaled(canvas.samples, logUniform(rng, 0.25, 0.9)), breaths };
}

/** A recording nobody can use: rustling, a voice close by, and hardly any breath. */
export function makeUnusableRecording(
  rng: Rng,
  patient: Patient,
  { seconds, sampleRateHz }: { seconds: number; sampleRateHz: number },
): Float32Array {
  const canvas: Canvas = { samples: new Float32Array(Math.round(seconds * sampleRateHz)), sampleRateHz };
  addSurroundings(canvas, rng, { ...patient, backgroundShare: between(rng, 1, 3) }, seconds);
  for (let at = 0; at < seconds; at += between(rng, 0.2, 1.2)) {
    const length = between(rng, 0.1, 0.8);
    const level = logUniform(rng, 0.05, 0.5);
    if (rng.uniform() < 0.7) {
      addNoise(canvas, rng, { startSeconds: at, seconds: length, lowHz: 60, highHz: between(rng, 300, 3000), level });
    } else {
      addVoice(canvas, rng, at, length, level);
    }
  }
  return scaled(canvas.samples, 0.9);
}

/**
 * The sounds of a condition, for `makeRecording`. The first breath of a mixed patient carries both kinds, so that the
 * record does.
 *
 * @param adventitious how likely a breath carries a sound of the condition; 0 makes a healthy recording, and otherwise the
 *   first full breath always carries one
 */
export function soundsOf(condition: Condition, adventitious: number): RecordingForm["soundOf"] {
  return (rng, index) => {
    const ill = adventitious > 0 && (index === 0 || rng.uniform() < adventitious);
    if (!ill || condition === "healthy") return "normal";
    if (condition !== "mixed") return condition;
    if (index === 0) return "wheeze and crackle";
    return (["wheeze and crackle", "wheeze", "fine", "coarse"] as const)[rng.integer(4)]!;
  };
}

function addBreath(
  canvas: Canvas,
  rng: Rng,
  patient: Patient,
  sound: BreathSound,
  start: number,
  length: number,
): void {
  const { breathHighHz: highHz, breathLevel: level } = patient;
  const inspiration = { startSeconds: start, seconds: 0.45 * length };
  const expiration = { startSeconds: start + 0.5 * length, seconds: 0.45 * length };
  addNoise(canvas, rng, { ...inspiration, lowHz: 90, highHz, level });
  // Vesicular breathing out is softer and duller.
  addNoise(canvas, rng, { ...expiration, lowHz: 80, highHz: 0.7 * highHz, level: level * between(rng, 0.3, 0.7) });

  const loud = level * logUniform(rng, 1, 2.8);
  const { pitchHz } = patient;
  if (sound === "wheeze" || sound === "wheeze and crackle") {
    const seconds = Math.max(0.12, expiration.seconds * between(rng, 0.3, 0.95));
    const at = { startSeconds: expiration.startSeconds, seconds };
    const frequencyHz = pitchHz * between(rng, 0.85, 1.2);
    addTone(canvas, rng, { ...at, frequencyHz, driftShare: 0.12, rollOff: 0.25, level: loud });
  }
  if (sound === "rhonchi") {
    const seconds = Math.max(0.15, expiration.seconds * between(rng, 0.5, 0.95));
    const at = { startSeconds: expiration.startSeconds, seconds };
    const frequencyHz = logUniform(rng, 90, 200);
    addTone(canvas, rng, { ...at, frequencyHz, driftShare: 0.08, rollOff: 0.55, level: 1.3 * loud, roughness: 0.7 });
  }
  if (sound === "stridor") {
    const frequencyHz = pitchHz * between(rng, 1.3, 1.7);
    addTone(canvas, rng, { ...inspiration, frequencyHz, driftShare: 0.2, rollOff: 0.5, level: 2 * loud });
  }
  if (sound === "fine" || sound === "wheeze and crackle") {
    // Late in inspiration, many and regular.
    for (let n = 5 + rng.integer(10); n > 0; n--) {
      const startSeconds = start + length * (0.2 + 0.26 * Math.sqrt(rng.uniform()));
      const seconds = 0.005 * between(rng, 0.8, 1.25);
      addCrackle(canvas, { startSeconds, seconds, firstShare: 0.14, level: polarity(rng) * 5 * loud });
    }
  }
  if (sound === "coarse") {
    // Few and low, early in inspiration and in expiration.
    for (let n = 3 + rng.integer(6); n > 0; n--) {
      const early = rng.uniform() < 0.6 ? between(rng, 0.02, 0.25) : between(rng, 0.5, 0.8);
      const seconds = 0.015 * between(rng, 0.75, 1.3);
      const startSeconds = start + length * early;
      addCrackle(canvas, { startSeconds, seconds, firstShare: 0.1, level: polarity(rng) * 5.5 * loud });
    }
  }
  // What is not a lung sound, in ill and healthy breaths alike.
  if (rng.uniform() < 0.08) addVoice(canvas, rng, start + between(rng, 0, 0.7) * length, between(rng, 0.1, 0.35), loud);
  for (let n = rng.uniform() < 0.15 ? 1 + rng.integer(3) : 0; n > 0; n--) {
    const startSeconds = start + length * rng.uniform();
    const seconds = logUniform(rng, 0.004, 0.03);
    addCrackle(canvas, { startSeconds, seconds, firstShare: between(rng, 0.1, 0.3), level: 3 * loud });
  }
}

function addSurroundings(canvas: Canvas, rng: Rng, patient: Patient, seconds: number): void {
  const level = patient.breathLevel * patient.backgroundShare;
  const highHz = logUniform(rng, 500, 3500);
  addNoise(canvas, rng, { startSeconds: 0, seconds, lowHz: 40, highHz, level, steady: true });
  for (
    let at = rng.uniform() / patient.heartRateHz;
    at < seconds;
    at += between(rng, 0.97, 1.03) / patient.heartRateHz
  ) {
    const sound = { seconds: 0.1, lowHz: 25, highHz: 70 };
    addNoise(canvas, rng, { ...sound, startSeconds: at, level: patient.heartLevel });
    addNoise(canvas, rng, { ...sound, startSeconds: at + 0.3 / patient.heartRateHz, level: 0.6 * patient.heartLevel });
  }
}

function addVoice(canvas: Canvas, rng: Rng, startSeconds: number, seconds: number, level: number): void {
  const frequencyHz = logUniform(rng, 220, 500);
  addTone(canvas, rng, { startSeconds, seconds, frequencyHz, driftShare: 0.35, rollOff: 0.75, level });
}

function polarity(rng: Rng): number {
  return (rng.uniform() < 0.5 ? -1 : 1) * logUniform(rng, 0.5, 1.5);
}

/** Scaled in place, so that the highest sample is `peak`. */
export function scaled(samples: Float32Array, peak: number): Float32Array {
  let highest = 1e-9;
  for (const value of samples) highest = Math.max(highest, Math.abs(value));
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i]! / highest) * peak;
  return samples;
}
