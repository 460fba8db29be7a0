import type { AudioScan, ScannedSound } from "./audioScan.js";
import { pathBelow } from "./files.js";
import type { ProblemList } from "./problemList.js";

/** From here on a level is told; what is told says so itself. */
const THRESHOLDS = { clippedShare: 0.001, silentSeconds: 0.5, dcOffset: 0.01, quietPeak: 0.01 } as const;

/** Whether the sounds of a data set were read, and what that cost. */
export type AudioRead =
  | { read: false }
  | { read: true; files: number; bytes: number; seconds: number; megabytesPerSecond: number };

/** A scan in figures for JSON; none where there was none. */
export function audioRead(scan: AudioScan | undefined): AudioRead {
  if (!scan) return { read: false };
  const { sounds, bytes, seconds } = scan;
  const megabytesPerSecond = Math.round(bytes / 1e6 / Math.max(seconds, 1e-9));
  return { read: true, files: sounds.size, bytes, seconds: Math.round(seconds * 1000) / 1000, megabytesPerSecond };
}

/** The same in a sentence; `what` was read, or not. */
export function audioLine(audio: AudioRead, what: "sounds" | "maps" = "sounds"): string {
  if (!audio.read) return `The ${what} were not read: annotations and lists only.`;
  const { files, bytes, seconds, megabytesPerSecond } = audio;
  const read = `${files.toLocaleString("en")} ${what}, ${(bytes / 1e6).toFixed(0)} MB`;
  return `${read}, read in ${seconds.toFixed(1)} s (${megabytesPerSecond.toLocaleString("en")} MB/s).`;
}

/** The sounds that could be read; those that could not are told as errors. */
export function readableSounds(scan: AudioScan, problems: ProblemList): Map<string, ScannedSound> {
  const readable = new Map<string, ScannedSound>();
  for (const [file, sound] of scan.sounds) {
    if ("error" in sound) problems.add(file, sound.error, "error");
    else readable.set(file, sound);
  }
  return readable;
}

/** Tells what is suspicious about levels, each trait once: the worst file by name, and how many have it. */
export function reportLevels(sounds: ReadonlyMap<string, ScannedSound>, problems: ProblemList): void {
  const worstFirst = (of: (sound: ScannedSound) => number, from: number) =>
    [...sounds].filter(([, sound]) => of(sound) >= from).sort(([, a], [, b]) => of(b) - of(a));
  const tell = (
    found: readonly [string, ScannedSound][],
    what: (worst: ScannedSound) => string,
    severity: "warning" | "note",
  ) => {
    const worst = found[0];
    if (!worst) return;
    problems.addOf(
      found.map(([file]) => file),
      what(worst[1]),
      severity,
    );
  };
  const silentSeconds = ({ levels, header }: ScannedSound) => levels.longestSilent / header.sampleRateHz;
  const silent = ({ levels }: ScannedSound) => levels.peak === 0;

  tell(
    [...sounds].filter(([, sound]) => silent(sound)),
    () => "is silent: every sample is zero",
    "warning",
  );
  tell(
    worstFirst(({ levels }) => levels.clippedShare, THRESHOLDS.clippedShare),
    ({ levels, header }) =>
      `is clipped: ${percent(levels.clippedShare)} of its samples stand in runs of 3 or more at its highest or lowest value, the longest ${short(levels.longestClipped / header.sampleRateHz)} s (told from 0.1 % on)`,
    "warning",
  );
  tell(
    worstFirst((sound) => (silent(sound) ? 0 : silentSeconds(sound)), THRESHOLDS.silentSeconds),
    (sound) =>
      `holds digital silence: ${short(silentSeconds(sound))} s of zeros at a stretch, ${percent(sound.levels.silentShare)} of it in all (told from 0.5 s on)`,
    "warning",
  );
  tell(
    worstFirst(({ levels }) => Math.abs(levels.dcOffset), THRESHOLDS.dcOffset),
    ({ levels }) => `has a DC offset: its mean is ${short(levels.dcOffset)} of full scale (told from 0.01 on)`,
    "warning",
  );
  tell(
    worstFirst(({ levels }) => (levels.peak === 0 ? -1 : -levels.peak), -THRESHOLDS.quietPeak).reverse(),
    ({ levels }) => `is quiet: its peak is ${short(levels.peak)} of full scale (told from 0.01 down)`,
    "note",
  );
}

/** A sound with the groups that must not share one, such as its set. */
export interface GroupedSound {
  file: string;
  sha256: string;
  /** By kind of group: "set", "official side", "fold". */
  groups: Readonly<Record<string, string | undefined>>;
}

/** Tells files of the same content, each with the first of them and the groups in which they differ. */
export function reportTwins(sounds: readonly GroupedSound[], root: string, problems: ProblemList): void {
  const first = new Map<string, GroupedSound>();
  for (const sound of sounds) {
    const twin = first.get(sound.sha256);
    if (!twin) {
      first.set(sound.sha256, sound);
      continue;
    }
    const apart = Object.entries(sound.groups).filter(([kind, group]) => group !== twin.groups[kind]);
    const sides = apart.map(([kind, group]) => `${kind} ${group ?? "none"} here, ${twin.groups[kind] ?? "none"} there`);
    const across = sides.length > 0 ? `; across splits: ${sides.join("; ")}` : "";
    problems.add(sound.file, `is the same sound as ${pathBelow(root, twin.file)}, byte for byte${across}`, "warning");
  }
}

function percent(share: number): string {
  return `${short(100 * share)} %`;
}

/** Two digits are enough to judge by. */
function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
