import fs from "node:fs";
import path from "node:path";
import { run } from "./child.mjs";
import { root, SetupError, sha256 } from "./common.mjs";
import { compiler } from "./machine.mjs";
import { stage } from "./stage.mjs";

/**
 * The addon: tfjs-node's own sources and ours (`native/`), which add graph capture. tfjs-node's are patched in a copy; node_modules stays
 * as npm delivers it.
 */
const theirs = path.join(root, "node_modules/@tensorflow/tfjs-node-gpu/binding");
const ours = path.join(root, "native");
const flags = ["-O2", "-std=c++17", "-fPIC", "-shared", "-w", "-DNAPI_VERSION=8", "-DBUILDING_NODE_EXTENSION"];

/** Each text occurs once. Ours needs the backend's context and its table of tensors, and is asked for its methods at the end. */
const patches = [
  {
    file: "tfjs_backend.h",
    find: "namespace tfnodejs {\n\nclass TFJSBackend {",
    put: "namespace auscult {\nstruct GraphCapture;\n}\n\nnamespace tfnodejs {\n\nclass TFJSBackend {\n  friend struct auscult::GraphCapture;\n",
  },
  {
    file: "tfjs_binding.cc",
    find: '#include "tfjs_backend.h"\n',
    put: '#include "graphCapture.h"\n#include "tfjs_backend.h"\n',
  },
  {
    file: "tfjs_binding.cc",
    find: "#undef EXPORT_INT_PROPERTY\n",
    put: "#undef EXPORT_INT_PROPERTY\n\n  auscult::exportGraphCapture(env, exports);\n",
  },
];

const filesIn = (folder) =>
  fs
    .readdirSync(folder)
    .filter((name) => /\.(cc|h)$/.test(name))
    .sort()
    .map((name) => ({ name, content: fs.readFileSync(path.join(folder, name), "utf8") }));

/** Changes with every source, patch and flag; `changed` stands in for sources of ours, by name. */
export function addonDigest(changed = new Map()) {
  const parts = [
    ...filesIn(theirs),
    ...filesIn(ours).map(({ name, content }) => ({ name, content: changed.get(name) ?? content })),
  ];
  const texts = parts.map(({ name, content }) => `${name}\n${content}`);
  return sha256(...texts, JSON.stringify(patches), flags.join(" ")).slice(0, 8);
}

/** All sources, patched, as they are compiled. Throws a SetupError when a patch does not fit. */
export function addonSources() {
  const sources = new Map([...filesIn(theirs), ...filesIn(ours)].map(({ name, content }) => [name, content]));
  for (const { file, find, put } of patches) {
    const parts = sources.get(file)?.split(find) ?? [];
    if (parts.length !== 2) {
      throw new SetupError(
        `${path.join(theirs, file)} is not the file that the patch in scripts/setup/addon.mjs is for. Has tfjs-node another version?`,
      );
    }
    sources.set(file, parts.join(put));
  }
  return sources;
}

/** Compiles the addon against the library in `library` to `built`, which is there whole or not at all. */
export async function compileAddon(library, built) {
  const tensorflow = path.join(library, "tensorflow");
  for (const left of fs.readdirSync(library)) {
    if (left.endsWith(".making")) fs.rmSync(path.join(library, left), { recursive: true, force: true }); // from a set-up that was killed
  }
  const making = `${built}.making`;
  fs.mkdirSync(making);
  try {
    const sources = addonSources();
    for (const [name, content] of sources) fs.writeFileSync(path.join(making, name), content);
    const units = [...sources.keys()].filter((name) => name.endsWith(".cc")).map((name) => path.join(making, name));
    const folders = [path.join(tensorflow, "include"), path.join(root, "node_modules/node-api-headers/include")];
    const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"].map((name) =>
      path.join(tensorflow, name),
    );
    const output = path.join(making, "tfjs_binding.node");
    const link = [...libraries, `-Wl,-rpath,${tensorflow}`];
    await stage("engine: compiling the addon", () =>
      run(compiler(), [...flags, ...folders.flatMap((folder) => ["-I", folder]), ...units, "-o", output, ...link], {
        hint: "The compiler must know C++17: g++ 9 or later.",
        first: 10,
      }),
    );
    fs.renameSync(output, built);
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}
