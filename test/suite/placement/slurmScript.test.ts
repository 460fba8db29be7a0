import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { slurmScript } from "../../../src/suite/placement/slurmScript.js";
import { exitOf, type Submission } from "../../../src/suite/placement/submission.js";

let root: string;
let submission: Submission;

/** A project whose programs tell how they were started, in a folder whose name needs quoting. */
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "auscult it's shared-"));
  const folder = path.join(root, "submission");
  for (const name of ["submission/exits", "submission/logs", "project/scripts", "bin"])
    mkdirSync(path.join(root, name), { recursive: true });
  writeFileSync(path.join(folder, "token"), "secret\n");
  submission = {
    ...{ format: 1, id: "1", on: "slurm", at: "", token: "secret", folder, project: path.join(root, "project") },
    ...{ mlruns: path.join(root, "mlruns"), tracking: "http://tracker:5000", resources: { threads: 3 }, tasks: [] },
  };
  project("setup", "");
  program("scontrol", `echo "scontrol $@"; kill $PPID`);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const project = (name: string, text: string) => writeFileSync(path.join(root, `project/scripts/${name}.mjs`), text);

function program(name: string, text: string): void {
  const file = path.join(root, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

/** As Slurm starts it: the script, with an offset, as task 4 of an array. */
function started(offset = "1000") {
  const file = path.join(root, "array.sh");
  writeFileSync(file, slurmScript(submission));
  const child = spawn("bash", [file, offset], {
    env: { PATH: `${root}/bin:${process.env.PATH}`, SLURM_ARRAY_JOB_ID: "77", SLURM_ARRAY_TASK_ID: "4" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = new Promise<{ code: number | null; said: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, said })),
  );
  const says = async (what: string) => {
    while (!said.includes(what)) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  return { child, ended, says };
}

const STOPPED_IN_ORDER = `
process.on("SIGTERM", () => { console.log("saved"); process.exit(130); });
console.log("at work");
setInterval(() => {}, 1000);`;

describe("the script of an array", () => {
  test("starts the task of its place, where the submission is", async () => {
    project(
      "auscult",
      `const { AUSCULT_ROOT, AUSCULT_MLRUNS, AUSCULT_PLACE, MLFLOW_TRACKING_URI } = process.env;
      console.log(JSON.stringify([process.cwd(), process.argv.slice(2), AUSCULT_ROOT, AUSCULT_MLRUNS, AUSCULT_PLACE, MLFLOW_TRACKING_URI]));
      process.exit(7);`,
    );
    const { code, said } = await started().ended;
    const { folder, project: at, mlruns } = submission;
    expect(JSON.parse(said)).toEqual([at, ["placed", folder, "1004"], at, mlruns, "slurm 77_4", "http://tracker:5000"]);
    expect(code).toBe(7);
    expect(exitOf(submission, 1004)?.code).toBe(7);
  });

  test("refuses a node that sees another folder by that name", async () => {
    writeFileSync(path.join(submission.folder, "token"), "other\n");
    project("auscult", "console.log('begun')");
    const { code, said } = await started().ended;
    expect(code).toBe(3);
    expect(said).toMatch(/does not see .*is it shared with this node/);
    expect(said).not.toContain("begun");
  });

  test("does not begin where set-up fails", async () => {
    project("setup", "process.exit(5)");
    project("auscult", "console.log('begun')");
    const { code, said } = await started().ended;
    expect([code, said]).toEqual([5, ""]);
    expect(exitOf(submission, 1004)?.code).toBe(5);
  });

  test("hands a stop on to the task, and waits until it has saved", async () => {
    project("auscult", STOPPED_IN_ORDER);
    const { child, ended, says } = started();
    await says("at work");
    child.kill("SIGTERM");
    const { code, said } = await ended;
    expect([code, said]).toEqual([130, "at work\nsaved\n"]);
  });

  test("is queued again when its time limit is near", async () => {
    project("auscult", STOPPED_IN_ORDER);
    const { child, ended, says } = started();
    await says("at work");
    child.kill("SIGUSR1");
    const { said } = await ended;
    expect(said).toContain("saved\n");
    expect(said).toContain("scontrol requeue 77_4");
  });

  test("is not queued again where the task had failed by then", async () => {
    project("auscult", STOPPED_IN_ORDER.replace("130", "1"));
    const { child, ended, says } = started();
    await says("at work");
    child.kill("SIGUSR1");
    const { code, said } = await ended;
    expect(code).toBe(1);
    expect(said).not.toContain("scontrol");
  });

  test("says what Slurm is to give", () => {
    const script = slurmScript({
      ...submission,
      resources: {
        ...{ threads: 3, gpus: 1, memoryGb: 7.5, time: "4:00:00", partition: "short", account: "lungs" },
        sbatch: ["--qos=long"],
      },
    });
    const directives = script.split("\n").filter((line) => line.startsWith("#SBATCH "));
    for (const one of [
      "cpus-per-task=3",
      "gres=gpu:1",
      "mem=7680M",
      "time=4:00:00",
      "partition=short",
      "account=lungs",
    ])
      expect(directives).toContain(`#SBATCH --${one}`);
    expect(directives.at(-1)).toBe("#SBATCH --qos=long");
  });
});
