import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { DamagedArchive, Stopped } from "../../../src/datasets/fetch/failures.js";
import { type UnpackOptions, unpackZip } from "../../../src/datasets/fetch/unpackZip.js";
import { temporaryFolder } from "../sprsound/layoutFixture.js";
import { type ZipEntry, zipOf } from "./zipWriter.js";

/*
 * Made by Python's own zipfile, the third entry with ZIP64 fields:
 *
 *   import base64, hashlib, io, zipfile
 *   b = io.BytesIO()
 *   with zipfile.ZipFile(b, "w") as z:
 *       def add(name, data, method, zip64=False):
 *           i = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)); i.compress_type = method; i.external_attr = 0o100644 << 16
 *           with z.open(i, "w", force_zip64=zip64) as f: f.write(data)
 *       add("top/a.txt", b"one two three\n", zipfile.ZIP_STORED)
 *       add("top/deep/b.txt", b"four " * 200, zipfile.ZIP_DEFLATED)
 *       add("top/c64.txt", b"sixty-four\n", zipfile.ZIP_DEFLATED, True)
 *       add("top/ignored.md", b"#\n", zipfile.ZIP_STORED)
 *   print(base64.b64encode(b.getvalue()).decode())
 *   for d in (b"one two three\n", b"four " * 200, b"sixty-four\n"): print(hashlib.sha256(d).hexdigest(), len(d))
 */
const PYTHON_ZIP =
  "UEsDBBQAAAAAAAAAIVA3ZBgqDgAAAA4AAAAJAAAAdG9wL2EudHh0b25lIHR3byB0aHJlZQpQSwMEFAAAAAgAAAAhUAJrrSEPAAAA6AMAAA4AAAB0b3AvZGVlcC9iLnR4dEvLLy1SSBslRolRYjgTAFBLAwQtAAAACAAAACFQeurHWv//////////CwAUAHRvcC9jNjQudHh0AQAQAAsAAAAAAAAADQAAAAAAAAArzqwoqdRNyy8t4gIAUEsDBBQAAAAAAAAAIVCAjKUfAgAAAAIAAAAOAAAAdG9wL2lnbm9yZWQubWQjClBLAQIUAxQAAAAAAAAAIVA3ZBgqDgAAAA4AAAAJAAAAAAAAAAAAAACkgQAAAAB0b3AvYS50eHRQSwECFAMUAAAACAAAACFQAmutIQ8AAADoAwAADgAAAAAAAAAAAAAApIE1AAAAdG9wL2RlZXAvYi50eHRQSwECLQMtAAAACAAAACFQeurHWg0AAAALAAAACwAAAAAAAAAAAAAApIFwAAAAdG9wL2M2NC50eHRQSwECFAMUAAAAAAAAACFQgIylHwIAAAACAAAADgAAAAAAAAAAAAAApIG6AAAAdG9wL2lnbm9yZWQubWRQSwUGAAAAAAQABADoAAAA6AAAAAAA";
const PYTHON_FILES = [
  { path: "files/a.txt", bytes: 14, sha256: "ef5b05a961b4c934b17999593e4b7253614d6c99d26d6e50b843e546d79e57e5" },
  { path: "files/b.txt", bytes: 1000, sha256: "980c416e4ced532385009b3c0536c07bef8b3bef4edeecb9e64156d994a56e1a" },
  { path: "files/c64.txt", bytes: 11, sha256: "157cca0e105528c1ec61da7b7d63c32de1596dc3aa78b389c0a19e0bda2dfa1e" },
];

async function unpacked(zip: Uint8Array, options: Partial<UnpackOptions> = {}) {
  const folder = temporaryFolder();
  const archive = path.join(temporaryFolder(), "a.zip");
  writeFileSync(archive, zip);
  const files = unpackZip(archive, folder, {
    place: (entry) => (entry.endsWith(".txt") ? `files/${path.basename(entry)}` : undefined),
    maxEntryBytes: 10_000,
    maxUnpackedBytes: 20_000,
    ...options,
  });
  return { folder, files };
}

const a = (more: Partial<ZipEntry> = {}): ZipEntry => ({ name: "top/a.txt", content: "one two three\n", ...more });

