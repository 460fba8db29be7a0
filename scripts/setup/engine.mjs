import fs from "node:fs";
import path from "node:path";
import { addonDigest, compileAddon } from "./addon.mjs";
import { run } from "./child.mjs";
import { cacheFolder, megabytesIn, needSpace, root } from "./common.mjs";
import { venvPython } from "./python.mjs";
import { stage } from "./stage.mjs";

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

const addonLink = path.join(root, "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node");

const libraryFolder = () =>
  path.join(cacheFolder(), `${wheel.requirement.replace("==", "-")}-${wheel.sha256.slice(0, 8)}`);
const libraryReady = () => fs.existsSync(path.join(libraryFolder(), "complete"));
const addonFile = () => path.join(libraryFolder(), `tfjs_binding-${addonDigest()}.node`);

/** Ready when the package leads to the right addon in a whole library, in this cache folder or in the one of an earlier set-up. */
export function engineReady() {
  try {
    const target = fs.readlinkSync(addonLink);
    const right = (file) => file.split(path.sep).slice(-2).join(path.sep);
    const whole = fs.existsSync(path.join(path.dirname(target), "complete"));
    return right(target) === right(addonFile()) && whole && fs.existsSync(target);
  } catch {
    return false;
  }
}

export async function installEngine() {
  if (!libraryReady()) await fetchLibrary();
  const built = addonFile();
  if (!fs.existsSync(built)) await compileAddon(libraryFolder(), built);
  fs.mkdirSync(path.dirname(addonLink), { recursive: true });
  // In one move: a program that starts meanwhile finds the one or the other.
  const beside = `${addonLink}.${process.pid}`;
  fs.rmSync(beside, { force: true });
  fs.symlinkSync(built, beside);
  fs.renameSync(beside, addonLink);
}

async function fetchLibrary() {
  const cache = cacheFolder();
  fs.mkdirSync(cache, { recursive: true });
  for (const left of fs.readdirSync(cache)) {
    if (left.startsWith("making-")) fs.rmSync(path.join(cache, left), { recursive: true, force: true }); // from a set-up that was killed
  }
  needSpace(cache, 1200, "TensorFlow's library");
  const making = fs.mkdtempSync(path.join(cache, "making-"));
  try {
    const requirement = path.join(making, "requirement.txt");
    fs.writeFileSync(requirement, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
    // pip's own scratch stays on this disk too: /tmp is small on many machines.
    const scratch = path.join(making, "scratch");
    fs.mkdirSync(scratch);
    const pip = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-cache-dir"];
    const exactly = ["--only-binary=:all:", "--require-hashes", ...wheel.tag, "--retries", "2"];
    const folder = path.join(making, "wheel");
    await stage(
      `engine: downloading ${wheel.requirement}`,
      () =>
        run(venvPython, [...pip, ...exactly, "-d", folder, "-r", requirement], {
          env: { ...process.env, TMPDIR: scratch },
        }),
      { megabytes: () => megabytesIn(scratch), of: 274 },
    );
    const [file] = fs.readdirSync(folder);
    const out = path.join(making, "out");
    await stage(
      "engine: unpacking",
      async () => {
        await run(venvPython, ["-c", unpack, path.join(folder, file), out], {});
        syncFile(path.join(out, "tensorflow/libtensorflow_cc.so.2"));
      },
      { megabytes: () => megabytesIn(out), of: 820 },
    );
    fs.writeFileSync(path.join(out, "complete"), `${file}\n`);
    fs.rmSync(libraryFolder(), { recursive: true, force: true });
    fs.renameSync(out, libraryFolder());
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}

function syncFile(file) {
  const descriptor = fs.openSync(file, "r");
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
}
