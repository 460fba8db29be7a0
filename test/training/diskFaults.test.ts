import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { NamedTensor } from "../../src/nn/weights/safetensors.js";
import { projectRoot } from "../../src/node/paths.js";
import { Checkpoints } from "../../src/training/checkpoint.js";
import { asNobody } from "../datasets/asNobody.js";
import { smallDisk } from "./smallDisk.js";

const KEPT = ["000001-000000", "000002-000000"];
const newFolder = () => mkdtempSync(path.join(tmpdir(), "auscult-faults-"));
const open = (folder: string) => new Checkpoints<object>(folder, { signature: "s", settings: {}, circumstances: {} });
/** A checkpoint of 300 kB. */
const save = (folder: string, epoch: number) => {
  const values = new Float32Array(75_000).fill(epoch);
  const tensors = new Map<string, NamedTensor>([["w", { dtype: "F32", shape: [values.length], values }]]);
  open(folder).save({ epoch, step: 0 }, tensors, {});
};
const thrownBy = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("checkpoints that the system refuses: it says what to do, exit code 1, and nothing half-made stays", () => {
  test("a full disk (a small file system)", ({ skip }) => {
    const disk = smallDisk(1000);
    if (!disk) return skip("no small file system can be mounted");
    const folder = path.join(disk.folder, "checkpoints");
    for (const epoch of [1, 2]) save(folder, epoch);
    disk.fill();
    expect(thrownBy(() => save(folder, 3))).toMatchObject({
      name: "CheckpointError",
      exitCode: 1,
      message: `${folder}: the checkpoint could not be written; the disk is full: make room, then start again; the checkpoint before it (000002-000000) stays, and the same command goes on from there`,
    });
    expect(readdirSync(folder)).toEqual(KEPT);
    disk.empty();
    expect(open(folder).latest(() => {})!.at.epoch).toBe(2);
    save(folder, 3);
    expect(
      open(folder)
        .latest(() => {})!
        .tensors.get("w")!.values[0],
    ).toBe(3);
  });

  test("a limit on the size of files (ulimit -f), as a quota is one", () => {
    const folder = newFolder();
    const program = path.join(projectRoot(), "test", "training", "saveUntilRefused.ts");
    // 40 KiB: the third checkpoint is larger. The loader's own cache must not be cut short by it.
    const ended = spawnSync(
      "bash",
      ["-c", `ulimit -f 40; exec "$0" --import tsx "$@"`, process.execPath, program, folder],
      {
        cwd: projectRoot(),
        encoding: "utf8",
        env: { ...process.env, TSX_DISABLE_CACHE: "1" },
      },
    );
    expect(ended.stdout, ended.stderr).not.toBe("");
    const { name, message, exitCode } = JSON.parse(ended.stdout) as Record<string, unknown>;
    expect({ name, exitCode }).toEqual({ name: "CheckpointError", exitCode: 1 });
    expect(message).toContain(
      "(ulimit -f): raise the limit, then start again; the checkpoint before it (000002-000000)",
    );
    expect(readdirSync(folder)).toEqual(KEPT);
    expect(open(folder).latest(() => {})!.at.epoch).toBe(2);
  });

  test("a folder without permission to write", () => {
    const folder = path.join(newFolder(), "checkpoints");
    for (const epoch of [1, 2]) save(folder, epoch);
    chmodSync(path.dirname(folder), 0o755);
    chmodSync(folder, 0o555);
    asNobody(() => {
      expect(thrownBy(() => save(folder, 3))).toMatchObject({
        exitCode: 1,
        message: expect.stringContaining(
          "no permission to write there: grant it, then start again; the checkpoint before",
        ),
      });
      expect(open(folder).latest(() => {})!.at.epoch).toBe(2);
    });
    expect(readdirSync(folder)).toEqual(KEPT);
    chmodSync(folder, 0o755);
  });

  test("the very first, in a folder that cannot be made", () => {
    const place = newFolder();
    chmodSync(place, 0o555);
    asNobody(() => {
      expect(thrownBy(() => save(path.join(place, "checkpoints"), 1))).toMatchObject({
        exitCode: 1,
        message: expect.stringMatching(/no permission .* start again; there is none before it$/),
      });
    });
    chmodSync(place, 0o755);
    mkdirSync(path.join(place, "checkpoints"));
  });
});
