import { stat } from "node:fs/promises";
import type { WavHeader } from "../../audio/wav.js";
import { fileErrorText, notAFile } from "../../datasets/files.js";
import { LONGEST_SECONDS, standingPart } from "../../inference/standingPart.js";
import { openWavFile } from "../../node/wavFile.js";
import type { TestPath } from "../../papers/testPath.js";
import { UserError } from "../../userError.js";

/** Of the part that stands for a clip. */
const MOST_BYTES = 2 ** 29;

/** A WAV file that can be classified, its samples still on disk. */
export interface Clip {
  bytes: number;
  modifiedMs: number;
  header: WavHeader;
}

/**
 * Opens a file and holds it against what can be classified; of floating-point samples every one is looked at.
 * @throws UserError without the file's name: what is wrong with it
 */
export function inspectClip(file: string, keeps: TestPath["keeps"]): Promise<Clip> {
  return withClip(file, keeps, async (clip, read) => {
    if (clip.header.encoding === "float") await read();
    return clip;
  });
}

/**
 * The samples that stand for a file: all, or of more than a minute its start, middle or end.
 * @throws UserError as `inspectClip` does
 */
export function readClip(file: string, keeps: TestPath["keeps"]): Promise<{ samples: Float32Array; clip: Clip }> {
  return withClip(file, keeps, async (clip, read) => ({ samples: await read(), clip }));
}

export function isLong({ header: { frames, sampleRateHz } }: Clip): boolean {
  return frames > LONGEST_SECONDS * sampleRateHz;
}

async function withClip<T>(
  file: string,
  keeps: TestPath["keeps"],
  use: (clip: Clip, read: () => Promise<Float32Array>) => Promise<T>,
): Promise<T> {
  try {
    const found = await stat(file);
    const trouble = notAFile(found);
    if (trouble) throw new UserError(trouble);
    const opened = await openWavFile(file);
    try {
      const { header } = opened;
      const { first, end } = requirePart(header, keeps);
      const clip = { bytes: found.size, modifiedMs: found.mtimeMs, header };
      return await use(clip, () => opened.read(first, end));
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.message.replace(`${file}: `, ""));
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UserError(fileErrorText(error));
  }
}

function requirePart(header: WavHeader, keeps: TestPath["keeps"]): { first: number; end: number } {
  const { channels, bitsPerSample } = header;
  const part = standingPart(header, keeps);
  const bytes = ((part.end - part.first) * channels * bitsPerSample) / 8;
  if (bytes <= MOST_BYTES) return part;
  throw new UserError(
    `${LONGEST_SECONDS} s of its ${channels} channels are ${bytes} bytes; at most ${MOST_BYTES} are read`,
  );
}
