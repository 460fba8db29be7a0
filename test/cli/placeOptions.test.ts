import { Command } from "commander";
import { expect, test } from "vitest";
import { addPlaceOptions, type PlaceOptions, resourcesOf } from "../../src/cli/placeOptions.js";

function read(...args: string[]) {
  const command = addPlaceOptions(new Command("run"))
    .exitOverride()
    .configureOutput({ writeErr() {} });
  return resourcesOf(command.parse(args, { from: "user" }).opts<PlaceOptions>());
}

test("what a cluster is told of each run", () => {
  expect(read("--on", "slurm", "--partition", "short", "--account", "lungs", "--time", "1-00:00:00", "--memory", "7.5"))
    .toEqual({ partition: "short", account: "lungs", time: "1-00:00:00", memoryGb: 7.5 }); // biome-ignore format: one comparison
  expect(read("--on", "slurm", "--sbatch=--qos=long", "--sbatch=--exclude=n7", "--gpus", "2")).toEqual({
    gpus: 2,
    sbatch: ["--qos=long", "--exclude=n7"],
  });
  expect(read("--on", "ray", "--address", "http://head:8265")).toEqual({ address: "http://head:8265" });
  expect(read()).toEqual({});
});

test("a GPU build asks for a GPU", () => {
  expect(resourcesOf({ on: "slurm", engine: "gpu" })).toEqual({ gpus: 1, engine: "gpu" });
  expect(resourcesOf({ on: "slurm", engine: "gpu", gpus: 2 })).toEqual({ gpus: 2, engine: "gpu" });
  expect(resourcesOf({ engine: "gpu" })).toEqual({});
});

test.each([
  [["--partition", "short"], /--partition: only with --on slurm/],
  [["--on", "ray", "--time", "60"], /--time: only with --on slurm/],
  [["--on", "slurm", "--address", "http://head"], /--address: only with --on ray/],
  [["--gpus", "1"], /--gpus: only with --on slurm or --on ray/],
  [["--detach"], /--detach: only with/],
  [["--on", "slurm", "--time", "soon"], /--time soon: must be minutes, H:MM:SS/],
  [["--on", "slurm", "--time", "5"], /10 minutes or more/],
  [["--on", "slurm", "--time", "0:05:00"], /10 minutes or more/],
  [["--on", "slurm", "--memory", "much"], /--memory much: must be a number above 0/],
  [["--on", "slurm", "--sbatch", "qos"], /must be an option of sbatch as it stands/],
  [["--on", "slurm", "--sbatch=--qos=a\n#SBATCH --wrap=b"], /must be an option of sbatch/],
  [["--on", "moon"], /Allowed choices are local, slurm, ray/],
])("%j is refused", (args, message) => {
  expect(() => read(...args)).toThrow(message);
});
