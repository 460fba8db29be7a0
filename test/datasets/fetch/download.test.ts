import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type DownloadOptions, discard, download } from "../../../src/datasets/fetch/download.js";
import { Stopped, Unavailable } from "../../../src/datasets/fetch/failures.js";
import { temporaryFolder } from "../sprsound/layoutFixture.js";
import { type Answer, breaksOff, dropWhenReceived, FileServer, file, status, webPage } from "./fileServer.js";

/** Content in which every place differs from every other version's. */
const contentOf = (version: number, bytes = 200_000) =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_, index) => (index * 31 + (index >> 8) * version + version) & 255));
const A = contentOf(1);
const B = contentOf(2);

/** Downloads `/file.bin` of a server that answers so. */
async function fetched(answers: Answer[], options: DownloadOptions & { maxBytes?: number; folder?: string } = {}) {
  const server = await FileServer.start();
  const address = server.on("/file.bin", ...answers);
  const { maxBytes = 1e6, folder = temporaryFolder(), ...rest } = options;
  const said: string[] = [];
  const get = () =>
    download({ name: "file.bin", addresses: [address], maxBytes }, folder, {
      retryMs: [0, 0, 0],
      say: (message) => said.push(message),
      onProgress: server.onProgress,
      ...rest,
    });
  return { server, folder, said, get, part: path.join(folder, "file.bin.part") };
}

