import fs from "node:fs";
import path from "node:path";
import { cacheFolder, megabytesIn, needSpace } from "./common.mjs";
import { stage } from "./stage.mjs";
import { download, inScratch, megabytesFetched, roomFor, unpack, wheels } from "./wheel.mjs";

/** TensorFlow's C libraries and headers: all that is used of its wheels. */
const used = [
  "tensorflow/libtensorflow_cc.so.2",
  "tensorflow/libtensorflow_framework.so.2",
  "tensorflow/THIRD_PARTY_NOTICES.txt",
  "tensorflow/include/tensorflow/c/*",
  "tensorflow/include/tensorflow/core/platform/ctstring*",
  "tensorflow/include/xla/tsl/c/*",
  "tensorflow/include/tsl/platform/ctstring*",
  "*.dist-info/METADATA",
  "*LICENSE",
];

/** NVIDIA's libraries, and the compiler's parts that XLA calls. */
const usedOfCuda = [
  "nvidia/*/lib/*.so*",
  "nvidia/*/bin/*",
  "nvidia/*/nvvm/*",
  "*.dist-info/METADATA",
  "*.dist-info/licenses/*",
];

const nameOf = (wheel) => `${wheel.name}-${wheel.version}-${wheel.sha256.slice(0, 8)}`;

/** Where the library of a build (`cpu` or `gpu`) is kept. Both may be there. */
export const libraryFolder = (build) => path.join(cacheFolder(), nameOf(wheels[build]));
export const libraryReady = (build) => fs.existsSync(path.join(libraryFolder(build), "complete"));

/** The library is moved to its place when it is whole. */
export async function fetchLibrary(build) {
  const wheel = wheels[build];
  needSpace(cacheFolder(), roomFor(wheel), `TensorFlow's library (${build} build)`);
  await inScratch(async (making) => {
    const file = await stage(`engine: downloading ${wheel.name}==${wheel.version}`, () => download(wheel, making), {
      megabytes: () => megabytesFetched(making),
      of: wheel.megabytes,
    });
    const out = path.join(making, "out");
    await stage("engine: unpacking", () => unpack(file, out, used), {
      megabytes: () => megabytesIn(out),
      of: wheel.unpackedMegabytes,
    });
    fs.writeFileSync(path.join(out, "complete"), `${path.basename(file)}\n`);
    fs.rmSync(libraryFolder(build), { recursive: true, force: true });
    fs.renameSync(out, libraryFolder(build));
  });
}

/**
 * NVIDIA's libraries lie in `nvidia/` beside `tensorflow/`, where the library's runpath looks for them, one folder a wheel. A mark
 * for each wheel, written last, says that its folder is whole; a last one that all are.
 */
const cudaMark = (name, library = libraryFolder("gpu")) => path.join(library, "cuda", name);
const missingCuda = (library, list) => list.filter((wheel) => !fs.existsSync(cudaMark(nameOf(wheel), library)));

/** `library` is the folder of a GPU build. */
export const cudaReady = (library, list = wheels.cuda) =>
  missingCuda(library, list).length === 0 && fs.existsSync(cudaMark("complete", library));

/** Wheel by wheel, so that a set-up that was stopped goes on with the next. */
export async function fetchCuda(list = wheels.cuda, fetchWheel = download) {
  const missing = missingCuda(libraryFolder("gpu"), list);
  const of = missing.reduce((sum, { megabytes }) => sum + megabytes, 0);
  const room = missing.reduce((sum, wheel) => sum + wheel.unpackedMegabytes, 0);
  const largest = Math.max(0, ...missing.map(({ megabytes }) => megabytes));
  fs.rmSync(cudaMark("complete"), { force: true });
  needSpace(cacheFolder(), Math.ceil(1.1 * (room + largest)), "CUDA");
  let done = 0;
  await inScratch((making) =>
    stage(
      `engine: downloading CUDA (${missing.length} wheels)`,
      async () => {
        for (const wheel of missing) {
          await placeCudaWheel(wheel, await fetchWheel(wheel, making), path.join(making, "out"));
          done += wheel.megabytes;
        }
      },
      { megabytes: () => done + megabytesFetched(making), of },
    ),
  );
  fs.writeFileSync(cudaMark("complete"), "");
}

async function placeCudaWheel(wheel, file, out) {
  await unpack(file, out, usedOfCuda);
  fs.rmSync(path.dirname(file), { recursive: true });
  const library = libraryFolder("gpu");
  // nvidia/cublas and the like, and the licence; another version of either makes way.
  for (const name of [...fs.readdirSync(path.join(out, "nvidia")).map((part) => `nvidia/${part}`), ...infoOf(out)]) {
    fs.mkdirSync(path.dirname(path.join(library, name)), { recursive: true });
    fs.rmSync(path.join(library, name), { recursive: true, force: true });
    fs.renameSync(path.join(out, name), path.join(library, name));
  }
  fs.rmSync(out, { recursive: true });
  fs.mkdirSync(path.dirname(cudaMark(nameOf(wheel))), { recursive: true });
  fs.writeFileSync(cudaMark(nameOf(wheel)), "");
}

const infoOf = (folder) => fs.readdirSync(folder).filter((name) => name.endsWith(".dist-info"));
