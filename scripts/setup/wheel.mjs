import fs from "node:fs";
import path from "node:path";
import { run } from "./child.mjs";
import { cacheFolder, megabytesIn, read, root } from "./common.mjs";
import { venvPython } from "./python.mjs";

/** The wheels of the engine, each with its digest; only their native libraries are used, whatever Python is on the machine. */
export const wheels = JSON.parse(read(path.join(root, "scripts/setup/engineWheels.json")));

/** Does `work` in a new folder in the cache, which is gone afterwards. Whoever calls holds the cache's lock. */
export async function inScratch(work) {
  const cache = cacheFolder();
  fs.mkdirSync(cache, { recursive: true });
  for (const left of fs.readdirSync(cache)) {
    if (left.startsWith("making-")) fs.rmSync(path.join(cache, left), { recursive: true, force: true }); // from a set-up that was killed
  }
  const making = fs.mkdtempSync(path.join(cache, "making-"));
  try {
    return await work(making);
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}

/** Room that a wheel takes while it is unpacked, in megabytes: the wheel itself, what comes out, and a tenth to spare. */
export const roomFor = ({ megabytes, unpackedMegabytes }) => Math.ceil(1.1 * (megabytes + unpackedMegabytes));

/** Fetches one wheel into `making` and answers with its path. */
export async function download(wheel, making) {
  const requirement = path.join(making, "requirement.txt");
  fs.writeFileSync(requirement, `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const scratch = scratchOf(making);
  fs.mkdirSync(scratch, { recursive: true });
  const pip = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-cache-dir"];
  const exactly = ["--only-binary=:all:", "--require-hashes", "--retries", "2"];
  const tag = ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--platform", wheel.platform];
  const folder = path.join(making, "wheel");
  await run(venvPython, [...pip, ...exactly, ...tag, "-d", folder, "-r", requirement], {
    env: { ...process.env, TMPDIR: scratch },
  });
  const [file] = fs.readdirSync(folder);
  return path.join(folder, file);
}

/** What a download has fetched so far. */
export const megabytesFetched = (making) => megabytesIn(scratchOf(making));

// pip's own scratch stays on this disk too: /tmp is small on many machines.
const scratchOf = (making) => path.join(making, "scratch");

/** The files of a wheel whose names match a pattern. */
export const unpack = (file, folder, patterns) =>
  run(venvPython, [path.join(root, "scripts/python/unpackWheel.py"), file, folder, ...patterns], {});
