import { writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { projectRoot } from "../../node/paths.js";
import { type TensorFlow, tf } from "../../tensorflow.js";

/**
 * Writes what stock TensorFlow.js loads: `model.json` and `weights.bin` for `tf.loadLayersModel`, and `layers.js`, which makes the
 * network's layers known to the `tf` of the page (or to `globalThis.tf` in Node) and is loaded before.
 *
 * @param folder which is made
 */
export async function writeTfjs(network: TensorFlow.LayersModel, folder: string): Promise<void> {
  await network.save(`file://${folder}`);
  writeFileSync(path.join(folder, "layers.js"), await bundledLayers());
}

/** What `writeTfjs` wrote, read back from its files. */
export function readTfjs(folder: string): Promise<TensorFlow.LayersModel> {
  return tf.loadLayersModel(`file://${path.join(folder, "model.json")}`);
}

const HEAD = `/* Layers of auscult for TensorFlow.js 4: load after tf.min.js and before tf.loadLayersModel("model.json"). */`;

/** Every layer of the project in one script. They are compiled against `globalThis.tf`, so they take their portable paths. */
export async function bundledLayers(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `import "./src/nn/layers/everyLayer.js";`, resolveDir: projectRoot(), loader: "ts" },
    ...{ bundle: true, write: false, minify: true, keepNames: true, format: "iife", target: "es2022", charset: "utf8" },
    banner: { js: HEAD },
    plugins: [
      {
        name: "tf of the page",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /\/tensorflow\.js$/ }, () => ({ path: "tf", namespace: "page" }));
          onLoad({ filter: /.*/, namespace: "page" }, () => ({ contents: "export const tf = globalThis.tf;" }));
        },
      },
    ],
  });
  return outputFiles[0]!.text;
}
