import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Unreachable } from "../../../src/suite/placement/engine.js";
import { arraysOf, rangesOf, slurmEngine, tasksOf } from "../../../src/suite/placement/slurm.js";
import type { Submission, SubmittedTask } from "../../../src/suite/placement/submission.js";

const run = (index: number, ...after: number[]): SubmittedTask => ({ index, runId: `r${index}`, after });

describe("arrays of a submission", () => {
  test("hold each task once, within Slurm's longest, stages before what needs them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(30), { maxLength: 3 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (needs, longest, isThrottled) => {
          // What comes before has a smaller index.
          const tasks = needs.map((after, index) => run(index, ...after.filter((one) => one < index)));
          const resources = { threads: 1, ...(isThrottled && { atOnce: 2 }) };
          const arrays = arraysOf({ tasks, resources }, longest);
          expect(arrays.flatMap(({ indices }) => indices).sort((a, b) => a - b)).toEqual(
            tasks.map(({ index }) => index),
          );
          const levels = new Map(arrays.flatMap(({ indices, level }) => indices.map((index) => [index, level])));
          for (const { offset, indices } of arrays)
            for (const index of indices) expect(index - offset).toSatisfy((at: number) => at >= 0 && at < longest);
          for (const { index, after } of tasks)
            for (const one of after) expect(levels.get(one)!).toBeLessThan(levels.get(index)!);
          // Slurm throttles each array by itself: they come one after the other.
          if (isThrottled) expect(new Set(arrays.map(({ level }) => level)).size).toBe(arrays.length);
        },
      ),
    );
  });

  test("name their indices as Slurm does", () => {
    expect(rangesOf([0, 1, 2, 3])).toBe("0-3");
    expect(rangesOf([7, 0, 1, 2, 9, 10])).toBe("0-2,7,9-10");
  });
});

// squeue --noheader --array --states=all --format='%j|%k|%F|%K|%T|%N|%r' of Slurm 22.05.8, two nodes.
const QUEUE = `auscult-20261123-000018-7d6a94|0|4|N/A|CANCELLED||JobArrayTaskLimit
auscult-20261122-235929-8a31dd|0|1|2|COMPLETED|n1|None
auscult-20261122-235929-8a31dd|1001|1|1|RUNNING|n2|None
auscult-20261122-235929-8a31dd|1001|1|5|PENDING||Resources
somebody|0|2|5|PENDING||Resources
`;

test("what squeue says becomes tasks by their index in the submission", () => {
  const submission = "20261122-235929-8a31dd";
  expect(tasksOf(QUEUE)).toEqual([
    { submission, index: 2, state: "ended", says: "slurm 1_2: completed on n1" },
    { submission, index: 1002, state: "running", says: "slurm 1_1: running on n2" },
    { submission, index: 1006, state: "pending", says: "slurm 1_5: pending (Resources)" },
  ]);
});

describe("with programs that answer as Slurm's do", () => {
  let folder: string;
  const said = () => readFileSync(path.join(folder, "said"), "utf8").trim().split("\n");

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "auscult-slurm-"));
    vi.stubEnv("PATH", folder);
    program("sbatch", `echo "sbatch $@" >> ${folder}/said; echo 41`);
    program("squeue", `/bin/cat <<'END'\n${QUEUE}END`);
    program("scancel", `echo "scancel $@" >> ${folder}/said`);
    program("scontrol", `case "$2" in config) echo "MaxArraySize            = 4";; *) echo "NodeName=n1 Arch=x NodeHostName=${hostname().split(".")[0]}";; esac`); // biome-ignore format: one program
    program("sinfo", `echo "n1|16|main*"`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  function program(name: string, text: string): void {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(folder, name), 0o755);
  }

  const submission = (tasks: readonly SubmittedTask[], atOnce?: number): Submission => ({
    ...{
      format: 1,
      id: "20261122-235929-8a31dd",
      on: "slurm",
      at: "",
      token: "t",
      folder,
      project: "/p",
      mlruns: "/m",
    },
    ...{ resources: { threads: 1, ...(atOnce !== undefined && { atOnce }) }, tasks },
  });

  test("hands over a stage, and then what waits for it, in arrays that Slurm allows", async () => {
    await slurmEngine({}).submit(submission([run(0), ...[1, 2, 3, 4, 5].map((index) => run(index, 0))], 2));
    expect(said()).toEqual([
      `sbatch --parsable --array=0%2 --comment=0 ${folder}/array.sh 0`,
      `sbatch --parsable --array=1-3%2 --comment=0 --dependency=afterany:41 ${folder}/array.sh 0`,
      `sbatch --parsable --array=0-1%2 --comment=4 --dependency=afterany:41:41 ${folder}/array.sh 4`,
    ]);
  });

  test("takes all back where one array is refused, and says why in Slurm's words", async () => {
    program("sbatch", `echo "sbatch $@" >> ${folder}/said; case "$@" in *comment=4*) echo "sbatch: error: no such partition" >&2; exit 1;; *) echo 41;; esac`); // biome-ignore format: one program
    const all = Array.from({ length: 8 }, (_, index) => run(index));
    await expect(slurmEngine({}).submit(submission(all))).rejects.toThrow(
      /Slurm refuses the runs: .*no such partition/,
    );
    expect(said().at(-1)).toBe("scancel 41");
  });

  test("takes back what waits, and leaves what runs", async () => {
    await slurmEngine({}).cancel(submission([]), [2, 1002, 1006]);
    expect(said()).toEqual(["scancel 1_5"]);
  });

  test("knows whether its nodes are this machine", async () => {
    expect(await slurmEngine({}).nodes()).toEqual({ examples: ["n1"], count: 1, remote: false, processors: 16 });
    program("sinfo", `printf "n1|16|main*\\nn2|64+|main*\\nn3|128|big\\n"`);
    expect(await slurmEngine({}).nodes()).toMatchObject({ count: 2, remote: true, processors: 64 });
    program("sinfo", `printf "n3|128|big\\n"`);
    expect(await slurmEngine({ partition: "big" }).nodes()).toMatchObject({ examples: ["n3"], processors: 128 });
    program("sinfo", "");
    await expect(slurmEngine({ partition: "short" }).nodes()).rejects.toThrow(/partition short has no nodes/);
  });

  test("without sbatch on the path, says where to be", async () => {
    rmSync(path.join(folder, "sbatch"));
    await expect(slurmEngine({}).nodes()).rejects.toThrow(/no `sbatch` on the path; run this on a login node/);
  });

  test("a controller that does not answer is no end", async () => {
    program("squeue", `echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1`);
    await expect(slurmEngine({}).tasks(["1"])).rejects.toThrow(Unreachable);
    await expect(slurmEngine({}).tasks(["1"])).rejects.toThrow(/Unable to contact/);
  });
});
