import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dataFetchCommand } from "../../../src/cli/data/fetch.js";
import { ICBHI_SOURCE } from "../../../src/datasets/fetch/icbhiSource.js";
import { json, Workplace } from "../../endToEnd/commandLine.js";
import { temporaryFolder } from "../sprsound/layoutFixture.js";
import { type Answer, FileServer, file } from "./fileServer.js";
import { zipOf } from "./zipWriter.js";

/** The publisher's files, made up: the names of the release are not needed, their form and number are. */
const RECORDINGS = Array.from(
  { length: 920 },
  (_, i) => `${101 + (i % 126)}_${1 + Math.floor(i / 126)}b1_Al_sc_Meditron`,
);
const ICBHI_FILES: Record<string, string | Buffer> = {
  "ICBHI_challenge_train_test.txt": RECORDINGS.map((name) => `${name}\ttrain\r\n`).join(""),
  "ICBHI_Challenge_demographic_information.txt": patients((id) => `${id} 3 F NA 19 99`),
  "ICBHI_Challenge_diagnosis.txt": patients((id) => `${id}\tURTI`),
  "filename_differences.txt": RECORDINGS.slice(0, 91)
    .map((name) => `'${name}'\n`)
    .join(""),
  "patient_list_foldwise.txt": patients((id) => `${id} ${id % 5}`),
  "ICBHI_final_database.zip": zipOf(
    RECORDINGS.flatMap((name) => [
      { name: `ICBHI_final_database/${name}.wav`, content: `sound of ${name}` },
      { name: `ICBHI_final_database/${name}.txt`, content: "0.5\t1.5\t0\t0\n", deflate: true },
    ]),
  ),
};

function patients(line: (id: number) => string): string {
  return Array.from({ length: 126 }, (_, i) => `${line(101 + i)}\n`).join("");
}

function mirrorFolder(): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(ICBHI_FILES)) writeFileSync(path.join(folder, name), content);
  return folder;
}

/** Runs the command in this process and returns what it wrote. */
async function run(...words: string[]): Promise<{ stdout: string; stderr: string }> {
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      written[name] += chunk;
      return true;
    });
  }
  try {
    await dataFetchCommand().exitOverride().parseAsync(words, { from: "user" });
    return written;
  } finally {
    vi.restoreAllMocks();
  }
}

beforeEach(() => {
  vi.stubEnv("AUSCULT_CACHE", temporaryFolder());
});

/** The command listens for Ctrl-C until its process ends. */
const listeners = [...process.listeners("SIGINT"), ...process.listeners("SIGTERM")];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    for (const listener of process.listeners(signal)) {
      if (!listeners.includes(listener)) process.removeListener(signal, listener);
    }
  }
});

describe("auscult data fetch", () => {
  it("shows the terms first, prints one JSON document, and brings the publisher's layout", async () => {
    const data = temporaryFolder();
    const { stdout, stderr } = await run("icbhi", "--from", mirrorFolder(), "--data", data, "--json");
    expect(stderr.indexOf(ICBHI_SOURCE.terms[0]!)).toBeGreaterThan(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: "icbhi",
      files: 2 * 920 + 5,
      bytes: expect.any(Number),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      missing: [],
    });
    const icbhi = path.join(data, "icbhi");
    expect(readdirSync(icbhi).sort()).toEqual([
      "FETCHED.json",
      "FETCHED.sha256",
      "ICBHI_challenge_train_test.txt",
      "ICBHI_final_database",
      "demographic_info.txt",
      "filename_differences.txt",
      "patient_diagnosis.csv",
      "patient_list_foldwise.txt",
    ]);
    expect(readdirSync(path.join(icbhi, "ICBHI_final_database"))).toHaveLength(2 * 920);
    expect(readFileSync(path.join(icbhi, "patient_diagnosis.csv"), "utf8")).toMatch(/^ID,CLASS\n101,URTI\n/);
    const again = await run("icbhi", "--data", data);
    expect(again.stdout).toMatch(/icbhi: all there and as it was fetched; 1,845 files/);
  });

  it("takes a part, and refuses what it does not know", async () => {
    const [data, from] = [temporaryFolder(), mirrorFolder()];
    const { stdout } = await run("icbhi", "--only", "lists", "--from", from, "--data", data);
    expect(stdout).toMatch(/downloaded ICBHI_challenge_train_test.txt, .*; 5 files, 0 MB, digest [0-9a-f]{64}\n$/);
    await expect(run("icbhi", "--only", "sounds", "--from", from)).rejects.toThrow(
      "--only sounds: icbhi has the parts recordings, lists",
    );
    await expect(run("icbhi", "--digest", `x.zip=${"0".repeat(64)}`)).rejects.toThrow(
      "--digest x.zip: icbhi has the files",
    );
    await expect(run("icbhi", "--digest", "x.zip=12")).rejects.toThrow("64 hexadecimal digits");
    await expect(run("icbhi2")).rejects.toThrow('unknown data set "icbhi2"');
    const wrong = run(
      "icbhi",
      "--from",
      from,
      "--data",
      temporaryFolder(),
      "--digest",
      `ICBHI_final_database.zip=${"0".repeat(64)}`,
    );
    await expect(wrong).rejects.toThrow(/has the digest [0-9a-f]{64} instead of 0{64}/);
  });

  it("does not touch recordings that somebody else put there", async () => {
    const data = temporaryFolder();
    mkdirSync(path.join(data, "icbhi/ICBHI_final_database"), { recursive: true });
    writeFileSync(path.join(data, `icbhi/ICBHI_final_database/${RECORDINGS[0]}.wav`), "mine");
    await expect(run("icbhi", "--from", mirrorFolder(), "--data", data)).rejects.toThrow(
      /has 1 .wav files instead of 920[\s\S]*Nothing was changed/,
    );
    expect(readdirSync(path.join(data, "icbhi"))).toEqual(["ICBHI_final_database"]);
  });

  it("ends with 130 on Ctrl-C, and the same command goes on", async () => {
    const work = new Workplace();
    const server = await FileServer.start();
    const zip = ICBHI_FILES["ICBHI_final_database.zip"] as Buffer;
    const half = Math.floor(zip.length / 2);
    const hangs: Answer = (response) => {
      response.writeHead(200, { "content-length": zip.length, etag: '"v1"' });
      response.write(zip.subarray(0, half));
    };
    server.on("/ICBHI_final_database.zip", hangs, file(zip));
    const words = [
      "data",
      "fetch",
      "icbhi",
      "--only",
      "recordings",
      "--from",
      server.address,
      "--data",
      work.at("new"),
    ];
    const part = work.at("new/icbhi/.fetch/ICBHI_final_database.zip.part");
    const stopped = await work.auscult(words, {
      whileRunning: (child) => statSync(part, { throwIfNoEntry: false })?.size === half && child.kill("SIGINT"),
    });
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(stopped.stderr).toContain("what was downloaded is kept. The same command goes on from there.");
    const done = await work.auscult([...words, "--json"]);
    expect(json(done)).toMatchObject({ files: 2 * 920, fetched: ["ICBHI_final_database.zip"] });
    expect(server.ranges()).toEqual([undefined, `bytes=${half}-`]);
    work.remove();
  });
});
