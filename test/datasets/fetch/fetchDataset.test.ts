import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Stopped, Unavailable } from "../../../src/datasets/fetch/failures.js";
import { type FetchOptions, fetchDataset } from "../../../src/datasets/fetch/fetchDataset.js";
import type { FetchSource } from "../../../src/datasets/fetch/source.js";
import { UserError } from "../../../src/userError.js";
import { temporaryFolder } from "../sprsound/layoutFixture.js";
import { breaksOff, FileServer, file, status, webPage } from "./fileServer.js";
import { zipOf } from "./zipWriter.js";

/** A made-up release: two parts in one archive, a list that is needed and one that is not. */
const ENTRIES = [
  { name: "release/old/1.wav", content: "first sound" },
  { name: "release/old/1.txt", content: "first text" },
  { name: "release/old/2.wav", content: "second sound", deflate: true },
  { name: "release/old/2.txt", content: "second text" },
  { name: "release/new/3.wav", content: "third sound" },
  { name: "release/README.md", content: "read me" },
];
const ZIP = zipOf(ENTRIES);
const FILES = ["names.txt", "new/3.wav", "old/1.txt", "old/1.wav", "old/2.txt", "old/2.wav", "split.txt"];

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function sourceAt(address: string, change: Partial<FetchSource> = {}): FetchSource {
  const list = { kind: "list", part: "lists", maxBytes: 1000 } as const;
  return {
    name: "made-up",
    title: "Made-up release",
    home: "https://example.org",
    terms: ["Free."],
    citation: [],
    parts: { old: "", new: "", lists: "" },
    files: [
      {
        ...list,
        name: "split.txt",
        addresses: [`${address}/split.txt`],
        required: true,
        saveAs: "split.txt",
        problem: (text) => (text.startsWith("1 ") ? undefined : "does not begin with 1"),
      },
      {
        ...list,
        name: "names",
        addresses: [`${address}/names`],
        required: false,
        saveAs: "names.txt",
        convert: (text) => text.toUpperCase(),
        problem: () => undefined,
      },
      {
        kind: "archive",
        name: "release.zip",
        addresses: [`${address}/release.zip`],
        maxBytes: 1e6,
        parts: ["old", "new"],
        maxEntryBytes: 1000,
        maxUnpackedBytes: 10_000,
        place: (entry) => {
          const [, part, name] = /\/(old|new)\/([^/]+\.(?:wav|txt))$/.exec(entry) ?? [];
          return part === undefined || name === undefined ? undefined : { part, path: `${part}/${name}` };
        },
      },
    ],
    expected: [
      { part: "old", folder: "old", counts: { ".wav": 2, ".txt": 2 } },
      { part: "new", folder: "new", counts: { ".wav": 1 } },
    ],
    ...change,
  };
}

async function publisher() {
  const server = await FileServer.start();
  server.on("/split.txt", file(Buffer.from("1 train\n2 test\n")));
  server.on("/names", file(Buffer.from("one\ntwo\n")));
  server.on("/release.zip", file(ZIP));
  const folder = path.join(temporaryFolder(), "made-up");
  const said: string[] = [];
  const get = (options: FetchOptions = {}, change: Partial<FetchSource> = {}) =>
    fetchDataset(sourceAt(server.address, change), folder, {
      retryMs: [0, 0],
      onProgress: server.onProgress,
      say: (message) => said.push(message),
      ...options,
    });
  return { server, folder, said, get };
}

