import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import { root, scratch, setupUrl } from "./scripts.js";

/** CUDA's wheels with made ones in the registry's place: what is tested is in which order they are placed and marked. */
const LETTERS = ["a", "b", "c"];
let folder: string;
let cache: string;
beforeEach(() => {
  folder = scratch();
  cache = path.join(folder, "cache");
  const code = `
import sys, zipfile
for name in "${LETTERS.join("")}":
    with zipfile.ZipFile(f"{sys.argv[1]}/{name}.whl", "w") as z:
        for file in (f"nvidia/{name}/lib/lib{name}.so.1", f"nvidia/{name}/include/{name}.h", f"nvidia_{name}.dist-info/METADATA"):
            z.writestr(file, name)
`;
  expect(spawnSync(path.join(root, ".venv/bin/python"), ["-c", code, folder]).status).toBe(0);
});

interface Ended {
  signal: NodeJS.Signals | null;
  fetched: string[];
  ready: boolean;
  said: string;
}

/** Fetches what is missing, in a process of its own; killed when wheel `killAt` has come. */
function fetchAll(killAt = "", killWhen: "fetched" | "unpacked" = "fetched", version = "12.0"): Ended {
  const list = LETTERS.map((letter) => ({
    name: `nvidia-${letter}`,
    version,
    sha256: letter.repeat(64),
    megabytes: 1,
    unpackedMegabytes: 1,
  }));
  const journal = path.join(folder, "journal");
  fs.writeFileSync(journal, "");
  const code = `
    import fs from "node:fs"; import path from "node:path";
    import { fetchCuda, cudaReady, libraryFolder } from ${JSON.stringify(setupUrl("library"))};
    const list = ${JSON.stringify(list)};
    const stop = () => process.kill(process.pid, "SIGKILL");
    const rename = fs.renameSync;
    fs.renameSync = (from, to) => {
      if (${JSON.stringify(killWhen)} === "unpacked" && from.endsWith("nvidia/${killAt}")) stop();
      rename(from, to);
    };
    await fetchCuda(list, async ({ name }, making) => {
      const letter = name.slice(-1);
      const file = path.join(making, "wheel", letter + ".whl");
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.copyFileSync(path.join(${JSON.stringify(folder)}, letter + ".whl"), file);
      fs.appendFileSync(${JSON.stringify(journal)}, letter);
      if (${JSON.stringify(killWhen)} === "fetched" && letter === ${JSON.stringify(killAt)}) stop();
      return file;
    });
    console.log(cudaReady(libraryFolder("gpu"), list) && !cudaReady());`;
  const { signal, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    env: { ...process.env, AUSCULT_CACHE: cache },
    encoding: "utf8",
  });
  return { signal, fetched: [...fs.readFileSync(journal, "utf8")], ready: stdout.trim() === "true", said: stderr };
}

const library = () => path.join(cache, fs.readdirSync(cache).find((name) => name.startsWith("tensorflow-"))!);
const leftovers = () => fs.readdirSync(cache).filter((name) => name.startsWith("making-"));

it("lie in the layout that TensorFlow's runpath knows, without headers", () => {
  const { fetched, ready, said } = fetchAll();
  expect(ready, said).toBe(true);
  expect(fetched).toEqual(LETTERS);
  for (const letter of LETTERS) {
    expect(fs.readdirSync(path.join(library(), "nvidia", letter), { recursive: true }).sort()).toEqual([
      "lib",
      `lib/lib${letter}.so.1`,
    ]);
  }
  expect(leftovers()).toEqual([]);
});

it.each(["fetched", "unpacked"] as const)(
  "go on with the wheel that was being placed when set-up was killed (%s)",
  (when) => {
    expect(fetchAll("b", when)).toMatchObject({ signal: "SIGKILL", fetched: ["a", "b"] });
    expect(fs.existsSync(path.join(library(), "cuda/complete"))).toBe(false);
    expect(fs.existsSync(path.join(library(), "nvidia/b"))).toBe(false);
    expect(fetchAll()).toMatchObject({ signal: null, fetched: ["b", "c"], ready: true });
    expect(leftovers()).toEqual([]);
  },
);

it("are fetched again when the lock names another version", () => {
  fetchAll();
  expect(fetchAll("b", "fetched", "12.1")).toMatchObject({ signal: "SIGKILL" });
  expect(fs.existsSync(path.join(library(), "cuda/complete"))).toBe(false);
  expect(fetchAll("", "fetched", "12.1")).toMatchObject({ fetched: ["b", "c"], ready: true });
});
