import { type TensorFlow, tf } from "../../src/tensorflow.js";

/** A model saved as a file would hold it, and loaded. */
export async function throughMemory(model: TensorFlow.LayersModel): Promise<TensorFlow.LayersModel> {
  let saved: unknown;
  const handler = tf.io.withSaveHandler(async ({ weightData, ...rest }) => {
    saved = { ...JSON.parse(JSON.stringify(rest)), weightData };
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  });
  await model.save(handler);
  return tf.loadLayersModel(tf.io.fromMemory(saved as never));
}
