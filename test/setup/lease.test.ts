import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { program, scratch, setupUrl } from "./scripts.js";

let folder: string;
let file: string;
let journal: string;
beforeEach(() => {
  folder = scratch();
  file = path.join(folder, "lock");
  journal = path.join(folder, "journal");
});

/**
 * A process on a machine of its own as far as set-up can tell: another kernel's id, and a `flock` program in the place of the real one, which
 * locks nothing. It answers 0 where locks are each machine's alone, 71 where there are none (util-linux 2.38 does so for ENOLCK; 65 for
 * ENOSYS and EOPNOTSUPP).
 */
function machine(boot: string, body: string, { flock = 0, beatMs = 50, lapseMs = 2000 } = {}): ChildProcess {
  const bin = path.join(folder, `bin-${flock}`);
  program(bin, "flock", `exit ${flock}`);
  const code = `
    import fs from "node:fs"; import { setTimeout as sleep } from "node:timers/promises";
    import { locked } from ${JSON.stringify(setupUrl("lock"))};
    const note = (word) => fs.appendFileSync(${JSON.stringify(journal)}, word + "\\n");
    const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    const lease = { boot: ${JSON.stringify(boot)}, beatMs: ${beatMs}, lapseMs: ${lapseMs} };
    await locked(${JSON.stringify(file)}, () => false, async () => { ${body} }, () => {}, lease);`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "inherit", "ignore"],
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
  });
}
const ended = (child: ChildProcess) =>
  new Promise<number | string | null>((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)));
const notes = () => (fs.existsSync(journal) ? fs.readFileSync(journal, "utf8").trim().split("\n") : []);
async function until(condition: () => boolean) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.each([
  { flock: 0, name: "that locks for each machine alone" },
  { flock: 71, name: "whose lock server does not answer" },
  { flock: 65, name: "without locks" },
])("on a file system $name", ({ flock }) => {
  it("one machine works at a time", async () => {
    const body = `note("in"); await sleep(150); note("out");`;
    const machines = ["a", "b", "c"].map((boot) => machine(boot, body, { flock }));
    expect(await Promise.all(machines.map(ended))).toEqual([0, 0, 0]);
    expect(notes()).toEqual(["in", "out", "in", "out", "in", "out"]);
    expect(fs.readdirSync(folder).sort()).toEqual([`bin-${flock}`, "journal", "lock"]);
  });

  it("a machine that is lost is not waited for when its lease has lapsed", async () => {
    const first = machine("a", `note("in"); await sleep(60_000);`, { flock });
    await until(() => notes().length === 1);
    first.kill("SIGKILL");
    expect(await ended(machine("b", `note("second");`, { flock, lapseMs: 500 }))).toBe(0);
    expect(notes()).toEqual(["in", "second"]);
  });
});

it("a lease is kept fresh while its holder deletes, compiles, or blocks", async () => {
  const first = machine("a", `note("in"); block(5000); note("out");`);
  await until(() => notes().length === 1);
  expect(await Promise.all([first, machine("b", `note("second");`)].map(ended))).toEqual([0, 0]);
  expect(notes()).toEqual(["in", "out", "second"]);
});

it("the same kernel's word that a holder has ended is enough: nobody waits for the lapse", async () => {
  const first = machine("a", `note("in"); await sleep(60_000);`);
  await until(() => notes().length === 1);
  first.kill("SIGKILL");
  await ended(first);
  expect(await ended(machine("a", `note("second");`, { lapseMs: 3_600_000 }))).toBe(0);
});

it("who stood still for longer than the lapse ends, and leaves the other's lease alone", async () => {
  const first = machine("a", `note("in"); await sleep(60_000); note("never");`);
  await until(() => notes().length === 1);
  first.kill("SIGSTOP");
  const second = machine("b", `note("second"); while (!fs.existsSync("${journal}.go")) await sleep(20); note("out");`, {
    lapseMs: 500,
  });
  await until(() => notes().length === 2);
  first.kill("SIGCONT");
  expect(await ended(first)).toBe("SIGTERM");
  expect(fs.readdirSync(`${file}.lease`)).toHaveLength(1);
  const third = machine("c", `note("third");`);
  fs.writeFileSync(`${journal}.go`, "");
  expect(await Promise.all([second, third].map(ended))).toEqual([0, 0]);
  expect(notes()).toEqual(["in", "second", "out", "third"]);
});