describe("unpackZip", () => {
  it("puts wanted entries into their places, stored, deflated and ZIP64", async () => {
    const seen: number[][] = [];
    const { folder, files } = await unpacked(Buffer.from(PYTHON_ZIP, "base64"), {
      onProgress: (...done) => seen.push(done),
    });
    expect(await files).toEqual(PYTHON_FILES);
    expect(readFileSync(path.join(folder, "files/b.txt"), "utf8")).toBe("four ".repeat(200));
    expect(readdirSync(path.join(folder, "files"))).toHaveLength(3);
    expect(seen).toEqual([
      [14, 1025],
      [1014, 1025],
      [1025, 1025],
    ]);
  });

  it.each<[string, ZipEntry[], RegExp]>([
    ["a wrong checksum", [a({ states: { crc: 1 } })], /top\/a.txt has another checksum/],
    [
      "more content than stated",
      [a({ content: "x".repeat(5000), deflate: true, states: { bytes: 4000 } })],
      /too many bytes/,
    ],
    [
      "less content than stated",
      [a({ content: "x".repeat(500), deflate: true, states: { bytes: 4000 } })],
      /not enough bytes/,
    ],
    ["a damaged stream", [a({ content: "x\u00fe\u00ff".repeat(9), states: { method: 8 } })], /top\/a.txt: /],
    ["a path that leads out", [a(), { name: "../../a.txt", content: "" }], /invalid relative path/],
    ["a path that leads out, with backslashes", [{ name: "..\\..\\a.txt", content: "" }], /invalid relative path/],
    ["a path from the root", [{ name: "/etc/a.txt", content: "" }], /absolute path/],
    ["a path with a drive", [{ name: "C:\\a.txt", content: "" }], /absolute path/],
    ["a symbolic link", [a({ content: "/etc/passwd", mode: 0o120777 })], /a.txt is no ordinary file/],
    ["an encrypted entry", [a({ deflate: true, states: { flags: 1 } })], /a.txt is encrypted/],
    ["an unknown way of packing", [a({ states: { method: 12 } })], /packed with method 12/],
    ["an entry that is too big", [a({ content: "x".repeat(10_001), deflate: true })], /would unpack to 10001 bytes/],
    [
      "entries that are too big together",
      ["a", "b", "c"].map((name) => ({ name: `${name}.txt`, content: "x".repeat(9000), deflate: true })),
      /would unpack to more than 20000 bytes/,
    ],
    ["two files for one place", [a(), { name: "other/a.txt", content: "four" }], /different files for the same place/],
  ])("refuses %s", async (_, entries, message) => {
    const { files } = await unpacked(zipOf(entries));
    await expect(files).rejects.toThrow(DamagedArchive);
    await expect(files).rejects.toThrow(message);
  });

  it("looks at all entries before it writes the first", async () => {
    const { folder, files } = await unpacked(zipOf([a(), { name: "b.txt", content: "x", mode: 0o120777 }]));
    await expect(files).rejects.toThrow("no ordinary file");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("unpacks once what an archive carries twice", async () => {
    const { files } = await unpacked(zipOf([a(), a({ name: "copy/a.txt" })]));
    expect(await files).toEqual([PYTHON_FILES[0]]);
  });

  it("does not mind what it does not unpack", async () => {
    const big = { name: "big.md", content: "x".repeat(50_000), deflate: true, states: { crc: 1 } };
    expect(await (await unpacked(zipOf([big, a()]))).files).toHaveLength(1);
  });

  it.each([
    ["cut off", (zip: Buffer) => zip.subarray(0, zip.length - 100)],
    ["cut off at its beginning", (zip: Buffer) => zip.subarray(100)],
    ["text", () => Buffer.from("not a zip file at all, but long enough to be one")],
    ["empty", () => Buffer.alloc(0)],
  ])("refuses a file that is %s", async (_, change) => {
    const { files } = await unpacked(change(Buffer.from(PYTHON_ZIP, "base64")));
    await expect(files).rejects.toThrow(DamagedArchive);
  });

  it("survives any damaged byte: the content is right, or the archive is refused", async () => {
    const zip = Buffer.from(PYTHON_ZIP, "base64");
    for (let at = 0; at < zip.length; at += 5) {
      const damaged = Buffer.from(zip);
      damaged[at]! ^= 0x55;
      const { files } = await unpacked(damaged);
      const result = await files.catch((error) => error);
      if (result instanceof DamagedArchive) continue;
      for (const { path: place, sha256 } of result) {
        const right = PYTHON_FILES.find((one) => one.path === place);
        if (right) expect([at, sha256]).toEqual([at, right.sha256]);
      }
    }
  });

  it("stops when asked to", async () => {
    const stop = new AbortController();
    const { files } = await unpacked(Buffer.from(PYTHON_ZIP, "base64"), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(files).rejects.toThrow(Stopped);
  });
});
