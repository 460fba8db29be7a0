import { readdirSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { projectRoot } from "../../src/node/paths.js";

const room = path.join(projectRoot(), "src", "inference");

/** Bundles files for a browser; what needs Node cannot be. */
async function bundle(files: readonly string[]) {
  const { metafile } = await build({
    stdin: {
      contents: files
        .map((file, i) => `import * as file${i} from ${JSON.stringify(file)}; console.log(file${i});`)
        .join("\n"),
      resolveDir: projectRoot(),
    },
    bundle: true,
    write: false,
    metafile: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    logLevel: "silent",
  });
  return Object.keys(metafile.inputs);
}

test("every file of the room, with all that it imports, is bundled for a browser: no Node, no TensorFlow", async () => {
  const files = readdirSync(room).filter((file) => file.endsWith(".ts"));
  const inputs = await bundle(files.map((file) => path.join(room, file)));
  expect(inputs.filter((file) => /tensorflow|onnxruntime-node/.test(file))).toEqual([]);
  expect(inputs.filter((file) => file.startsWith("src/inference/"))).toHaveLength(files.length);
  const rooms = new Set(inputs.filter((file) => file.startsWith("src/")).map((file) => file.split("/")[1]));
  expect([...rooms].sort()).toEqual(["audio", "augment", "datasets", "evaluation", "features", "inference", "papers", "userError.ts"]); // biome-ignore format: one line
});

test("a file that needs Node, or the engine, is not bundled", async () => {
  await expect(bundle([path.join(projectRoot(), "src/node/paths.ts")])).rejects.toThrow('Could not resolve "node:');
  await expect(bundle([path.join(projectRoot(), "src/papers/loadModel.ts")])).rejects.toThrow("Could not resolve");
});
