import type { FrontEnd } from "../../features/frontEnd.js";
import { cycleguardianFrontEnd } from "../../papers/cycleguardian/frontEnd.js";
import { glancegazeFrontEnd } from "../../papers/glancegaze/frontEnd.js";
import { multibreathFrontEnd } from "../../papers/multibreath/frontEnd.js";
import { respirenetFrontEnd } from "../../papers/respirenet/frontEnd.js";
import { supconMfcc } from "../../papers/supconSprs/frontEnd.js";

/** A front end with the clip that its paper gives it. */
export interface FeatureCase {
  /** The recipe, as `auscult bench features RECIPE` names it. */
  name: string;
  title: string;
  /** The tools of the reference, in words. */
  tools: string;
  /** Whether torchaudio has the feature too. */
  torchaudio: boolean;
  samples: number;
  frontEnd: () => FrontEnd;
}

export const FEATURE_CASES: readonly FeatureCase[] = [
  {
    name: "cycleguardian",
    title: "CycleGuardian's three channels, 8 s at 10 kHz",
    tools: "nnAudio",
    torchaudio: false,
    samples: 80_000,
    frontEnd: cycleguardianFrontEnd,
  },
  {
    name: "multibreath",
    title: "Multi-breath's mel, 8 s at 16 kHz",
    tools: "librosa",
    torchaudio: true,
    samples: 128_000,
    frontEnd: multibreathFrontEnd,
  },
  {
    name: "supcon-sprs",
    title: "SupCon's MFCC, 3 s at 8 kHz",
    tools: "librosa",
    torchaudio: true,
    samples: 24_000,
    frontEnd: () => supconMfcc,
  },
  {
    name: "glancegaze",
    title: "Glance-and-Gaze's mel, 8 s at 22.05 kHz",
    tools: "librosa",
    torchaudio: true,
    samples: 176_400,
    frontEnd: glancegazeFrontEnd,
  },
  {
    name: "respirenet",
    title: "RespireNet's image, 7 s at 4 kHz",
    tools: "librosa and OpenCV",
    torchaudio: false,
    samples: 28_000,
    frontEnd: respirenetFrontEnd,
  },
];

/**
 * A made-up clip, the same as the reference makes: a rising tone and a little noise.
 *
 * @param turn each has another
 */
export function benchClip({ samples, frontEnd }: FeatureCase, turn: number): Float32Array {
  const { sampleRateHz } = frontEnd();
  return Float32Array.from({ length: samples }, (_, n) => {
    const seconds = n / sampleRateHz;
    const noise = (((n + 131 * turn) * 7919) % 1000) / 1000 - 0.5;
    return 0.4 * Math.sin(2 * Math.PI * (50 * seconds + 100 * seconds * seconds)) + 0.1 * noise;
  });
}
