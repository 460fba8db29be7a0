import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identityOf } from "../src/processLock.js";
import { countLines, readSpool, readWholeSpool, Spool } from "../src/spool.js";
import { endOfLastLine, fingerprint } from "../src/spoolReader.js";
import { type SpoolRecord, spooled } from "../src/spoolRecords.js";
import { smallDisk } from "./smallDisk.js";
import { temporaryFolder } from "./support.js";

const point = (step: number): SpoolRecord => ({
  kind: "metrics",
  time: 1,
  step,
  values: { loss: 1 / step, bad: "NaN" },
});

/** CRC-32 as IEEE 802.3 has it, bit by bit: reflected, polynomial 0xEDB88320. */
function crcOf(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

describe("Spool", () => {
  let place: ReturnType<typeof temporaryFolder>;
  let file: string;
  beforeEach(() => {
    place = temporaryFolder();
    file = path.join(place.folder, "spool.jsonl");
  });
  afterEach(() => place.remove());

  const write = (from: number, to: number): void => {
    const spool = new Spool(place.folder);
    for (let step = from; step <= to; step++) spool.append(point(step));
    spool.close();
  };
  const steps = () => readWholeSpool(file).records.map((record) => (record.kind === "metrics" ? record.step : -1));

  it("gives back what was appended, over several openings", () => {
    write(1, 3);
    write(4, 5);
    expect(readWholeSpool(file).records).toEqual([1, 2, 3, 4, 5].map(point));
  });

  it("survives a cut at every byte: whole lines stay, a torn last one is dropped and writing goes on", () => {
    write(1, 3);
    const whole = readFileSync(file);
    const ends = readSpool(file).records.map(({ end }) => end);
    for (let size = 0; size <= whole.length; size++) {
      writeFileSync(file, whole);
      truncateSync(file, size);
      const kept = ends.filter((end) => end <= size).length;
      write(9, 9);
      expect(steps()).toEqual([...[1, 2, 3].slice(0, kept), 9]);
    }
  });

  it("passes over a line whose checksum is wrong, and counts it", () => {
    write(1, 3);
    const text = readFileSync(file, "utf8").replace('"step":2', '"step":7');
    writeFileSync(file, text);
    expect(steps()).toEqual([1, 3]);
    expect(readWholeSpool(file).damaged).toBe(1);
  });

  it("leaves a line alone that its writer has not finished", () => {
    write(1, 1);
    const { size } = statSync(file);
    appendFileSync(file, "0123");
    expect(readSpool(file)).toMatchObject({ end: size, size: size + 4, damaged: 0 });
  });

  it("reads in pieces, also where one line is longer than a piece", () => {
    write(1, 50);
    const found: number[] = [];
    for (let from = 0; ; ) {
      const slice = readSpool(file, from, 16);
      if (slice.end === from) break;
      found.push(...slice.records.map(({ record }) => (record as { step: number }).step));
      from = slice.end;
    }
    expect(found).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  it("reports a disk that takes no more, and keeps every whole line", () => {
    // A limit of 4 KiB on files stands for the full disk: the write that meets it is cut in the middle of a line.
    const script = `
      import { Spool } from ${JSON.stringify(fileURLToPath(new URL("../dist/index.js", import.meta.url)))};
      const spool = new Spool(${JSON.stringify(place.folder)});
      let step = 1;
      try { for (;; step++) spool.append({ kind: "metrics", time: 1, step, values: { loss: 1 / step, bad: "NaN" } }); }
      catch (error) { console.log(JSON.stringify({ step, code: error.code, message: error.message })); }`;
    const node = `"${process.execPath}" --input-type=module -e "$SCRIPT"`;
    const environment = { ...process.env, SCRIPT: script };
    const told = JSON.parse(
      execFileSync("bash", ["-c", `ulimit -f 4; ${node}`], { encoding: "utf8", env: environment }),
    ) as { step: number; code: string; message: string };
    expect(told).toMatchObject({ code: "SPOOL", message: expect.stringMatching(/spool\.jsonl: cannot write: EFBIG/) });
    expect(steps()).toEqual(Array.from({ length: told.step - 1 }, (_, i) => i + 1));
    expect(readWholeSpool(file).end).toBe(statSync(file).size);
  });

  it("goes on when a full disk has room again", ({ skip }) => {
    const disk = smallDisk(256);
    if (!disk) return skip("no small file system can be mounted");
    const folder = path.join(disk.folder, "tracking");
    const spool = new Spool(folder);
    spool.append(point(1));
    disk.fill();
    let refused = 0;
    let step = 2;
    for (; refused < 3; step++) {
      try {
        spool.append(point(step));
      } catch (error) {
        expect(error).toMatchObject({ code: "SPOOL", message: expect.stringMatching(/cannot write: ENOSPC/) });
        refused++;
      }
    }
    disk.empty();
    spool.append(point(step));
    spool.close();
    const kept = readWholeSpool(path.join(folder, "spool.jsonl"));
    expect(kept.damaged).toBe(0);
    const numbers = kept.records.map((record) => (record as { step: number }).step);
    expect(numbers).toEqual([...Array.from({ length: step - 4 }, (_, i) => i + 1), step]);
  });

  it("refuses a second writer until the first has closed, or died", () => {
    const first = new Spool(place.folder);
    const second = (): Spool => new Spool(place.folder);
    expect(second).toThrow(expect.objectContaining({ code: "SPOOL_IN_USE" }));
    expect(second).toThrow(new RegExp(`process ${process.pid} on .* is writing this spool`));
    first.append(point(1));
    first.close();
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    for (const holder of [
      { pid: dead, host: hostname(), started: "1" },
      { ...identityOf(), started: "1" },
    ]) {
      writeFileSync(path.join(place.folder, "writing.lock"), JSON.stringify(holder));
      write(2, 2);
    }
    expect(steps()).toEqual([1, 2, 2]);
  });

  it("keeps numbers that JSON has no word for", () => {
    const spool = new Spool(place.folder);
    const values = {
      a: Number.NaN,
      b: Infinity,
      c: -Infinity,
      d: -0,
      e: 0,
      f: 5e-324,
      __proto__x: 1.7976931348623157e308,
    };
    spool.append({ kind: "metrics", time: 1, step: 1, values });
    spool.close();
    const [record] = readWholeSpool(file).records;
    const read = (record as { values: Record<string, number | string> }).values;
    expect(Object.fromEntries(Object.entries(read).map(([key, value]) => [key, Number(value)]))).toEqual(values);
    expect(read.d).toBe(spooled(-0));
  });

  it("writes lines whose checksum is the CRC-32 of their bytes, whatever the text", () => {
    const spool = new Spool(place.folder);
    const texts = ["", "ä", "漢字", "😀", "\ud800", "\n\r\u2028\0", "x".repeat(10_000), "漢".repeat(10_000), '"\\'];
    for (const text of texts) spool.append({ kind: "tags", values: { text } });
    spool.close();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => line.slice(0, 9))).toEqual(lines.map((line) => `${crcOf(Buffer.from(line.slice(9)))} `));
    expect(readWholeSpool(file).records).toEqual(texts.map((text) => ({ kind: "tags", values: { text } })));
  });

  it("counts lines and finds the last end without reading records, in files of many pieces", () => {
    const long = "y".repeat(200_000);
    const spool = new Spool(place.folder);
    for (let n = 0; n < 12; n++) spool.append({ kind: "tags", values: { long } });
    spool.close();
    const ends = readSpool(file).records.map(({ end }) => end);
    expect([0, 1, ends[0]!, ends[5]!, ends[11]!].map((from) => countLines(file, from))).toEqual([12, 12, 11, 6, 0]);
    appendFileSync(file, "z".repeat(150_000));
    expect(endOfLastLine(file)).toBe(ends[11]);
    expect([countLines(`${file}-none`), endOfLastLine(`${file}-none`)]).toEqual([0, 0]);
  });

  it("knows by the bytes before an offset whether they are still the same", () => {
    write(1, 40);
    const whole = readFileSync(file);
    const { end } = readSpool(file).records[30]!;
    const before = fingerprint(file, end);
    writeFileSync(file, whole.subarray(0, end));
    expect(fingerprint(file, end)).toBe(before);
    writeFileSync(file, Buffer.concat([whole.subarray(0, end - 1), Buffer.from("x"), whole.subarray(end)]));
    expect(fingerprint(file, end)).not.toBe(before);
    writeFileSync(file, whole.subarray(0, end - 1));
    expect(fingerprint(file, end)).toBeUndefined();
  });

  it("refuses to write after close", () => {
    const spool = new Spool(place.folder);
    spool.close();
    expect(() => spool.append(point(1))).toThrow(/the spool is closed/);
  });
});
