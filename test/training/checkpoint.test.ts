import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { NamedTensor } from "../../src/nn/weights/safetensors.js";
import { Checkpoints } from "../../src/training/checkpoint.js";

const disk = vi.hoisted(() => ({ bytesLeft: Infinity, alter: false }));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writeSync = (handle: number, bytes: Uint8Array, at: number, count: number) => {
    if (disk.bytesLeft < count) throw new Error("ENOSPC: no space left on device, write");
    disk.bytesLeft -= count;
    const taken = disk.alter ? Uint8Array.from(bytes, (byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)) : bytes;
    return fs.writeSync(handle, taken, at, count);
  };
  return { ...fs, writeSync };
});

interface State {
  epoch: number;
}

describe("checkpoints", () => {
  let folder: string;
  let warnings: string[];
  const warn = (message: string) => warnings.push(message);
  const tensorsOf = (epoch: number) =>
    new Map<string, NamedTensor>([["w", { dtype: "F32", shape: [2], values: Float32Array.of(epoch, -epoch) }]]);
  const open = (signature = "ours") => new Checkpoints<State>(folder, signature);
  const place = (epoch: number, file: "state.json" | "state.safetensors") => path.join(folder, `00000${epoch}`, file);
  const flip = (file: string, at: number) => {
    const bytes = readFileSync(file);
    bytes[at < 0 ? bytes.length + at : at]! ^= 1;
    writeFileSync(file, bytes);
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "auscult-checkpoint-"));
    warnings = [];
    for (const epoch of [1, 2, 3]) open().save(epoch, tensorsOf(epoch), { epoch });
  });
  afterEach(() => {
    Object.assign(disk, { bytesLeft: Infinity, alter: false });
    rmSync(folder, { recursive: true, force: true });
  });

  const expectLatest = (epoch: number) => {
    const found = open().latest(warn)!;
    expect(found.state).toEqual({ epoch });
    expect(found.tensors.get("w")).toEqual(tensorsOf(epoch).get("w"));
  };

  test("the newest is used, and only two are kept", () => {
    expectLatest(3);
    expect(warnings).toEqual([]);
    expect(readdirSync(folder)).toEqual(["000002", "000003"]);
  });

  test("none in an empty folder, or where there is none", () => {
    rmSync(folder, { recursive: true });
    expect(open().latest(warn)).toBeUndefined();
    mkdirSync(folder);
    expect(open().latest(warn)).toBeUndefined();
  });

  test.each([
    ["tensors cut short", () => truncateSync(place(3, "state.safetensors"), 40)],
    ["tensors emptied", () => truncateSync(place(3, "state.safetensors"), 0)],
    ["tensors gone", () => rmSync(place(3, "state.safetensors"))],
    ["a bit of a weight turned", () => flip(place(3, "state.safetensors"), -1)],
    ["a bit of the tensors' header turned", () => flip(place(3, "state.safetensors"), 12)],
    ["the header cut short", () => truncateSync(place(3, "state.json"), 20)],
    ["the header emptied", () => truncateSync(place(3, "state.json"), 0)],
    ["a header that is null", () => writeFileSync(place(3, "state.json"), "null")],
    [
      "a bit of the epoch's number turned",
      () => flip(place(3, "state.json"), readFileSync(place(3, "state.json"), "utf8").indexOf(": 3") + 2),
    ],
    [
      "a bit of the signature turned",
      () => flip(place(3, "state.json"), readFileSync(place(3, "state.json"), "utf8").indexOf("ours")),
    ],
  ])("%s: the one before serves, with a warning", (_, damage) => {
    damage();
    expectLatest(2);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("checkpoint 000003 is damaged");
  });

  test("one without a header does not count, with a warning; going on writes it anew", () => {
    rmSync(place(3, "state.json"));
    expectLatest(2);
    expect(warnings[0]).toContain("checkpoint 000003 was not finished");
    open().save(3, tensorsOf(3), { epoch: 3 });
    expectLatest(3);
    expect(readdirSync(folder)).toEqual(["000002", "000003"]);
  });

  test("with all of them damaged there is none", () => {
    for (const epoch of [2, 3]) truncateSync(place(epoch, "state.safetensors"), 9);
    expect(open().latest(warn)).toBeUndefined();
    expect(warnings).toHaveLength(2);
  });

  test("another run's is refused", () => {
    expect(() => open("theirs").latest(warn)).toThrow("belongs to another run (signature ours, wanted theirs)");
  });

  // Below the size of the tensors, and between that and the whole.
  test.each([0, 120])("a disk that is full after %i bytes: the one before stays in force", (bytesLeft) => {
    disk.bytesLeft = bytesLeft;
    expect(() => open().save(4, tensorsOf(4), { epoch: 4 })).toThrow("ENOSPC");
    disk.bytesLeft = Infinity;
    expect(existsSync(place(4, "state.json"))).toBe(false);
    expect(readdirSync(path.join(folder, "000004")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expectLatest(3);
  });

  test("a disk that changes what it is given is found out at once", () => {
    disk.alter = true;
    expect(() => open().save(4, tensorsOf(4), { epoch: 4 })).toThrow("what was written is not what is read back");
    disk.alter = false;
    expectLatest(3);
  });
});
