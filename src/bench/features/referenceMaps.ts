import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { FeatureMap } from "../../features/frontEnd.js";
import { projectRoot } from "../../node/paths.js";
import { referencePython } from "../../node/referencePython.js";
import { UserError } from "../../userError.js";

/** A recipe's model input as a reference tool computes it. */
export interface ReferenceMap {
  recipe: string;
  /** Such as "librosa", with its version in `versions`. */
  tool: string;
  versions: Record<string, string>;
  map: FeatureMap;
  /** 1 where a value is within 60 dB of the channel's largest, in the order of the map; 1 everywhere in maps that are no decibels. */
  counts: Uint8Array;
}

/** A tool that is not installed, in Python's words. */
export interface MissingTool {
  recipe: string;
  tool: string;
  missing: string;
}

/** A clip that is handed to both sides, so that front ends are compared and no resamplers. */
export interface ReferenceClip {
  recipe: string;
  /** [samples] at the rate of the recipe's front end. */
  samples: Float32Array;
}

interface Answer {
  recipe: string;
  maps: (
    | { tool: string; missing: string }
    | { tool: string; versions: Record<string, string>; shape: number[]; values: string; counts: string }
  )[];
}

const PACKAGES = "librosa, scipy, nnAudio, torch, opencv-python-headless and, if it should be compared, torchaudio";

/**
 * What the papers' tools make of clips, from Python in the reference environment. They cut and fill the clip, too.
 * @throws UserError where the environment is missing, and with what Python said where it failed
 */
export async function referenceMaps(clips: readonly ReferenceClip[]): Promise<(ReferenceMap | MissingTool)[]> {
  const python = referencePython(PACKAGES);
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-maps-"));
  try {
    const job = {
      folder,
      clips: clips.map(({ recipe, samples }, index) => {
        const file = path.join(folder, `clip-${index}.f32`);
        writeFileSync(file, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
        return { recipe, file };
      }),
    };
    const said = await runPython(python, JSON.stringify(job));
    return (JSON.parse(said) as Answer[]).flatMap(({ recipe, maps }) =>
      maps.map((one) => ("missing" in one ? { recipe, ...one } : readMap(recipe, one))),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runPython(python: string, job: string): Promise<string> {
  const script = path.join(projectRoot(), "scripts", "python", "reference", "maps.py");
  try {
    const { stdout } = await promisify(execFile)(python, [script, job], { maxBuffer: 2 ** 24 });
    return stdout;
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? error).trim();
    throw new UserError(
      `${python} did not compute the reference maps: ${said.split("\n").at(-1)}. It needs ${PACKAGES}.`,
    );
  }
}

function readMap(recipe: string, one: Exclude<Answer["maps"][number], { missing: string }>): ReferenceMap {
  const { tool, versions, shape } = one;
  const [rows = 0, frames = 0, channels = 1] = shape;
  const data = new Float32Array(Uint8Array.from(readFileSync(one.values)).buffer);
  return {
    ...{ recipe, tool, versions },
    map: { data, rows, frames, ...(channels > 1 && { channels }) },
    counts: Uint8Array.from(readFileSync(one.counts)),
  };
}
