import type { TestPath } from "../papers/testPath.js";
import type { TestTask } from "../papers/testPathMakers.js";
import { testPathOf } from "../papers/testPaths.js";
import { UserError } from "../userError.js";
import { readManifest } from "./checkedFiles.js";
import type { Manifest, ManifestFile } from "./manifest.js";
import type { ModelFolder } from "./modelFolder.js";
import { sha256 } from "./sha256.js";

export type Precision = NonNullable<ManifestFile["precision"]>;

/** A folder that was looked at; its network is still there where it was. */
export interface ModelDescription {
  manifest: Manifest;
  /** From a clip to the model's input, as the model was trained for. */
  path: TestPath;
  /** The network's file. */
  file: ManifestFile;
}

export interface DescribeOptions {
  /** Default float32. */
  precision?: Precision;
  /** Finds the way from a clip to the input; the papers that come with the project unless told. */
  testPath?(...asked: Parameters<typeof testPathOf>): TestPath | Promise<TestPath>;
}

/**
 * Reads what a folder of `auscult export` says, and holds it against this version's signal code.
 *
 * @throws UserError for a folder without a manifest, for one of another version, for a precision that it does not have, and for one whose
 * inputs this version would make otherwise
 */
export async function describe(folder: ModelFolder, options: DescribeOptions = {}): Promise<ModelDescription> {
  const { precision = "float32", testPath = testPathOf } = options;
  const manifest = await readManifest(folder);
  const networks = manifest.files.filter(({ format }) => format === "onnx");
  const file = networks.find((one) => one.precision === precision);
  if (!file) {
    const there = networks.map((one) => one.precision).join(", ") || "none";
    throw new UserError(`${folder.name} has no ONNX network in ${precision}; there is ${there}`);
  }
  const { recipe, parameters, digest } = manifest.input;
  const task = manifest.task.slice(manifest.task.indexOf("/") + 1) as TestTask;
  const path = await testPath(recipe, task, parameters);
  if ((await inputDigest(path)) === digest) return { manifest, path, file };
  throw new UserError(
    `${folder.name}: the model was trained on inputs that this version of ${recipe} computes otherwise; export the run again after training it again, or use version ${manifest.version}, which exported it`,
  );
}

/** Equal digests, equal inputs: as `preprocessingOf` has it. */
export async function inputDigest({ digest }: Pick<TestPath, "digest">): Promise<string> {
  return (await sha256(digest)).slice(0, 32);
}