describe("download", () => {
  it("brings a file with its digest, its version and its progress", async () => {
    const seen: (number | undefined)[][] = [];
    const { get, folder, part } = await fetched(
      [file(A, { etag: '"x"', "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" })],
      {
        onProgress: (done, total) => seen.push([done, total]),
      },
    );
    const result = await get();
    expect(result).toMatchObject({
      path: path.join(folder, "file.bin"),
      bytes: A.length,
      sha256: createHash("sha256").update(A).digest("hex"),
      etag: '"x"',
      lastModified: "Mon, 01 Jan 2024 00:00:00 GMT",
      ours: true,
    });
    expect(readFileSync(result.path).equals(A)).toBe(true);
    expect(seen.at(-1)).toEqual([A.length, A.length]);
    expect(existsSync(part)).toBe(false);
  });

  it("does not ask again for a file that came whole, until it is discarded", async () => {
    const { get, server } = await fetched([file(A)]);
    const first = await get();
    expect(await get()).toEqual(first);
    expect(server.asked).toHaveLength(1);
    discard(first);
    await get();
    expect(server.ranges()).toEqual([undefined, undefined]);
  });

  it("goes on where the connection broke off, with If-Range", async () => {
    const { get, server, said } = await fetched([breaksOff(A, 70_000), file(A)]);
    expect(readFileSync((await get()).path).equals(A)).toBe(true);
    expect(server.ranges()).toEqual([undefined, "bytes=70000-"]);
    expect(server.asked[1]!.headers["if-range"]).toBe('"v1"');
    expect(said.join()).toMatch(/dropped|other side closed|terminated/);
  });

  it("goes on after more broken connections than it has tries, as long as each brings something", async () => {
    const pieces = Array.from({ length: 9 }, (_, index): Answer => {
      if (index === 0) return breaksOff(A, 10_000);
      return (response, _, server) => {
        const from = index * 10_000;
        const range = `bytes ${from}-${A.length - 1}/${A.length}`;
        response.writeHead(206, { "content-range": range, "content-length": A.length - from, etag: '"v1"' });
        response.write(A.subarray(from, from + 10_000));
        dropWhenReceived(response, server, from + 10_000);
      };
    });
    const { get, server } = await fetched([...pieces, file(A)]);
    expect(readFileSync((await get()).path).equals(A)).toBe(true);
    expect(server.asked).toHaveLength(10);
  });

  it("begins again when the server has another file now, and says so", async () => {
    const { get, server, said } = await fetched([breaksOff(A, 70_000), file(B, { etag: '"v2"' })]);
    expect(readFileSync((await get()).path).equals(B)).toBe(true);
    expect(server.asked).toHaveLength(2);
    expect(said.join()).toContain("another one now");
  });

  it("never joins two files, not even when a server answers 206 for another one", async () => {
    const careless: Answer = (response) => {
      const range = `bytes 70000-${B.length - 1}/${B.length}`;
      response.writeHead(206, { "content-range": range, etag: '"v2"' }).end(B.subarray(70_000));
    };
    const { get, server, said } = await fetched([breaksOff(A, 70_000), careless, file(B, { etag: '"v2"' })]);
    expect(readFileSync((await get()).path).equals(B)).toBe(true);
    expect(server.ranges()).toEqual([undefined, "bytes=70000-", undefined]);
    expect(said.join()).toContain("another file is on the server now");
  });

  it.each([
    ["begins elsewhere", { "content-range": `bytes 0-${A.length - 1}/${A.length}` }],
    ["does not say where it begins", {}],
    ["is of a file of another length", { "content-range": "bytes 70000-299999/300000" }],
  ])("begins again on a 206 answer that %s", async (_, headers) => {
    const odd: Answer = (response) => response.writeHead(206, { etag: '"v1"', ...headers }).end(A);
    const { get } = await fetched([breaksOff(A, 70_000), odd, file(A)]);
    expect(readFileSync((await get()).path).equals(A)).toBe(true);
  });

  it("takes a whole answer to a request for the rest", async () => {
    const whole: Answer = (response) => response.writeHead(200, { "content-length": A.length, etag: '"v1"' }).end(A);
    const { get, server } = await fetched([breaksOff(A, 70_000), whole]);
    expect(readFileSync((await get()).path).equals(A)).toBe(true);
    expect(server.asked).toHaveLength(2);
  });

  it.each([
    ["no version", {}],
    ["a weak ETag only", { etag: 'W/"v1"' }],
  ])("begins again where the server names %s", async (_, version) => {
    const { get, server } = await fetched([breaksOff(A, 70_000, version), file(A, version)]);
    expect(readFileSync((await get()).path).equals(A)).toBe(true);
    expect(server.ranges()).toEqual([undefined, undefined]);
  });

  it("goes on by the date where there is no strong ETag", async () => {
    const version = { etag: 'W/"v1"', "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" };
    const { get, server } = await fetched([breaksOff(A, 70_000, version), file(A, version)]);
    await get();
    expect(server.asked[1]!.headers).toMatchObject({ range: "bytes=70000-", "if-range": version["last-modified"] });
  });

  it("takes what came for the whole where the server stated more than it has (416)", async () => {
    const lying: Answer = (response, _, server) => {
      response.writeHead(200, { "content-length": A.length + 5000, etag: '"v1"' });
      response.write(A);
      dropWhenReceived(response, server, A.length);
    };
    const { get, server } = await fetched([lying, file(A)]);
    expect((await get()).bytes).toBe(A.length);
    expect(server.ranges()).toEqual([undefined, `bytes=${A.length}-`]);
  });

  it("begins again when the server has less than what came (416)", async () => {
    const short = contentOf(3, 50_000);
    const { get } = await fetched([
      breaksOff(A, 70_000),
      (response) => response.writeHead(416, { "content-range": "bytes */50000" }).end(),
      file(short),
    ]);
    expect(readFileSync((await get()).path).equals(short)).toBe(true);
  });

  it("gives up on a server that always states more than it sends, and keeps what came", async () => {
    const lying: Answer = (response, _, server) => {
      response.writeHead(200, { "content-length": A.length + 5000 });
      response.write(A);
      dropWhenReceived(response, server, A.length);
    };
    const { get, part } = await fetched([lying]);
    await expect(get()).rejects.toThrow(/4 times without progress.*200000 bytes that came are kept/);
    expect(statSync(part).size).toBe(A.length);
  });

  it.each([
    ["with its type", webPage],
    [
      "as plain text",
      ((response) => response.writeHead(200, { "content-type": "text/plain" }).end("\n<html><body>")) as Answer,
    ],
  ])("refuses a web page %s", async (_, answer) => {
    const { get, server } = await fetched([answer]);
    await expect(get()).rejects.toThrow("web page instead of the file");
    expect(server.asked).toHaveLength(1);
  });

  it("keeps what came when a web page comes in between", async () => {
    const { get, part, server } = await fetched([breaksOff(A, 70_000), webPage, file(A)]);
    await expect(get()).rejects.toThrow("web page");
    expect(statSync(part).size).toBe(70_000);
    expect(readFileSync((await get()).path).equals(A)).toBe(true);
    expect(server.ranges().at(-1)).toBe("bytes=70000-");
  });

  it("tries again on 500, 503 and 429, not on 404", async () => {
    const { get, server } = await fetched([status(500), status(503, { "retry-after": "0" }), status(429), file(A)]);
    await get();
    expect(server.asked).toHaveLength(4);
    const gone = await fetched([status(404)]);
    await expect(gone.get()).rejects.toThrow("the server answered 404 Not Found");
    expect(gone.server.asked).toHaveLength(1);
    const broken = await fetched([status(500)]);
    await expect(broken.get()).rejects.toThrow("500 Internal Server Error (4 times)");
    expect(broken.server.asked).toHaveLength(4);
  });

  it("goes to the next address and says why; names all when none gives the file", async () => {
    const server = await FileServer.start();
    const addresses = [server.on("/gone"), server.on("/page", webPage), server.on("/good", file(A))];
    const said: string[] = [];
    const options = { retryMs: [], say: (message: string) => said.push(message) };
    const result = await download({ name: "a", addresses, maxBytes: 1e6 }, temporaryFolder(), options);
    expect(result.address).toBe(addresses[2]);
    expect(said).toHaveLength(2);
    const none = download({ name: "a", addresses: addresses.slice(0, 2), maxBytes: 1e6 }, temporaryFolder(), options);
    await expect(none).rejects.toThrow(Unavailable);
    await expect(none).rejects.toThrow(/a could not be had:\n {2}http.*\/gone: .*404.*\n {2}http.*\/page: .*web page/);
  });

  it("does not go on from what came from another address", async () => {
    const server = await FileServer.start();
    const folder = temporaryFolder();
    const [one, two] = [server.on("/one", breaksOff(A, 70_000)), server.on("/two", file(B))];
    const { onProgress } = server;
    const first = download({ name: "a", addresses: [one], maxBytes: 1e6 }, folder, { retryMs: [], onProgress });
    await expect(first).rejects.toThrow("kept");
    const result = await download({ name: "a", addresses: [two], maxBytes: 1e6 }, folder, { retryMs: [] });
    expect(readFileSync(result.path).equals(B)).toBe(true);
    expect(server.ranges()).toEqual([undefined, undefined]);
  });

  it("follows redirections, but not in a circle", async () => {
    const server = await FileServer.start();
    const address = server.on("/old", status(302, { location: "/new" }));
    server.on("/new", status(308, { location: "/newest" }));
    server.on("/newest", breaksOff(A, 70_000), file(A));
    const result = await download({ name: "a", addresses: [address], maxBytes: 1e6 }, temporaryFolder(), {
      retryMs: [0],
      onProgress: server.onProgress,
    });
    expect(readFileSync(result.path).equals(A)).toBe(true);
    expect(server.asked.map((asked) => asked.path)).toEqual(["/old", "/new", "/newest", "/old", "/new", "/newest"]);
    expect(server.ranges().at(-1)).toBe("bytes=70000-");
    const circle = server.on("/circle", status(302, { location: "/circle" }));
    const round = download({ name: "b", addresses: [circle], maxBytes: 1e6 }, temporaryFolder(), { retryMs: [0] });
    await expect(round).rejects.toThrow("redirect count exceeded");
  });

  it("goes on when nothing comes any more", async () => {
    const hangs: Answer = (response) => {
      response.writeHead(200, { "content-length": A.length, etag: '"v1"' });
      response.write(A.subarray(0, 70_000));
    };
    const { get, server, said } = await fetched([hangs, file(A)], { stallMs: 200 });
    expect(readFileSync((await get()).path).equals(A)).toBe(true);
    expect(server.ranges()).toEqual([undefined, "bytes=70000-"]);
    expect(said.join()).toContain("nothing came for");
  });

  it("stops a server that sends more than the file can have", async () => {
    const endless: Answer = (response) => {
      response.writeHead(200, { etag: '"v1"' });
      const more = () => {
        while (!response.destroyed && response.write(A));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    };
    const { get, part } = await fetched([endless], { maxBytes: 500_000 });
    await expect(get()).rejects.toThrow("more than 500000 bytes");
    expect(statSync(part).size).toBeLessThanOrEqual(500_000);
    const stated = await fetched([file(A)], { maxBytes: 1000 });
    await expect(stated.get()).rejects.toThrow("more than 1000 bytes");
    expect(existsSync(stated.part)).toBe(false);
  });

  it("stops when asked to, keeps what came, and the next call goes on", async () => {
    const stop = new AbortController();
    const slow: Answer = (response) => {
      response.writeHead(200, { "content-length": A.length, etag: '"v1"' });
      response.write(A.subarray(0, 70_000));
    };
    const { get, folder, server } = await fetched([slow, file(A)], {
      signal: stop.signal,
      onProgress: (done) => done === 70_000 && stop.abort(),
    });
    await expect(get()).rejects.toThrow(Stopped);
    const again = await download(
      { name: "file.bin", addresses: [`${server.address}/file.bin`], maxBytes: 1e6 },
      folder,
      {},
    );
    expect(readFileSync(again.path).equals(A)).toBe(true);
    expect(server.ranges()).toEqual([undefined, "bytes=70000-"]);
  });

  it("stops while it waits for the next try", async () => {
    const stop = new AbortController();
    const { get } = await fetched([status(500)], {
      signal: stop.signal,
      retryMs: [3_600_000],
      say: () => setImmediate(() => stop.abort()),
    });
    await expect(get()).rejects.toThrow(Stopped);
  });

  it("begins again where the note of what came is damaged", async () => {
    const { get, part, server } = await fetched([file(A)]);
    writeFileSync(part, B.subarray(0, 5000));
    writeFileSync(`${part}.json`, "{");
    expect(readFileSync((await get()).path).equals(A)).toBe(true);
    expect(server.ranges()).toEqual([undefined]);
  });

  it("reads a file of this machine in its place", async () => {
    const folder = temporaryFolder();
    const place = path.join(folder, "with space.bin");
    writeFileSync(place, A);
    for (const address of [place, `file://${encodeURI(place)}`]) {
      const result = await download({ name: "file.bin", addresses: [address], maxBytes: 1e6 }, temporaryFolder());
      expect(result).toMatchObject({ path: place, bytes: A.length, ours: false });
      discard(result);
      expect(existsSync(place)).toBe(true);
    }
    const none = download({ name: "a", addresses: [path.join(folder, "none")], maxBytes: 1 }, temporaryFolder());
    await expect(none).rejects.toThrow("there is no such file");
  });

  it("undoes a content encoding that it did not ask for", async () => {
    const packed = gzipSync(A);
    const { get } = await fetched([
      (response) =>
        response
          .writeHead(200, { "content-encoding": "gzip", "content-length": packed.length, etag: '"v1"' })
          .end(packed),
    ]);
    expect(readFileSync((await get()).path).equals(A)).toBe(true);
  });

  it("refuses an empty answer, and a host where nothing answers", async () => {
    await expect((await fetched([file(Buffer.alloc(0))])).get()).rejects.toThrow("empty file");
    const port = await closedPort();
    const none = download({ name: "a", addresses: [`http://127.0.0.1:${port}/a`], maxBytes: 1 }, temporaryFolder(), {
      retryMs: [0],
    });
    await expect(none).rejects.toThrow("the connection was refused (ECONNREFUSED) (2 times)");
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
