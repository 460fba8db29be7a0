import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rayJob } from "../../../src/suite/placement/rayJob.js";
import { newSubmission, type Submission } from "../../../src/suite/placement/submission.js";

let folder: string;
let submission: Submission;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "auscult-ray-"));
  const shared = path.join(folder, "it's a $HOME folder");
  mkdirSync(shared);
  submission = { ...newSubmission("ray", [], { threads: 1, gpus: 0 }), folder: shared, project: "/the project's" };
  writeFileSync(path.join(shared, "token"), `${submission.token}\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A Python that tells how it was called; without Ray it says so when asked. */
function python(place: string, name: string, hasRay: boolean): string {
  const file = path.join(folder, place, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n[ "$1" = -c ] && exit ${hasRay ? 0 : 1}\necho ${place}; printf '%s\\n' "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** The entrypoint, as a job's shell runs it; the path holds what it needs, and no other Python. */
function run(environment: Record<string, string> = {}) {
  const programs = path.join(folder, "programs");
  mkdirSync(programs, { recursive: true });
  for (const name of ["sh", "cat", "hostname", "tr", "sed", "env"])
    symlinkSync(spawnSync("which", [name], { encoding: "utf8" }).stdout.trim(), path.join(programs, name));
  const entry = path.join(folder, "entry.sh");
  writeFileSync(entry, rayJob(submission).entrypoint);
  const PATH = [path.join(folder, "path"), programs].join(":");
  // The shell's parent is what Ray calls the supervisor.
  return spawnSync("sh", ["-c", `env -u RAY_RAYLET_PID sh '${entry}'; exit $?`], {
    env: { PATH, ...environment },
    encoding: "utf8",
  });
}

const driver = () => ["/the project's/scripts/python/rayDriver.py", submission.folder, path.dirname(process.execPath)];

describe("the entrypoint of a job", () => {
  test("becomes the driver, by the first Python that has Ray", () => {
    python("path", "python3", false);
    python("path", "python", true);
    const { status, stdout } = run();
    expect(stdout.trimEnd().split("\n")).toEqual(["path", ...driver()]);
    expect(status).toBe(0);
  });

  test("takes the Python by which Ray starts its workers, on the path or not", async () => {
    python("path", "python3", true);
    const own = python("own", "python3", true);
    const raylet = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)", "--", `--python_worker_command=${own} setup_worker.py --port=1`]); // biome-ignore format: one process
    await new Promise((resolve) => raylet.once("spawn", resolve));
    const { stdout } = run({ RAY_RAYLET_PID: String(raylet.pid) });
    raylet.kill("SIGKILL");
    expect(stdout.trimEnd().split("\n")).toEqual(["own", ...driver()]);
  });

  test("says that the head does not see the folder", () => {
    python("path", "python3", true);
    writeFileSync(path.join(submission.folder, "token"), "another\n");
    const other = run();
    expect(other.status).toBe(3);
    expect(other.stderr).toContain(`the head of Ray, does not see ${submission.folder} as it was written`);
    expect(other.stdout).toBe("");
    rmSync(submission.folder, { recursive: true });
    rmSync(path.join(folder, "programs"), { recursive: true });
    expect(run().status).toBe(3);
  });

  test("says that there is no Ray", () => {
    python("path", "python3", false);
    const { status, stderr } = run();
    expect(stderr).toContain("has no python on its path that has Ray");
    expect(status).toBe(1);
  });
});
