import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { scratch, setup, setupUrl } from "./scripts.js";

let folder: string;
let file: string;
let journal: string;
beforeEach(() => {
  folder = scratch();
  file = path.join(folder, "lock");
  journal = path.join(folder, "journal");
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A process that takes the lock and, holding it, notes when it begins and ends. */
function worker(body: string): ChildProcess {
  const code = `
    import fs from "node:fs"; import { spawn } from "node:child_process"; import { setTimeout as sleep } from "node:timers/promises";
    import { locked, heldLocks } from ${JSON.stringify(setupUrl("lock"))};
    const note = (word) => fs.appendFileSync(${JSON.stringify(journal)}, word + "\\n");
    await locked(${JSON.stringify(file)}, () => false, async () => { ${body} });`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "inherit", "ignore"] });
}
const ended = (child: ChildProcess) => new Promise((resolve) => child.once("exit", resolve));
const notes = () => (fs.existsSync(journal) ? fs.readFileSync(journal, "utf8").trim().split("\n") : []);
async function until(condition: () => boolean) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

it("lets one process work at a time", async () => {
  const body = `note("in"); await sleep(150); note("out");`;
  await Promise.all([worker(body), worker(body), worker(body)].map(ended));
  expect(notes()).toEqual(["in", "out", "in", "out", "in", "out"]);
});

it("is free again when its owner was killed", async () => {
  const first = worker(`note("in"); await sleep(60_000);`);
  await until(() => notes().length === 1);
  first.kill("SIGKILL");
  await ended(first);
  const { locked } = await setup("lock");
  let worked = false;
  await locked(
    file,
    () => false,
    () => {
      worked = true;
    },
  );
  expect(worked).toBe(true);
});

it("stays held while a program lives that a killed owner had started", async () => {
  const first = worker(`
    note("in");
    const program = "echo child-in >> ${journal}; sleep 1; echo child-out >> ${journal}";
    spawn("sh", ["-c", program], { stdio: ["ignore", "ignore", "ignore", ...heldLocks()], detached: true });
    await sleep(60_000);`);
  await until(() => notes().includes("child-in"));
  first.kill("SIGKILL");
  await ended(worker(`note("second");`));
  expect(notes()).toEqual(["in", "child-in", "child-out", "second"]);
});

it("does not work when another has done it meanwhile, and does not wait for that one to end", async () => {
  const first = worker(`note("in"); await sleep(60_000);`);
  await until(() => notes().length === 1);
  const { locked } = await setup("lock");
  let asked = 0;
  await locked(
    file,
    () => ++asked > 2,
    () => expect.unreachable(),
  );
  expect(asked).toBe(3);
  first.kill("SIGKILL");
  await ended(first);
});
