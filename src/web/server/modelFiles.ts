import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { MANIFEST_FILE, MANIFEST_FORMAT, type Manifest } from "../../inference/manifest.js";
import { fileDigests } from "../../node/fileDigests.js";
import { UserError } from "../../userError.js";
import type { Site, SiteFile } from "./site.js";

/** An exported model as the page sees it: below `model/`. */
export interface ModelFiles {
  manifest: Manifest;
  files: Site;
}

/** What the page can use of a folder: networks for onnxruntime, and the card. */
const USED: readonly Manifest["files"][number]["format"][] = ["onnx", "card"];

/**
 * The files of an exported model that the page needs, checked: each of its size and digest.
 * @throws UserError for a folder that holds none, for another format, and for a part that is missing or altered
 */
export function modelFiles(folder: string): ModelFiles {
  const manifest = readManifest(folder);
  const used = manifest.files.filter(({ format }) => USED.includes(format));
  if (!used.some(({ format }) => format === "onnx"))
    throw new UserError(`${folder}: no ONNX file in ${MANIFEST_FILE}; export the run again`);
  const files = used.map((one) => ({ ...one, file: placeOf(folder, one.path) }));
  for (const { file, path: name, bytes } of files) {
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined) throw new UserError(`${folder}: ${name} is missing; export the run again`);
    if (size !== bytes)
      throw new UserError(
        `${folder}: ${name} has ${size} bytes where ${MANIFEST_FILE} says ${bytes}; export the run again`,
      );
  }
  const digests = fileDigests(files.map(({ file }) => file));
  files.forEach(({ path: name, sha256 }, i) => {
    if (digests[i] !== sha256)
      throw new UserError(
        `${folder}: ${name} was altered since the export (its SHA-256 differs); export the run again`,
      );
  });
  return {
    manifest,
    files: new Map<string, SiteFile>([
      [`model/${MANIFEST_FILE}`, { file: path.join(folder, MANIFEST_FILE) }],
      ...files.map(({ path: name, file }) => [`model/${name}`, { file }] as const),
    ]),
  };
}

function readManifest(folder: string): Manifest {
  const file = path.join(folder, MANIFEST_FILE);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    throw new UserError(
      `${folder}: no exported model (no ${MANIFEST_FILE}). Make one of a finished run: npx auscult export --run RUN ${folder}`,
    );
  }
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch {
    throw new UserError(`${file}: not valid JSON; export the run again`);
  }
  if (manifest?.format !== MANIFEST_FORMAT || !Array.isArray(manifest.files))
    throw new UserError(
      `${file}: format ${JSON.stringify(manifest?.format)} where this version reads ${MANIFEST_FORMAT}; export the run again`,
    );
  return manifest;
}

/** Within the folder, whatever the manifest says. */
function placeOf(folder: string, name: unknown): string {
  const parts = typeof name === "string" ? name.split("/") : [];
  const plain = parts.length > 0 && parts.every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part));
  if (plain) return path.join(folder, ...parts);
  throw new UserError(
    `${folder}: ${MANIFEST_FILE} names the file ${JSON.stringify(name)}, which is no path within the folder`,
  );
}
