import { statSync } from "node:fs";
import path from "node:path";
import { readManifest, requireDigest, requireLength } from "../../inference/checkedFiles.js";
import { MANIFEST_FILE, type Manifest } from "../../inference/manifest.js";
import { fileDigests } from "../../node/fileDigests.js";
import { modelFolderOnDisk } from "../../node/modelFolderOnDisk.js";
import { UserError } from "../../userError.js";
import type { Site, SiteFile } from "./site.js";

/** What the page can use of a folder: networks for onnxruntime, and the card. */
const USED: readonly Manifest["files"][number]["format"][] = ["onnx", "card"];

/**
 * The files of an exported model that the page needs, below `model/`, checked: each of its size and digest.
 * @throws UserError for a folder that holds none, for another format, and for a part that is missing or altered
 */
export async function modelFiles(place: string): Promise<Site> {
  const folder = modelFolderOnDisk(place);
  const manifest = await readManifest(folder);
  const used = manifest.files.filter(({ format }) => USED.includes(format));
  if (!used.some(({ format }) => format === "onnx"))
    throw new UserError(`${place}: no ONNX file in ${MANIFEST_FILE}; export the run again`);
  const files = used.map((one) => path.join(place, one.path));
  for (const [i, file] of files.entries())
    requireLength(folder, used[i]!, statSync(file, { throwIfNoEntry: false })?.size);
  // A network that was not written since the last time is not read again.
  for (const [i, digest] of fileDigests(files).entries()) requireDigest(folder, used[i]!, digest);
  const served = [MANIFEST_FILE, ...used.map((one) => one.path)];
  return new Map(served.map((name): [string, SiteFile] => [`model/${name}`, { file: path.join(place, name) }]));
}
