import { UserError } from "../userError.js";
import { MANIFEST_FILE, MANIFEST_FORMAT, type Manifest, type ManifestFile } from "./manifest.js";
import type { ModelFolder } from "./modelFolder.js";
import { sha256 } from "./sha256.js";

/**
 * Reads what a folder says of its model. Of the fields, those are looked at that the digests do not cover.
 *
 * @throws UserError for a folder without a manifest, one that is no JSON, of another format, or lacks a field
 */
export async function readManifest(folder: ModelFolder): Promise<Manifest> {
  const bytes = await folder.read(MANIFEST_FILE);
  if (!bytes)
    throw new UserError(
      `${folder.name} holds no exported model: there is no ${MANIFEST_FILE}. Make one of a finished run: npx auscult export --run RUN DIR`,
    );
  const where = `${folder.name}: ${MANIFEST_FILE}`;
  const read = parsed(bytes, where) as DeepPartial<Manifest> | null;
  if (typeof read !== "object" || read?.format === undefined)
    throw new UserError(`${where} says no format; expected what \`auscult export\` wrote`);
  if (read.format !== MANIFEST_FORMAT) {
    throw new UserError(
      `${where} has format ${JSON.stringify(read.format)}, and this version reads ${MANIFEST_FORMAT}; export the run again, or use the version that wrote it${typeof read.version === "string" ? ` (${read.version})` : ""}`,
    );
  }
  const wrong = missingFields(read);
  if (wrong.length > 0)
    throw new UserError(`${where}: ${wrong.join(", ")} missing or wrong; expected what \`auscult export\` wrote`);
  return read as Manifest;
}

/**
 * A file of the folder, as it was exported.
 *
 * @throws UserError where it is missing, or its length or digest is another
 */
export async function readChecked(
  folder: ModelFolder,
  { path, bytes, sha256: wanted }: ManifestFile,
): Promise<Uint8Array> {
  const content = await folder.read(path);
  const mend = "export the run again, or copy the whole folder";
  if (!content) throw new UserError(`${folder.name}: ${path} is missing; ${mend}`);
  if (content.length !== bytes)
    throw new UserError(`${folder.name}: ${path} has ${content.length} bytes where ${bytes} were exported; ${mend}`);
  if ((await sha256(content)) !== wanted)
    throw new UserError(`${folder.name}: ${path} is not as it was exported (its SHA-256 is another); ${mend}`);
  return content;
}

type DeepPartial<T> = { [K in keyof T]?: T[K] extends object ? DeepPartial<T[K]> : T[K] };

function missingFields({
  task,
  labels,
  outputs,
  input,
  seen,
  calibration,
  files,
  version,
}: DeepPartial<Manifest>): string[] {
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  const isPositive = (value: unknown) => typeof value === "number" && value > 0 && value < Infinity;
  const areTexts = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isText);
  const given: Record<string, boolean> = {
    version: isText(version),
    task: isText(task),
    labels: areTexts(labels),
    outputs: outputs?.kind === "softmax" || (outputs?.kind === "sigmoid" && areTexts(outputs.findings)),
    "input.shape": Array.isArray(input?.shape) && input.shape.length === 3 && input.shape.every(isPositive),
    "input.recipe": isText(input?.recipe),
    "input.digest": isText(input?.digest),
    seen:
      seen === undefined ||
      ((seen?.kind === "grad-cam++" || seen?.kind === "attention") &&
        [seen.rows, seen.frames, seen.outputs].every(isPositive) &&
        Array.isArray(seen.precisions)),
    calibration: calibration === null || isPositive(calibration?.temperature),
    files: Array.isArray(files) && files.every((file) => isInside(file?.path) && isText(file?.sha256)),
  };
  return Object.keys(given).filter((field) => !given[field]);
}

/** Whether a path stays in its folder. */
function isInside(path: unknown): boolean {
  return typeof path === "string" && path !== "" && !path.startsWith("/") && !/(^|[\\/])\.\.([\\/]|$)|^\w:/.test(path);
}

function parsed(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new UserError(`${where} cannot be read as JSON (${(error as Error).message})`);
  }
}
