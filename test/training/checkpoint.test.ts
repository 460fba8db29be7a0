import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { NamedTensor } from "../../src/nn/weights/safetensors.js";
import { Checkpoints } from "../../src/training/checkpoint.js";
import type { RunIdentity } from "../../src/training/runIdentity.js";

const disk = vi.hoisted(() => ({ bytesLeft: Infinity, alter: false }));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writeSync = (handle: number, bytes: Uint8Array, at: number, count: number) => {
    if (disk.bytesLeft < count) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
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
  const identity = (over: Partial<RunIdentity> = {}): RunIdentity => ({
    signature: "ours",
    settings: { preset: "paper", recipe: { epochs: 3, rates: [1, 2] }, split: "1f" },
    circumstances: { code: "c0", processor: "P", threads: 2 },
    ...over,
  });
  const open = (over: Partial<RunIdentity> = {}) => new Checkpoints<State>(folder, identity(over));
  const save = (epoch: number) => open().save({ epoch, step: 0 }, tensorsOf(epoch), { epoch });
  const place = (epoch: number, file: "state.json" | "state.safetensors") =>
    path.join(folder, `00000${epoch}-000000`, file);
  const flip = (file: string, at: number) => {
    const bytes = readFileSync(file);
    bytes[at < 0 ? bytes.length + at : at]! ^= 1;
    writeFileSync(file, bytes);
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "auscult-checkpoint-"));
    warnings = [];
    for (const epoch of [1, 2, 3]) save(epoch);
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
    expect(readdirSync(folder)).toEqual(["000002-000000", "000003-000000"]);
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
    expect(warnings[0]).toContain("checkpoint 000003-000000 is damaged");
  });

  test("damaged ones make way for the next that is made, wherever it stands", () => {
    truncateSync(place(3, "state.safetensors"), 9);
    open().save({ epoch: 2, step: 7 }, tensorsOf(5), { epoch: 5 });
    expect(readdirSync(folder)).toEqual(["000002-000000", "000002-000007"]);
    expectLatest(5);
    expect(open().latest(warn)!.at).toEqual({ epoch: 2, step: 7 });
    expect(warnings).toEqual([]);
  });

  test("what a kill left half-made does not count, and goes with the next", () => {
    mkdirSync(path.join(folder, "000004-000000.tmp"));
    writeFileSync(path.join(folder, "000004-000000.tmp", "state.safetensors"), "half");
    expectLatest(3);
    expect(warnings).toEqual([]);
    save(4);
    expect(readdirSync(folder)).toEqual(["000003-000000", "000004-000000"]);
  });

  test("one of an earlier format is passed over, with a warning", () => {
    writeFileSync(place(3, "state.json"), '{"signature":"ours","sha256":"00","state":{}}');
    expectLatest(2);
    expect(warnings[0]).toContain("its format is undefined, this version reads 2");
  });

  test("by position, not by the clock: set back, the newest is still the newest", () => {
    const yesterday = new Date(Date.now() - 86_400_000);
    for (const name of ["", "state.json", "state.safetensors"])
      utimesSync(path.join(folder, "000003-000000", name), yesterday, yesterday);
    expectLatest(3);
  });

  test("with all of them damaged there is none", () => {
    for (const epoch of [2, 3]) truncateSync(place(epoch, "state.safetensors"), 9);
    expect(open().latest(warn)).toBeUndefined();
    expect(warnings).toHaveLength(2);
  });

  test("another run's is refused, and what differs is said", () => {
    const settings = { preset: "authors", recipe: { epochs: 4, rates: [1, 2] }, split: "1f" };
    expect(() => open({ settings }).latest(warn)).toThrow(
      /000003-000000 belongs to another run: preset was paper, is authors; recipe\.epochs was 3, is 4\. Ask for/,
    );
    expect(() => open({ settings: { ...identity().settings, precision: "bf16" } }).latest(warn)).toThrow(
      "belongs to another run: precision was not set, is bf16.",
    );
    expect(() => open({ signature: "theirs" }).latest(warn)).toThrow("signature was ours, is theirs");
    expect(warnings).toEqual([]);
  });

  test("other code, processor or threads: it goes on, warns, and says what changed", () => {
    const circumstances = { code: "c1", processor: "P", threads: 4 };
    const { changes } = open({ circumstances }).latest(warn)!;
    expect(changes).toEqual(["code was c0, is c1; threads was 2, is 4"]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("code was c0, is c1; threads was 2, is 4. The result may differ in the last bits");
    expect(open().latest(warn)!.changes).toEqual([]);
  });

  // Below the size of the tensors, and between that and the whole.
  test.each([0, 120])("a disk that is full after %i bytes: the one before stays in force", (bytesLeft) => {
    disk.bytesLeft = bytesLeft;
    expect(() => save(4)).toThrow(
      /the disk is full: make room, then start again; the checkpoint before it \(000003-000000\) stays, and the same command/,
    );
    disk.bytesLeft = Infinity;
    expect(readdirSync(folder)).toEqual(["000002-000000", "000003-000000"]);
    expectLatest(3);
  });

  test("a disk that changes what it is given is found out at once", () => {
    disk.alter = true;
    expect(() => save(4)).toThrow("what was written is not what is read back");
    disk.alter = false;
    expect(readdirSync(folder)).toEqual(["000002-000000", "000003-000000"]);
    expectLatest(3);
  });
});
