import type { Rng } from "../../random/streams.js";
import { between, logUniform } from "./sounds.js";

/** What a made-up patient suffers from; each names the sound it makes. */
export type Condition = "healthy" | "wheeze" | "rhonchi" | "stridor" | "fine" | "coarse" | "mixed";

/** What stays the same over the recordings of one made-up patient. */
export interface Patient {
  condition: Condition;
  ageYears: number;
  gender: 0 | 1;
  cycleSeconds: number;
  /** Upper edge of the breath noise. */
  breathHighHz: number;
  breathLevel: number;
  /** Level of background noise over breath. */
  backgroundShare: number;
  heartRateHz: number;
  heartLevel: number;
  /** Fundamental of wheezes, and of rhonchi or stridor by their own factor. */
  pitchHz: number;
}

/** Draws a patient; younger ones breathe faster. */
export function drawPatient(rng: Rng, condition: Condition): Patient {
  const ageYears = Math.round(logUniform(rng, 0.3, 16) * 10) / 10;
  const young = 1 - ageYears / 16;
  return {
    condition,
    ageYears,
    gender: rng.uniform() < 0.55 ? 0 : 1,
    cycleSeconds: between(rng, 1.5, 2.1) + 0.7 * (1 - young),
    breathHighHz: logUniform(rng, 350, 1100),
    breathLevel: logUniform(rng, 0.03, 0.07),
    backgroundShare: logUniform(rng, 0.12, 0.6),
    heartRateHz: 1.2 + 0.9 * young + between(rng, -0.15, 0.15),
    heartLevel: logUniform(rng, 0.02, 0.25),
    pitchHz: logUniform(rng, 180, 700),
  };
}
