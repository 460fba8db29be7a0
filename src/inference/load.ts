import { UserError } from "../userError.js";
import { readChecked } from "./checkedFiles.js";
import { type DescribeOptions, describe } from "./description.js";
import { labelRule } from "./labelRule.js";
import { InferenceModel } from "./model.js";
import type { ModelFolder } from "./modelFolder.js";
import { outputsOf } from "./outputs.js";
import type { Runtime } from "./runtime.js";

export interface LoadOptions extends DescribeOptions {
  runtime: Runtime;
}

/**
 * Loads an exported model: every file that is used is held against its digest, and the network is asked once.
 *
 * @throws UserError as `describe` does, for a missing or altered file, for outputs that this version does not know, and for a network that
 * the runtime cannot open or that does not have as many outputs
 */
export async function load(folder: ModelFolder, { runtime, ...options }: LoadOptions): Promise<InferenceModel> {
  const description = await describe(folder, options);
  const { manifest, file } = description;
  const outputs = outputsOf(manifest);
  const labelOf = labelRule(manifest.task);
  const content = await readChecked(folder, file);
  const network = await runtime.open(content).catch((error: Error) => {
    throw new UserError(`${folder.name}: ${runtime.name} cannot open ${file.path} (${error.message})`);
  });
  const model = new InferenceModel({ ...description, outputs, labelOf, runtime, network });
  try {
    await model.warmUp();
  } catch (error) {
    await network.close();
    throw new UserError(`${folder.name}: ${file.path} does not fit its manifest: ${(error as Error).message}`);
  }
  return model;
}