/** Paths of all files below a folder, without the record and what is hidden. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(path.join(folder, name)).isFile() && !name.startsWith("FETCHED"))
    .sort();
}

beforeEach(() => {
  vi.stubEnv("AUSCULT_CACHE", temporaryFolder());
  return () => vi.unstubAllEnvs();
});

describe("fetchDataset", () => {
  it("brings everything into place and records where it comes from", async () => {
    const { get, folder, server } = await publisher();
    const result = await get();
    expect(filesIn(folder)).toEqual(FILES);
    expect(readdirSync(folder).sort()).toEqual([
      "FETCHED.json",
      "FETCHED.sha256",
      "names.txt",
      "new",
      "old",
      "split.txt",
    ]);
    expect(readFileSync(path.join(folder, "old/2.wav"), "utf8")).toBe("second sound");
    expect(readFileSync(path.join(folder, "names.txt"), "utf8")).toBe("ONE\nTWO\n");
    const contents = FILES.map((name) => readFileSync(path.join(folder, name), "utf8"));
    const lines = FILES.map((name, index) => `${name} ${sha256(contents[index]!)}\n`);
    expect(result).toMatchObject({
      name: "made-up",
      folder,
      files: 7,
      bytes: contents.join("").length,
      digest: sha256(lines.join("")),
      parts: ["new", "old"],
      missing: [],
      fetched: ["split.txt", "names", "release.zip"],
      replaced: [],
    });
    const { downloads, ...summary } = JSON.parse(readFileSync(path.join(folder, "FETCHED.json"), "utf8"));
    expect(summary).toMatchObject({ name: "made-up", files: 7, bytes: result.bytes, digest: result.digest });
    expect(downloads[2]).toMatchObject({
      file: "release.zip",
      address: `${server.address}/release.zip`,
      bytes: ZIP.length,
      sha256: createHash("sha256").update(ZIP).digest("hex"),
      etag: '"v1"',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(readFileSync(path.join(folder, "FETCHED.sha256"), "utf8")).toBe(
      FILES.map((name, index) => `${sha256(contents[index]!)}  ${name}\n`).join(""),
    );
  });

  it("downloads nothing when all is in place, and asks nothing", async () => {
    const { get, server } = await publisher();
    const agree = vi.fn(async () => true);
    const first = await get({ agree });
    const asked = server.asked.length;
    const second = await get({ agree });
    expect(second).toEqual({ ...first, fetched: [] });
    expect(server.asked).toHaveLength(asked);
    expect(agree).toHaveBeenCalledTimes(1);
  });

  it("brings back what is gone or changed, and keeps what was changed", async () => {
    const { get, folder, said, server } = await publisher();
    const first = await get();
    writeFileSync(path.join(folder, "old/1.txt"), "my own text");
    rmSync(path.join(folder, "new/3.wav"));
    rmSync(path.join(folder, "names.txt"));
    const asked = server.asked.length;
    const second = await get();
    expect(second).toMatchObject({ digest: first.digest, fetched: ["names", "release.zip"], replaced: ["old/1.txt"] });
    expect(server.asked).toHaveLength(asked + 2);
    expect(filesIn(folder)).toEqual([...FILES.slice(0, 6), "replaced/old/1.txt", "split.txt"]);
    expect(readFileSync(path.join(folder, "replaced/old/1.txt"), "utf8")).toBe("my own text");
    expect(said.join()).toContain("gone or changed since they were fetched: 3 files");
  });

  it("fetches parts one after the other", async () => {
    const { get, folder, server } = await publisher();
    expect(await get({ parts: ["lists"] })).toMatchObject({ files: 2, parts: [], fetched: ["split.txt", "names"] });
    expect(await get({ parts: ["new"] })).toMatchObject({ files: 3, parts: ["new"], fetched: ["release.zip"] });
    expect(filesIn(folder)).toEqual(["names.txt", "new/3.wav", "split.txt"]);
    const all = await get();
    expect(all).toMatchObject({ files: 7, parts: ["new", "old"], fetched: ["release.zip"] });
    expect(all.downloads.map((one) => one.file).sort()).toEqual(["names", "release.zip", "split.txt"]);
    expect(server.asked).toHaveLength(4);
  });

  it("downloads nothing unless the person agrees, and leaves no folder", async () => {
    const { get, folder, server } = await publisher();
    await expect(get({ agree: async () => false })).rejects.toThrow(new UserError("nothing was downloaded", 1));
    expect(server.asked).toHaveLength(0);
    expect(existsSync(folder)).toBe(false);
  });

  it("goes on without a list that is not required, says so, and tries again at the next call", async () => {
    const { get, server, said } = await publisher();
    server.on("/names", status(404), file(Buffer.from("one\n")));
    const first = await get();
    expect(first).toMatchObject({ files: 6, missing: [{ file: "names.txt", why: expect.stringContaining("404") }] });
    expect(said.join("\n")).toContain("goes on without names.txt");
    expect(await get()).toMatchObject({ files: 7, missing: [], fetched: ["names"] });
  });

  it("ends at once without a list that is required, or with a wrong one", async () => {
    const { get, server, folder } = await publisher();
    server.on("/split.txt", status(403), file(Buffer.from("something else")), file(Buffer.from("1 train\n")));
    await expect(get()).rejects.toThrow(Unavailable);
    await expect(get()).rejects.toThrow("is not what it should be: does not begin with 1.");
    expect(server.asked.some((asked) => asked.path === "/release.zip")).toBe(false);
    expect(filesIn(folder)).toEqual([]);
    expect(await get()).toMatchObject({ files: 7 });
  });

  it.each([
    ["a web page", webPage, /web page instead of the file/],
    ["an archive that is cut off", file(ZIP.subarray(0, 300)), /cannot be unpacked: .*It was removed/],
    [
      "a stated length that is too short",
      ((response) => response.writeHead(200, { "content-length": 300 }).end(ZIP)) as ReturnType<typeof file>,
      /cannot be unpacked/,
    ],
    ["a damaged entry", file(zipOf([{ ...ENTRIES[0]!, states: { crc: 5 } }])), /another checksum.*It was removed/],
    ["a path that leads out", file(zipOf([{ name: "../old/1.wav", content: "" }])), /invalid relative path/],
    ["a bomb", file(zipOf([{ ...ENTRIES[0]!, content: "x".repeat(1001), deflate: true }])), /1001 bytes/],
  ])("puts nothing in place after %s; the next call begins anew", async (_, answer, message) => {
    const { get, server, folder } = await publisher();
    server.on("/release.zip", answer, file(ZIP));
    const failing = get();
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.toMatchObject({ exitCode: 1 });
    expect(filesIn(folder).filter((name) => /old|new/.test(name))).toEqual([]);
    expect(await get()).toMatchObject({ files: 7 });
    expect(server.ranges().every((range) => range === undefined)).toBe(true);
  });

  it("refuses an archive that is not the release, says what differs, and keeps it aside", async () => {
    const { get, server, folder } = await publisher();
    server.on("/release.zip", file(zipOf(ENTRIES.filter(({ name }) => !name.endsWith("2.txt")))), file(ZIP));
    const failing = get();
    await expect(failing).rejects.toThrow("old has 1 .txt files instead of 2");
    await expect(failing).rejects.toThrow("1 with .wav but without .txt, such as 2");
    await expect(failing).rejects.toThrow("Part new is whole: --only new takes it.");
    expect(filesIn(folder)).toContain(".fetch/release.zip.refused");
    expect(await get()).toMatchObject({ files: 7 });
    expect(existsSync(path.join(folder, ".fetch"))).toBe(false);
  });

  it("checks a known digest of a folder, and names the folder", async () => {
    const { get, folder } = await publisher();
    const right = sha256(`3.wav ${sha256("third sound")}\n`);
    const expected = (digest: string) => [{ part: "new", folder: "new", counts: { ".wav": 1 }, digest }];
    await expect(get({ parts: ["new"] }, { expected: expected(sha256("")) })).rejects.toThrow(
      "new has the right number of files but other content",
    );
    expect(existsSync(path.join(folder, "new"))).toBe(false);
    expect(await get({ parts: ["new"] }, { expected: expected(right) })).toMatchObject({ files: 1 });
  });

  it("refuses a download with another digest than the one that was given", async () => {
    const { get, folder } = await publisher();
    const digests = { "release.zip": sha256("other") };
    await expect(get({ digests })).rejects.toThrow(`instead of ${digests["release.zip"]}`);
    expect(existsSync(path.join(folder, ".fetch/release.zip"))).toBe(false);
    const right = createHash("sha256").update(ZIP).digest("hex").toUpperCase();
    expect(await get({ digests: { "release.zip": right } })).toMatchObject({ files: 7 });
  });

  it("takes over a whole release that was put there by hand, refuses a part of one", async () => {
    const { get, folder, server } = await publisher();
    mkdirSync(path.join(folder, "old"), { recursive: true });
    for (const name of ["1.wav", "1.txt", "2.wav"]) writeFileSync(path.join(folder, "old", name), name);
    const refused = get();
    await expect(refused).rejects.toThrow(
      /old has 1 .txt files instead of 2[\s\S]*Move them away[\s\S]*Nothing was changed/,
    );
    expect(server.asked).toHaveLength(0);
    writeFileSync(path.join(folder, "old", "2.txt"), "2.txt");
    writeFileSync(path.join(folder, "old", "notes.md"), "mine");
    expect(await get({ parts: ["old"] })).toMatchObject({ files: 4, parts: ["old"], fetched: [], downloads: [] });
    expect(await get()).toMatchObject({ files: 7, fetched: ["split.txt", "names", "release.zip"] });
    expect(readFileSync(path.join(folder, "old", "1.wav"), "utf8")).toBe("1.wav");
  });

  it("takes over a list that was put there by hand, refuses one that is wrong", async () => {
    const { get, folder } = await publisher();
    mkdirSync(folder);
    writeFileSync(path.join(folder, "split.txt"), "mine");
    await expect(get()).rejects.toThrow("does not begin with 1. Move it away.");
    writeFileSync(path.join(folder, "split.txt"), "1 mine");
    expect(await get()).toMatchObject({ files: 7, fetched: ["names", "release.zip"] });
    expect(readFileSync(path.join(folder, "split.txt"), "utf8")).toBe("1 mine");
  });

  it("goes on after it was stopped in a download", async () => {
    const { get, server } = await publisher();
    const stop = new AbortController();
    server.on("/release.zip", breaksOff(ZIP, 200), file(ZIP));
    const onProgress: FetchOptions["onProgress"] = (progress) => {
      if (progress.phase === "downloading release.zip" && progress.doneBytes === 200) stop.abort();
    };
    await expect(get({ signal: stop.signal, onProgress })).rejects.toThrow(Stopped);
    const asked = server.asked.length;
    expect(await get()).toMatchObject({ files: 7 });
    // The lists had come; the archive goes on.
    expect(server.ranges().slice(asked)).toEqual(["bytes=200-"]);
  });

  it("ends what a killed call was putting into place", async () => {
    const { get, folder, server } = await publisher();
    const { digest } = await get();
    // As it is when a process dies after the first rename.
    const work = path.join(folder, ".fetch");
    mkdirSync(path.join(work, "unpacked"), { recursive: true });
    for (const name of ["FETCHED.json", "FETCHED.sha256"]) renameSync(path.join(folder, name), path.join(work, name));
    for (const name of ["old", "split.txt"]) renameSync(path.join(folder, name), path.join(work, "unpacked", name));
    const asked = server.asked.length;
    expect(await get()).toMatchObject({ files: 7, digest, fetched: [] });
    expect(server.asked).toHaveLength(asked);
    expect(filesIn(folder)).toEqual(FILES);
  });

  it("does not let two fetches into one folder", async () => {
    const { get, folder } = await publisher();
    const [one, two] = await Promise.allSettled([get(), get()]);
    expect(one.status).toBe("fulfilled");
    expect(two).toMatchObject({ status: "rejected", reason: { exitCode: 1 } });
    expect(String((two as PromiseRejectedResult).reason)).toContain(
      `Process ${process.pid} is fetching into ${folder}`,
    );
    expect(filesIn(folder)).toEqual(FILES);
    expect(await get()).toMatchObject({ fetched: [] });
  });

  it("takes over the lock of a process that is gone", async () => {
    const { get, folder } = await publisher();
    mkdirSync(folder);
    // Process numbers of Linux end at 4,194,304.
    writeFileSync(path.join(folder, ".fetch.lock"), `4999999 ${hostname()} abc`);
    expect(await get()).toMatchObject({ files: 7 });
    writeFileSync(path.join(folder, ".fetch.lock"), "1 another-machine abc");
    await expect(get()).rejects.toThrow("Process 1 on another-machine is fetching");
  });

  it("looks anew where the record is damaged", async () => {
    const { get, folder } = await publisher();
    await get();
    writeFileSync(path.join(folder, "FETCHED.json"), "{");
    expect(await get()).toMatchObject({ files: 7, parts: ["new", "old"], fetched: [] });
    writeFileSync(path.join(folder, "FETCHED.sha256"), "");
    expect(await get()).toMatchObject({ files: 7, fetched: [] });
  });

  it("leaves no folder where nothing came", async () => {
    const { get, server, folder } = await publisher();
    server.on("/split.txt", status(404));
    await expect(get()).rejects.toThrow("404");
    expect(existsSync(folder)).toBe(false);
  });
});
