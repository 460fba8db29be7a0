import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSpool, readWholeSpool, Spool } from "../src/spool.js";
import type { SpoolRecord } from "../src/spoolRecords.js";
import { temporaryFolder } from "./support.js";

const point = (step: number): SpoolRecord => ({
  kind: "metrics",
  time: 1,
  step,
  values: { loss: 1 / step, bad: "NaN" },
});

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

  it("refuses to write after close", () => {
    const spool = new Spool(place.folder);
    spool.close();
    expect(() => spool.append(point(1))).toThrow(/the spool is closed/);
  });
});
