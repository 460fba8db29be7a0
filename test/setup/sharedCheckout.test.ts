import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { pretendCache, pretendProject } from "./pretendProject.js";
import { program, scratch, setup } from "./scripts.js";

let folder: string;
let project: string;
let journal: string;
beforeEach(async () => {
  folder = fs.realpathSync(scratch());
  project = path.join(folder, "auscult");
  journal = path.join(folder, "journal");
  await pretendProject(project);
});

interface Node {
  host: string;
  cache: string;
  driver?: boolean;
  args?: string[];
  /** Runs first, with `note` and `fs`. */
  before?: string;
}

/** The engine step of set-up as a node does it, with its own cache; it has a driver or not, whatever this machine has. */
function node({ host, cache, driver = false, args = [], before = "" }: Node): ChildProcess {
  const of = (name: string) => JSON.stringify(pathToFileURL(path.join(project, "scripts/setup", `${name}.mjs`)).href);
  const code = `
    import fs from "node:fs";
    import { installEngine, linkedBuild } from ${of("engine")};
    import { engineChoice } from ${of("engineChoice")};
    const note = (word) => fs.appendFileSync(${JSON.stringify(journal)}, word + "\\n");
    ${before}
    const driver = () => ({ found: ${driver}, says: "pretended" });
    const args = ${JSON.stringify(args)};
    const choose = () => engineChoice(args, linkedBuild(), { env: {}, driver });
    const relink = args.includes("--relink");
    await installEngine(choose, { host: ${JSON.stringify(host)}, relink }).catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "inherit", "pipe"],
    env: { ...process.env, AUSCULT_CACHE: cache },
  });
}

function ended(child: ChildProcess): Promise<{ status: number | null; said: string }> {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, said })));
}
const ready = { status: 0, said: expect.not.stringContaining("cannot") };
const notes = () => (fs.existsSync(journal) ? fs.readFileSync(journal, "utf8").trim().split("\n") : []);
const lib = () => path.join(project, "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8");
const linked = () => fs.readlinkSync(path.join(lib(), "tfjs_binding.node"));
const cacheOf = async (name: string) => {
  const cache = path.join(folder, name);
  await pretendCache(cache);
  return cache;
};
/** The build linked, told from the name of the wheel that its folder has. */
const build = () => /\/tensorflow(-cpu)?-[^/]+\/[^/]+$/.exec(linked())?.[1] ?? "-gpu";

describe("nodes with a cache each that share a checkout", () => {
  it("link one at a time", async () => {
    const before = `
      const rename = fs.renameSync;
      fs.renameSync = (from, to) => {
        if (!to.endsWith("tfjs_binding.node")) return rename(from, to);
        note("in");
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
        rename(from, to);
        note("out");
      };`;
    const nodes = await Promise.all(
      ["cpu", "gpu", "cpu", "gpu"].map(async (engine, i) =>
        node({ host: `node-${i}`, cache: await cacheOf(`cache-${i}`), args: ["--engine", engine], before }),
      ),
    );
    expect(await Promise.all(nodes.map(ended))).toEqual([ready, ready, ready, ready]);
    expect(notes()).toEqual(
      Array(notes().length / 2)
        .fill(["in", "out"])
        .flat(),
    );
    expect(notes().length).toBeGreaterThan(2);
    expect(fs.readdirSync(lib()).sort()).toEqual(["tfjs_binding.node", "tfjs_binding.node.host"]);
  });

  it("refuse to change a link for one of them that leads to another's own disk, and say what helps", async () => {
    const cache = await cacheOf("disk-a");
    expect(await ended(node({ host: "node-a", cache }))).toEqual(ready);
    const before = linked();
    fs.renameSync(cache, path.join(folder, "unseen")); // from another node it is not there
    const other = await cacheOf("disk-b");
    const { status, said } = await ended(node({ host: "node-b", cache: other }));
    expect(status).toBe(1);
    expect(said).toContain(`was linked on node-a, where the cache is ${cache}; node-b has no such folder`);
    expect(said).toContain(`AUSCULT_CACHE=${cache}`);
    expect(linked()).toBe(before);
    expect(await ended(node({ host: "node-b", cache: other, args: ["--relink"] }))).toEqual(ready);
    expect(linked().startsWith(other)).toBe(true);
  });

  it("each have their own disk at one path", async () => {
    const cache = await cacheOf("disk");
    await ended(node({ host: "node-a", cache }));
    const before = linked();
    fs.renameSync(cache, path.join(folder, "disk-of-a"));
    await pretendCache(cache);
    expect(await ended(node({ host: "node-b", cache }))).toEqual(ready);
    expect(linked()).toBe(before);
  });

  it("is linked anew on the host where its cache was moved", async () => {
    const cache = await cacheOf("before");
    await ended(node({ host: "node-a", cache }));
    const moved = path.join(folder, "after");
    fs.renameSync(cache, moved);
    expect(await ended(node({ host: "node-a", cache: moved }))).toEqual(ready);
    expect(linked().startsWith(moved)).toBe(true);
  });
});

describe("nodes with a driver and without", () => {
  it("end with the GPU build, in either order", async () => {
    const cache = await cacheOf("cache");
    await ended(node({ host: "login", cache }));
    expect(build()).toBe("-cpu");
    await ended(node({ host: "gpu-1", cache, driver: true }));
    expect(build()).toBe("-gpu");
    await ended(node({ host: "login", cache }));
    await ended(node({ host: "cpu-1", cache }));
    expect(build()).toBe("-gpu");
    await ended(node({ host: "login", cache, args: ["--engine", "cpu"] }));
    expect(build()).toBe("-cpu");
    await ended(node({ host: "gpu-1", cache, driver: true })); // what was asked for holds on all nodes
    expect(build()).toBe("-cpu");
  });

  it("end with the GPU build where both begin before anything is linked", async () => {
    const [slow, fast] = [await cacheOf("slow"), await cacheOf("fast")];
    const { locked } = await setup("lock");
    const addon = fs.readdirSync(slow).find((name) => name.startsWith("tensorflow-cpu"))!;
    const mark = path.join(slow, addon, "complete");
    fs.rmSync(mark); // the node without a driver has yet to fetch its library: here, to wait for us
    let without: Promise<unknown> = Promise.resolve();
    await locked(
      path.join(slow, "setup.lock"),
      () => false,
      async () => {
        const child = node({ host: "login", cache: slow });
        without = ended(child);
        await new Promise((resolve) => child.stderr?.once("data", resolve)); // it chose, and waits
        expect(await ended(node({ host: "gpu-1", cache: fast, driver: true }))).toEqual(ready);
        fs.writeFileSync(mark, "");
      },
    );
    expect(await without).toEqual(ready);
    expect(build()).toBe("-gpu");
    expect(linked().startsWith(fast)).toBe(true);
  });
});

it("a node with a GPU that cannot fetch its build says how the others can help", async () => {
  const cache = path.join(folder, "empty");
  const { status, said } = await ended(node({ host: "gpu-1", cache, driver: true })); // here Python is missing, not the network
  expect(status).toBe(1);
  expect(said).toContain("The GPU build is wanted since this machine has a GPU: pretended.");
  expect(said).toContain("npm run setup -- --engine gpu --cuda");
  expect(fs.existsSync(path.join(lib(), "tfjs_binding.node"))).toBe(false);
  const asked = await ended(node({ host: "gpu-1", cache, driver: true, args: ["--engine", "gpu"] }));
  expect(asked.said).not.toContain("is wanted since");
});

describe("a node with another Python than the one that the checkout was set up with", () => {
  async function setUp(host: string, ...args: string[]) {
    const cache = await cacheOf("cache");
    await ended(node({ host: "login-1", cache, args: ["--engine", "cpu"] }));
    const file = path.join(project, ".venv/auscult.json");
    const stamp = JSON.parse(fs.readFileSync(file, "utf8"));
    fs.writeFileSync(file, JSON.stringify({ ...stamp, python: "3.99", host }));
    const env = { ...process.env, AUSCULT_CACHE: cache, PYTHON: "/bin/false" }; // whoever begins to make it stops there
    const stdio: ["ignore", "ignore", "pipe"] = ["ignore", "ignore", "pipe"];
    return ended(spawn(process.execPath, ["scripts/setup.mjs", "--verbose", ...args], { cwd: project, env, stdio }));
  }

  it("leaves the environment to the others, and says what does not start there", async () => {
    const { status, said } = await setUp("login-1");
    expect(status, said).toBe(0);
    expect(said).toMatch(/\.venv was made on login-1 with Python 3\.99, which does not run here\. .*\n.*nothing to do/);
  });

  it("makes it anew when told to, or on the host that made it", async () => {
    expect(await setUp("login-1", "--relink")).toMatchObject({ status: 1, said: expect.stringContaining("no Python") });
    expect(await setUp(os.hostname())).toMatchObject({ status: 1, said: expect.stringContaining("no Python") });
  });
});

it("ten set-ups at once of what is ready take no lock", async () => {
  const cache = await cacheOf("cache");
  await ended(node({ host: "node-a", cache, args: ["--engine", "cpu"] }));
  fs.rmSync(path.join(project, ".setup.lock"));
  fs.rmSync(path.join(cache, "setup.lock"), { force: true });
  const bin = path.join(folder, "bin");
  program(bin, "flock", `echo flock >> ${journal}`);
  const env = { ...process.env, AUSCULT_CACHE: cache, PATH: `${bin}:${process.env.PATH}` };
  const all = Array.from({ length: 10 }, () =>
    ended(
      spawn(process.execPath, ["scripts/setup.mjs", "--verbose"], {
        cwd: project,
        env,
        stdio: ["ignore", "ignore", "pipe"],
      }),
    ),
  );
  for (const { status, said } of await Promise.all(all)) {
    expect(status, said).toBe(0);
    expect(said).toMatch(/^\[setup\] nothing to do/);
  }
  expect(notes()).toEqual([]);
  expect(fs.existsSync(path.join(project, ".setup.lock"))).toBe(false);
});
