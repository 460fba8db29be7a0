import { createHash } from "node:crypto";
import { statfsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { download } from "../../../src/datasets/fetch/download.js";
import { temporaryFolder } from "../sprsound/layoutFixture.js";
import { FileServer } from "./fileServer.js";

const MEGABYTE = Buffer.from(Uint8Array.from({ length: 2 ** 20 }, (_, index) => (index * 2654435761) >>> 24));
const COUNT = 400;

describe("a large download", () => {
  it.skipIf(statfsSync("/tmp").bavail * statfsSync("/tmp").bsize < 2e9)(
    "of 400 MB takes no more memory than a small one",
    async () => {
      const server = await FileServer.start();
      const address = server.on("/large", async (response) => {
        response.writeHead(200, { "content-length": COUNT * MEGABYTE.length, etag: '"v1"' });
        for (let sent = 0; sent < COUNT; sent++) {
          if (!response.write(MEGABYTE)) await new Promise((ready) => response.once("drain", ready));
        }
        response.end();
      });
      const before = process.memoryUsage().rss;
      let most = 0;
      const result = await download({ name: "large", addresses: [address], maxBytes: 1e9 }, temporaryFolder(), {
        onProgress: () => {
          most = Math.max(most, process.memoryUsage().rss);
        },
      });
      const hash = createHash("sha256");
      for (let sent = 0; sent < COUNT; sent++) hash.update(MEGABYTE);
      expect(result).toMatchObject({ bytes: COUNT * MEGABYTE.length, sha256: hash.digest("hex") });
      // Server and client in one process, with their buffers and what was not collected yet; a whole copy would be 400 MB.
      expect(most - before).toBeLessThan(150e6);
    },
  );
});
