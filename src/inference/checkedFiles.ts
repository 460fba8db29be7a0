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
export async function readChecked(folder: ModelFolder, file: ManifestFile): Promise<Uint8Array> {
  const content = await folder.read(file.path);
  requireLength(folder, file, content?.length);
  requireDigest(folder, file, await sha256(content!));
  return content!;
}

type Named = Pick<ModelFolder, "name">;
const MEND = "export the run again, or copy the whole folder";

/**
 * @param found bytes of the file; undefined where there is none
 * @throws UserError where it is missing, or its length is another than that exported
 */
export function requireLength({ name }: Named, { path, bytes }: ManifestFile, found: number | undefined): void {
  if (found === undefined) throw new UserError(`${name}: ${path} is missing; ${MEND}`);
  if (found !== bytes) throw new UserError(`${name}: ${path} has ${found} bytes where ${bytes} were exported; ${MEND}`);
}

/** @throws UserError where the digest that was found of a file is another than that exported */
export function requireDigest({ name }: Named, { path, sha256: wanted }: ManifestFile, found: string): void {
  if (found !== wanted)
    throw new UserError(`${name}: ${path} is not as it was exported (its SHA-256 is another); ${MEND}`);
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
